"""Commands of `bench` for the audit log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
import frappe
from frappe.commands import get_site, pass_context


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


def _tell(seal) -> None:
	click.echo(f"{seal.size:>12,}  {seal.events:>7,} new  {seal.root}")


commands = [govcrm_seal, govcrm_prove, govcrm_rotate_keys]
