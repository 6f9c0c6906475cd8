"""Commands of `bench`. Frappe finds the list `commands`."""

import os
import sys
import time
from functools import wraps
from pathlib import Path

import click
import frappe
from frappe.commands import get_site, pass_context, utils

from govcrm.accountability.commands import commands as audit_commands
from govcrm.accountability.guard import backups, statements
from govcrm.accountability.trail import capture

# No hook comes before the first statement of a command (migrate, execute, console, …), but Frappe imports this module.
statements.install()
capture.install()
backups.install()


@click.command("govcrm-import")
@click.argument("file")
@click.option("--mapping", required=True, help="Name of a Request Import Mapping, such as 'Boston 311'.")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many rows.")
@click.option(
	"--batch", type=click.IntRange(1, 10_000), default=2000, show_default=True, help="Rows a transaction."
)
@click.option(
	"--errors", type=click.Path(dir_okay=False), help="With --dry-run: write refused rows to this CSV file."
)
@click.option("--one-by-one", is_flag=True, help="Make every record by its controller; slow, for comparison.")
@pass_context
def govcrm_import(context, file, mapping, dry_run, limit, batch, errors, one_by_one):
	"""Import service requests with their history from a CSV FILE.

	An import of the same file that was stopped is gone on with. Requests already here are passed over.
	"""
	path = find_file(file)
	with frappe.init_site(get_site(context)):
		frappe.connect()
		try:
			import_file(
				path, mapping, dry_run=dry_run, errors=errors, limit=limit, batch=batch, bulk=not one_by_one
			)
		finally:
			frappe.destroy()


def with_exports(command: click.Command) -> None:
	"""A command of Frappe's that writes or reads files for spreadsheets does it as requests and jobs do: without formulas."""
	run = command.callback

	@wraps(run)
	def callback(*args, **kwargs):
		from govcrm import exports  # not for each command that bench is asked for

		exports.install()
		return run(*args, **kwargs)

	command.callback = callback


def import_file(path: Path, mapping: str, *, dry_run: bool, errors: str | None, **options) -> None:
	from govcrm.casework.importing import ImportRefused, jobs

	began = time.monotonic()
	frappe.db.rollback()  # SQLite: begin a transaction, without which there is no savepoint
	target = invoked_from(errors) if errors else None
	try:
		run = jobs.run_file(path, mapping, dry_run=dry_run, errors=target, watch=show, **options)
	except ImportRefused as refusal:
		raise click.ClickException(frappe.utils.strip_html(str(refusal)))
	report(run, time.monotonic() - began)


def show(tally) -> None:
	if sys.stdout.isatty():
		click.echo(f"\r{tally.rows_read:,} / {tally.rows_total:,}", nl=tally.rows_read >= tally.rows_total)


def report(run, seconds: float) -> None:
	from govcrm.casework.importing import jobs

	click.echo(f"{jobs.summary(run)} {seconds:.1f} s, {run.tally.rows_read / seconds:,.0f} rows/s.")
	for line in run.errors.sample:
		click.echo("  ".join(filter(None, map(str, line))), err=True)
	if run.errors.path and run.errors.size:
		click.echo(f"Refused rows: {run.errors.path.resolve()}", err=True)


def find_file(given: str) -> Path:
	"""A relative path is meant from where the user stands; bench itself works in its sites directory."""
	for path in (invoked_from(given), Path(given), Path("..", given)):
		if path.is_file():
			return path
	raise click.BadParameter(f"There is no file {given}.")


def invoked_from(given: str) -> Path:
	return Path(os.environ.get("PWD", "."), given)


for command in (utils.export_csv, utils.data_import):
	with_exports(command)
commands = [govcrm_import, *audit_commands]
