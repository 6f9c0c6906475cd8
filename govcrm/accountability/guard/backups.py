"""Backups that can be restored anywhere.

MariaDB writes with each trigger in a dump the account that made it, and lets nobody create one in another's name: a backup of
this site would break off in the middle when restored on a site whose database user is called otherwise. So backups leave
triggers out; the next migrate makes them anew, and until then the health of the log names them as missing.
"""

from collections.abc import Callable

import frappe
import frappe.database

from govcrm.wrapping import wrap


def install() -> None:
	wrap(frappe.database, "get_command", portable)


def portable(get_command: Callable) -> Callable:
	"""Gives the same program and options, and for a dump of MariaDB one option more."""

	def command(*args, dump: bool = False, **kwargs):
		program, options, name = get_command(*args, dump=dump, **kwargs)
		if dump and frappe.conf.db_type not in ("postgres", "sqlite"):
			options = [options[0], "--skip-triggers", *options[1:]]
		return program, options, name

	return command
