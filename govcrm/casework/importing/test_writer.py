"""Rows written by one statement hold what was given."""

import frappe

from govcrm.casework.importing import writer
from govcrm.tests import GovCRMTestCase

AWKWARD = 'It\'s 100 % "so", \\ back\\slashed\\, `ticked`; -- ? %s %(name)s \n\r\t é ß 漢 🕳 '


class TestTexts(GovCRMTestCase):
	def test_short_and_long_texts_are_read_as_they_were_written(self):
		plain = AWKWARD.replace("'", "").replace("\\", "")
		texts = [AWKWARD, AWKWARD * 40, plain, plain * 40, "0x41", "x" * writer.LONG, "'" * (writer.LONG + 1)]
		texts += ["\\", "'", "x\\", "\x1a", "\r\n", '"']
		rows = [(frappe.generate_hash(length=10), text) for text in texts]
		writer.insert_many("Error Log", ("name", "error"), rows)
		for name, text in rows:
			self.assertEqual(frappe.db.get_value("Error Log", name, "error"), text)
