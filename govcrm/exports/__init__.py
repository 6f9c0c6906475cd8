"""What leaves the site as a file for spreadsheets: no formulas in it, no column that its reader may not read, nobody else's rows.

Frappe writes every such file with one of three writers, and reads it back with one reader. They are wrapped here, once in each
process, rather than each of the endpoints that end in them: there are nine in Frappe, reports by mail and jobs among them, and
other apps have theirs. On sites of the bench without this app the wrapped ones do what they did.
"""

from govcrm.exports import askers, columns, mailed, writers


def install() -> None:
	"""Hook `before_request` and `before_job`."""
	writers.install()
	columns.install()
	askers.install()
	mailed.install()
