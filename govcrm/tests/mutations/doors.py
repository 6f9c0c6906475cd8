"""The doors, each with what shuts it and the test that is named after it: one table, from which docs/doors.md is written.

Numbers are those of the list of Frappe's doors that the app was built against; each has a file in `table`. A door without
closing is shut by what is no function of ours; `how` says by what, and its test holds it.
"""

from govcrm.tests.mutations.table.interface import INTERFACE
from govcrm.tests.mutations.table.people import PEOPLE
from govcrm.tests.mutations.table.requests import REQUESTS
from govcrm.tests.mutations.table.results import RESULTS
from govcrm.tests.mutations.table.rows import ROWS
from govcrm.tests.mutations.table.searches import SEARCHES
from govcrm.tests.mutations.table.stored import STORED
from govcrm.tests.mutations.table.texts import TEXTS

DOORS = (*INTERFACE, *REQUESTS, *SEARCHES, *ROWS, *STORED, *RESULTS, *TEXTS, *PEOPLE)
# What is no door of a request, or stays as Frappe has it, and why.
LEFT = {
	"1.1": (
		(
			"raw reads in our own code",
			"No function of ours to switch off. Each endpoint has tests of its own.",
		),
	),
	"1.6": (
		(
			"a form that was open when access was lost",
			"Its page hears when the record was last changed, and nothing else, until it is closed.",
		),
		(
			"a digest of followed records that was queued when access was lost",
			"It is sent. What it tells is asked about when the mail is made, which is minutes before.",
		),
		(
			"mail that a person writes to somebody by hand",
			"It goes to whom they address; who sent it, and the mail, stay on the record and in the audit log.",
		),
	),
}
