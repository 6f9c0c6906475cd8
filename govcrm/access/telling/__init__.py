"""Who is told of a record without asking for it: notices, mails, digests, sockets, what a form brings along, shares.

Frappe checks whoever opens a record, and tells whom it is told to tell. Here everybody is checked against the access rule
at the moment they would be told, for records of the scoped DocTypes and for what hangs on them. Functions of Frappe are
wrapped once in each process; on sites of the bench without this app they do what they did.
"""

from govcrm.access.telling import digests, forms, naming, shares, sockets


def install() -> None:
	"""Hook `before_request` and `before_job`."""
	digests.install()
	forms.install()
	naming.install()
	shares.install()
	sockets.install()
