"""One action on many cases, each for itself."""

import frappe
from frappe import _

from govcrm import compat
from govcrm.casework.attempts import attempt

IN_REQUEST = 20
LIMIT = 500


def shared_actions(names: list[str]) -> list[dict]:
	"""The actions the user may take on every one of these cases, as {action, category}."""
	refuse_too_many(names)
	shared: dict[str, str] = {}
	for position, name in enumerate(names):
		found = {row["action"]: row["next_category"] for row in actions_on(name)}
		shared = found if position == 0 else {key: shared[key] for key in shared if key in found}
	return [{"action": action, "category": category} for action, category in shared.items()]


def actions_on(name: str) -> list[dict]:
	case = frappe.get_doc("Case", name)
	if not frappe.has_permission("Case", "write", doc=case):
		return []
	return [row for row in case.transitions() if case.may_approve(row)]


def apply_to_selected(names: list[str], action: str, details: dict) -> dict:
	"""Take the action on each case: at once for up to 20, else in the background, 20 to a transaction.

	`details` are the further arguments of `Case.take_action`. Returns {done, failed: {name: why}} or {queued: n}.
	"""
	names = sorted(set(names))
	refuse_too_many(names)
	if len(names) <= IN_REQUEST:
		return apply_each(names, action, details)
	for start in range(0, len(names), IN_REQUEST):
		batch = names[start : start + IN_REQUEST]
		frappe.enqueue(run_batch, names=batch, action=action, details=details, enqueue_after_commit=True)
	return {"queued": len(names)}


def refuse_too_many(names: list[str]) -> None:
	if len(names) > LIMIT:
		frappe.throw(_("Select at most {0} cases.").format(LIMIT))


def apply_each(names: list[str], action: str, details: dict) -> dict:
	"""All rows are locked first and in one order, so that two such runs do not wait for each other in a circle."""
	for name in names:
		compat.lock_row("Case", name)
	done, failed = [], {}
	for name in names:
		if why := attempt(lambda name=name: take(name, action, details), f"{name}: {action}"):
			failed[name] = why
		else:
			done.append(name)
	return {"done": done, "failed": failed}


def take(name: str, action: str, details: dict) -> None:
	frappe.get_doc("Case", name, for_update=True).take_action(action, **details)


def run_batch(names: list[str], action: str, details: dict) -> None:
	"""The background job. The user who asked is told what was refused."""
	result = apply_each(names, action, details)
	message = report(result, action)
	frappe.publish_realtime("msgprint", message, user=frappe.session.user, after_commit=True)


def report(result: dict, action: str) -> str:
	lines = [_("{0}: {1} cases done.").format(_(action), len(result["done"]))]
	escape = frappe.utils.escape_html
	lines += [f"{name}: {escape(why)}" for name, why in result["failed"].items()]
	return "<br>".join(lines)
