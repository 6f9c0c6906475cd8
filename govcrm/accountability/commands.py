"""Commands of `bench` for the audit log."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import frappe
from frappe.commands import get_site, pass_context

from govcrm.accountability import folder


@contextmanager
def connected(context) -> Iterator[None]:
	with frappe.init_site(get_site(context)):
		frappe.connect()
		frappe.db.rollback()  # SQLite: begin a transaction
		try:
			yield
		except frappe.ValidationError as error:
			raise click.ClickException(frappe.utils.strip_html(str(error)))
		finally:
			frappe.destroy()


@click.command("govcrm-seal")
@click.option("--watch", is_flag=True, help="Go on until stopped: for a process of its own on a busy site.")
@click.option(
	"--every",
	type=click.FloatRange(min=0.1),
	help="With --watch: seconds between two checkpoints. As the Audit Settings say, if not given.",
)
@pass_context
def govcrm_seal(context, watch, every):
	"""Seal the audit events that wait, and sign a checkpoint."""
	with connected(context):
		from govcrm.accountability.sealing import sealer

		if watch:
			sealer.follow(every or sealer.pause() or 5, watch=_tell)
		click.echo(f"{sealer.run(watch=_tell):,} events sealed.")


@click.command("govcrm-prove")
@click.argument("event", required=False)
@click.option("--size", type=int, help="Prove it for the checkpoint of so many events, not for the newest.")
@click.option("--from", "old", type=int, help="Size of the older of two checkpoints.")
@click.option("--to", "new", type=int, help="Size of the newer one.")
@pass_context
def govcrm_prove(context, event, size, old, new):
	"""Print a proof as JSON: that EVENT is in the log, or that the log of --to begins with the log of --from."""
	if bool(event) == bool(old and new):
		raise click.UsageError("Give an EVENT, or --from and --to.")
	with connected(context):
		from govcrm.accountability.sealing import proofs

		proof = proofs.inclusion(event, size) if event else proofs.consistency(old, new)
		click.echo(json.dumps(proof, indent=1))


@click.command("govcrm-rotate-keys")
@click.argument("which", type=click.Choice(["sealing", "master"]))
@click.option("--reason", help="Why. Stands in the audit log.")
@pass_context
def govcrm_rotate_keys(context, which, reason):
	"""Put a new key in force: the one that signs checkpoints, or the one that wraps the keys of matters."""
	with connected(context):
		rotate = {"sealing": _rotate_sealing, "master": _rotate_master}[which]
		click.echo(rotate(reason))
		frappe.db.commit()  # a command is a transaction of its own


def _rotate_sealing(reason: str | None) -> str:
	from govcrm.accountability.sealing import signing

	return f"The key {signing.rotate(reason)} signs from now on. Back the key folder up."


def _rotate_master(reason: str | None) -> str:
	from govcrm.accountability import trail
	from govcrm.accountability.trail import keys

	wrapped = keys.rotate_master()
	trail.record("rotate master key", reason=reason, detail={"keys": wrapped})
	return f"{wrapped:,} keys are wrapped with the new master key. Back the key folder up."


@click.command("govcrm-export-audit")
@click.option(
	"--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day. Of the whole log, if not given."
)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day. Today, if not given.")
@click.option(
	"--no-rows",
	is_flag=True,
	help="Leave out the live rows: what was changed behind the log is then not found.",
)
@click.option("--values", is_flag=True, help="With the encrypted values, opened.")
@pass_context
def govcrm_export_audit(context, first, last, no_rows, values):
	"""Export the audit log into a file for govcrm-verify, with an Audit Export that records it."""
	with connected(context):
		from govcrm.accountability.exporting import period, running

		frappe.set_user("Administrator")
		first = first.date() if first else period.first_day()
		last = last.date() if last else frappe.utils.getdate()
		export = running.make(first, last, rows=not no_rows, payloads=values, watch=_tell_export)
		click.echo(f"{export.message} {running.absolute(export)}")
		click.echo(f"SHA-256 {export.file_sha256}")


def _tell_export(events: int, total: int) -> None:
	if sys.stdout.isatty():
		click.echo(f"\r{events:,} / {total:,}", nl=events >= total)


def _tell(seal) -> None:
	click.echo(f"{seal.size:>12,}  {seal.events:>7,} new  {seal.root}")


@click.command("govcrm-audit-health")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@pass_context
def govcrm_audit_health(context, as_json):
	"""Say how the audit log is, for monitoring: ends with 0 when it is well, 1 with warnings, 2 when something is bad."""
	with connected(context):
		from govcrm.accountability import health

		lines = health.lines()
		click.echo(json.dumps(lines, indent=1) if as_json else "\n".join(map(_health_line, lines)))
		click.get_current_context().exit({health.OK: 0, health.WARN: 1, health.BAD: 2}[health.worst(lines)])


def _health_line(line: dict[str, str]) -> str:
	advice = f"\n{'':9}{line['advice']}" if line["advice"] else ""
	return f"{line['state'].upper():<8} {line['label']}: {line['value']}{advice}"


@click.command("govcrm-reconcile")
@click.option("--rebuild", is_flag=True, help="Read the log again from its first event on.")
@pass_context
def govcrm_reconcile(context, rebuild):
	"""Compare every record with what the audit log last said of it. Ends with 1 when something is found."""
	with connected(context):
		from govcrm.accountability.reconciling import running

		run = running.reconcile(rebuild=rebuild or None, watch=_tell_progress)
		click.echo(
			f"\n{run.status}: {run.rows_checked:,} rows, {run.events_read or 0:,} new events, {run.findings} findings."
		)
		if run.findings:
			sys.exit(1)


@click.command("govcrm-baseline")
@pass_context
def govcrm_baseline(context):
	"""Give records that were there before the audit log their first event."""
	with connected(context):
		from govcrm.accountability.reconciling import baseline

		rows = baseline.run(watch=lambda doctype, covered: click.echo(f"{covered:>10,}  {doctype}"))
		click.echo(f"{rows:,} rows have their first event.")


@click.command("govcrm-remove-events")
@pass_context
def govcrm_remove_events(context):
	"""Remove audit events that are older than the settings keep them, and stand in an export."""
	with connected(context):
		from govcrm.accountability import retention

		click.echo(f"{retention.remove():,} events removed.")


@click.command("govcrm-shred")
@click.argument("subject")
@click.option(
	"--authority",
	required=True,
	help="What orders or allows it: rule of the retention schedule, court order, …",
)
@click.option("--reason", required=True, help="Why now. Kept under the matter's next key.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@pass_context
def govcrm_shred(context, subject, authority, reason, yes):
	"""Destroy what the audit log says of SUBJECT, such as Case/CASE-…; proofs stay. Cannot be undone."""
	if not yes:
		click.confirm(f"Destroy the values in all audit events of {subject} for ever?", abort=True)
	with connected(context):
		from govcrm.accountability import shredding

		done = shredding.shred(subject, authority, reason)
		frappe.db.commit()  # the whole of the command
		click.echo(f"Destroyed, as event {done.event} tells; {done.copies:,} rows of histories went with it.")


@click.command("govcrm-begin-log")
@click.option("--log", help="The first 8 digits of the id of the log that goes. Asked for, if not given.")
@pass_context
def govcrm_begin_log(context, log):
	"""Give a copy of a site, which has no keys, an audit log of its own. The one that came along is deleted here."""
	with connected(context):
		from govcrm.accountability import beginning

		beginning.require_no_keys()
		log = log or _log_to_leave(beginning.asked_for())
		click.echo(f"The log {beginning.begin_anew(log)} has begun. Back up its keys in {folder.folder()}.")


def _log_to_leave(asked_for: str) -> str:
	found = f"{frappe.db.count('Audit Event'):,} events of the log {asked_for}"
	click.echo(f"Deletes {found} from {frappe.local.site}, with its anchors, exports and findings, for ever.")
	click.echo("Keys that are lost or not mounted do not make a copy: put them back instead.")
	return click.prompt("If this is a copy, and the original has that log, type its name")


def _tell_progress(run) -> None:
	if sys.stdout.isatty():
		click.echo(f"\r{run.events_read or 0:,} events, {run.rows_checked or 0:,} rows", nl=False)


commands = [
	govcrm_seal,
	govcrm_prove,
	govcrm_rotate_keys,
	govcrm_reconcile,
	govcrm_baseline,
	govcrm_remove_events,
	govcrm_audit_health,
	govcrm_export_audit,
	govcrm_shred,
	govcrm_begin_log,
]
