"""Fields above a user's level in the rows of a new record, as `/api/resource` and `frappe.client.insert` take it."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_worker

NUMBER = "617-555-0123"


class TestLevels(AskingTestCase):
	"""Of an agency that shows contact points to all, and which is best to a few."""

	LEVELS = {
		"Citizen": {"contact_points": 0, "first_name": 0, "last_name": 0},
		"Citizen Contact Point": {"value": 0, "preferred": 1},
	}

	def setUp(self) -> None:
		super().setUp()
		for doctype, fields in self.LEVELS.items():
			self.addCleanup(frappe.clear_cache, doctype=doctype)
			for field, level in fields.items():
				make_property_setter(doctype, field, "permlevel", level, "Int")
		frappe.permissions.setup_custom_perms("Citizen")
		make_worker(BOB, "Water")

	def without_level_one(self) -> None:
		frappe.db.delete("Custom DocPerm", {"parent": "Citizen", "permlevel": 1})
		frappe.clear_cache(doctype="Citizen")

	def inserted(self) -> int:
		"""What the row of the new citizen has in the field of level 1."""
		frappe.set_user(BOB)
		rows = [{"channel": "Phone", "value": "617-555-0123", "preferred": 1}]
		values = {"citizen_type": "Person", "first_name": "Ada", "last_name": "Moss", "contact_points": rows}
		answer = self.ask("/api/resource/Citizen", "POST", **values)
		self.assertEqual(answer.status, 200, answer)
		return frappe.db.get_value("Citizen Contact Point", {"parent": answer.message["name"]}, "preferred")

	def test_who_may_write_them_writes_them(self) -> None:
		self.assertEqual(self.inserted(), 1)

	def test_who_may_not_write_them_writes_none_on_insert(self) -> None:
		self.without_level_one()
		self.assertFalse(self.inserted())
