"""The table of doors holds together: what it names is there, and docs/doors.md says the same."""

import importlib
from pathlib import Path

from govcrm.access.satellites.references import satellites
from govcrm.tests import GovCRMTestCase
from govcrm.tests.mutations import listing, switches
from govcrm.tests.mutations.doors import DOORS, LEFT
from govcrm.tests.mutations.switch import VARIABLE
from govcrm.tests.mutations.table.rows import SATELLITES

PACKAGE = Path(__file__).resolve().parents[1]
DOCUMENT = PACKAGE.parent / "docs" / "doors.md"


class TestDoors(GovCRMTestCase):
	def test_every_test_that_is_named_is_there(self) -> None:
		for door in DOORS:
			file, group, name = door.test.split("::")
			module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
			self.assertTrue(callable(getattr(getattr(module, group), name)), door)

	def test_every_closing_that_is_named_is_there(self) -> None:
		for door in DOORS:
			for switch in door.closing:
				holder, name = switches.found(switch.path)
				if isinstance(switch, switches.Without):
					self.assertIn(switch.key, getattr(holder, name))
				if isinstance(switch, switches.Unhooked):
					self.assertTrue(switch.is_ours(), door.name)

	def test_doors_have_names_of_their_own(self) -> None:
		names = [door.name for door in DOORS]
		self.assertEqual(len(names), len(set(names)))

	def test_the_document_tells_of_every_door(self) -> None:
		text = DOCUMENT.read_text()
		self.assertEqual(text, listing.written(text), "python -m govcrm.tests.mutations --write")
		self.assertEqual({door.number for door in DOORS} | set(LEFT), set(listing.PARTS))

	def test_tables_that_have_doors_are_those_that_obey_the_rule(self) -> None:
		self.assertEqual(set(SATELLITES) - set(satellites()), set())

	def test_no_code_that_runs_knows_of_the_switch(self) -> None:
		knowing = [path for path in PACKAGE.rglob("*.py") if VARIABLE in path.read_text()]
		self.assertEqual({path.parent.name for path in knowing}, {"mutations"})
