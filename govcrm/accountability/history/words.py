"""Verbs of the audit log as people say them."""

import frappe
from frappe import _

# What leaves a record as it is: who looked, and who took a copy.
LOOKS = frozenset({"read", "list", "print", "export", "download", "run report", "search", "email", "count"})
# Fields that name acts as code does.
ACTS = frozenset({("Case Event", "verb")})
SESSIONS = ("log in", "log out")
# What is said of a record that was only kept; acts have verbs of their own.
SAVES = frozenset({"create", "update", "delete"})


def verbs() -> dict[str, str]:
	"""Verb of an event: what the one who acted did."""
	return {
		"baseline": _("was there before the log began"),
		"begin log": _("began a new log on a copy of a site"),
		"create": _("created"),
		"update": _("changed"),
		"delete": _("deleted"),
		"rename": _("renamed"),
		"set password": _("set a password of"),
		"set second factor": _("set a second factor of"),
		"reset second factor": _("took away the second factor of"),
		"migrate": _("migrated the site"),
		"install app": _("installed an app"),
		"remove app": _("removed an app"),
		"submit": _("submitted"),
		"cancel": _("cancelled"),
		"add evidence": _("put up a file of"),
		"remove evidence": _("took away a file of"),
		"assign": _("assigned"),
		"lower": _("made less confidential"),
		"reveal": _("looked at a number of"),
		"seal": _("sealed"),
		"share": _("shared"),
		"write sealed": _("changed what is sealed of"),
		"comment": _("commented on"),
		"read": _("looked at"),
		"list": _("listed"),
		"print": _("printed"),
		"export": _("exported"),
		"download": _("downloaded"),
		"run report": _("ran a report on"),
		"search": _("looked up"),
		"count": _("counted"),
		"email": _("e-mailed from"),
		"request": _("asked for"),
		"log in": _("logged in"),
		"log out": _("logged out"),
		"impersonate": _("acted as another user"),
		"accept": _("accepted"),
		"give_back": _("gave back"),
		"refer": _("referred"),
		"transfer": _("transferred"),
		"wait": _("began to wait in"),
		"resume": _("resumed"),
		"extend": _("extended a deadline of"),
		"act": _("took a step in"),
		"close": _("closed"),
		"reopen": _("reopened"),
		"open": _("opened"),
		"open_to": _("opened to a person"),
		"ask_access": _("asked for access to"),
		"refuse_access": _("refused access to"),
		"end_access": _("ended the access of a person to"),
		"open_in_emergency": _("opened in an emergency"),
		"review_emergency": _("reviewed an emergency in"),
		"release_part": _("released a part of"),
		"start": _("started"),
		"hold": _("put on hold"),
		"pause": _("paused"),
		"stop": _("stopped"),
		"restart": _("started anew"),
		"complete": _("completed"),
		"take_away": _("took away"),
		"recompute": _("computed anew"),
		"warn": _("warned about"),
		"breach": _("marked as missed"),
		"step": _("escalated"),
		"escalate": _("escalated"),
		"import": _("imported"),
		"demo": _("made for the demo city"),
		"shift": _("moved in the tree"),
		"shape": _("gave other fields to"),
		"shred": _("destroyed the values of"),
		"rotate key": _("put a new signing key in force"),
		"rotate master key": _("put a new master key in force"),
		"publish": _("published"),
		"remove events": _("removed old events under"),
	}


def said(verb: str) -> str:
	"""What the act is called; verbs that are not known here are shown as they stand in the log."""
	return verbs().get(verb) or _(verb)


def act(verb: str) -> str:
	"""What a *Case Event* calls the act; those without words of their own are words but for their form."""
	return verbs().get(verb) or _(frappe.unscrub(verb))


def details() -> dict[str, str]:
	"""What an act says beside its reason, by the key under which the log has it."""
	return {
		"among": _("Restricted and sealed records among those asked for"),
		"app": _("App"),
		"apps": _("Apps and versions"),
		"asked": _("Asked for"),
		"backup": _("Backup"),
		"columns": _("Columns"),
		"copies": _("Copies destroyed with it"),
		"deadline": _("Deadline"),
		"deadlines": _("Deadlines"),
		"due": _("Due"),
		"ends_with": _("Number that ends with"),
		"events": _("Events"),
		"evidence": _("File of the case"),
		"fields": _("Fields"),
		"file_name": _("Name of the file"),
		"files": _("Files shown"),
		"finding": _("Finding"),
		"format": _("Format"),
		"identifier": _("Kind of number"),
		"keys": _("Keys"),
		"log": _("Log that the copy came with"),
		"merged": _("Merged into another"),
		"name": _("Name that was given"),
		"new_name": _("New name"),
		"note": _("Note"),
		"old_name": _("Old name"),
		"percent": _("Percent of the time"),
		"recipient": _("Recipient"),
		"records": _("Records"),
		"renamed": _("Renamed record"),
		"restricted": _("Restricted and sealed records shown"),
		"rows": _("Rows"),
		"sealed": _("Sealed words shown"),
		"sha256": _("SHA-256"),
		"size": _("Bytes"),
		"source": _("Source"),
		"source_id": _("Number at the source"),
		"unnamed": _("Rows of records that cannot be named"),
		"unknown_user": _("Nobody has this user name"),
		"what": _("What left the site"),
	}


def detail(key: str) -> str:
	"""What is said for such a key; keys of other apps are shown as they stand in the log."""
	return details().get(key) or _(key)
