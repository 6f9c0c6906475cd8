"""Backups that can be restored anywhere.

MariaDB writes with each trigger in a dump the account that made it, and lets nobody create one in another's name: a backup of
this site would break off in the middle when restored on a site whose database user is called otherwise. So backups leave
triggers out; the next migrate makes them anew, and until then the health of the log names them as missing.
"""

from functools import wraps

import frappe
import frappe.database


def install() -> None:
	"""Once in each process."""
	if not hasattr(frappe.database.get_command, "govcrm_guard"):
		frappe.database.get_command = _portable(frappe.database.get_command)


def _portable(get_command):
	@wraps(get_command)
	def command(*args, dump=False, **kwargs):
		program, options, name = get_command(*args, dump=dump, **kwargs)
		if dump and frappe.conf.db_type not in ("postgres", "sqlite"):
			options = [options[0], "--skip-triggers", *options[1:]]
		return program, options, name

	command.govcrm_guard = True
	return command
