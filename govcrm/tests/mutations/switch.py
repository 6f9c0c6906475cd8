"""The variable that opens one door in a process of tests. Read here, and nowhere in the app."""

import os

from govcrm.tests.mutations.doors import DOORS

VARIABLE = "GOVCRM_SWITCHED_OFF"


def open_door() -> None:
	"""Once the site is connected, and before anything of the app is used."""
	if name := os.environ.get(VARIABLE):
		for closing in next(door for door in DOORS if door.name == name).closing:
			closing.off()
