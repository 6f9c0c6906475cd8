"""Every method that can be called on this site has been read and stands in one class."""

import frappe

from govcrm.gate import functions, inventory, methods
from govcrm.gate.asked import ABOUT, LIST, NEW, RECORD
from govcrm.tests import GovCRMTestCase

# Names by which methods are called that stand for no function, or for one that is not whitelisted.
NO_FUNCTIONS = {LIST, RECORD, NEW, ABOUT, "login"}
READ = {"frappe", "erpnext", "govcrm"}  # apps whose methods were read; those of others stay closed


class TestInventory(GovCRMTestCase):
	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.found = {name for name in inventory.callable_methods() if name.split(".")[0] in READ}

	def test_every_method_is_classified(self) -> None:
		overrides = frappe.get_hooks("override_whitelisted_methods")
		unread = {
			name
			for name in self.found - methods.known() - methods.turned_back() - methods.CLOSED
			if not functions.is_own(name) and name not in overrides
		}
		advice = (
			"These methods are new. Read each: if it asks for the right to the records it is told of, it goes into "
			"govcrm/gate/methods.py; if it takes no DocType, into govcrm/gate/lists/free.txt; if it asks for too little, "
			"into CHECKED or an override; else, or when in doubt, into govcrm/gate/lists/turned_back_*.txt."
		)
		self.assertFalse(unread, f"{advice}\n" + "\n".join(sorted(unread)))

	def test_no_method_is_in_two_classes(self) -> None:
		self.assertFalse(methods.turned_back() & methods.known())

	def test_a_method_is_known_by_the_name_under_which_it_is_defined(self) -> None:
		for name in methods.known() - NO_FUNCTIONS:
			found = functions.own_name(name)
			self.assertFalse(found in self.found - methods.known(), f"{name} is {found}")

	def test_what_we_answer_in_frappes_place_has_its_name(self) -> None:
		for name, replaced_by in frappe.get_hooks("override_whitelisted_methods").items():
			if functions.is_own(replaced_by[-1]):
				self.assertIn(functions.own_name(replaced_by[-1]), self.found)
				self.assertTrue(functions.is_own(functions.override(functions.own_name(name))), name)
