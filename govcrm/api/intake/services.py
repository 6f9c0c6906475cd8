"""Intake for every channel: whoever files a request comes through `take`, which checks the right to do so."""

import hashlib
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.api.intake.exceptions import SubmissionConflict
from govcrm.api.intake.submission import Person, Submission
from govcrm.casework.duplicates import find_duplicates
from govcrm.casework.following import follow
from govcrm.constituents import revealing
from govcrm.constituents.lookup import find_or_make
from govcrm.constituents.secrecy import keyed_hash
from govcrm.domain.references import normalise_reference
from govcrm.faults import Fault, InvalidInput, refuse, refuse_field

STAFF = frozenset({"Intake Agent", "Caseworker", "Case Supervisor"})
CONSTITUENT = "Constituent"

COPIED = (
	"description",
	"anonymous",
	"representation_authority",
	"address_string",
	"area",
	"postal_code",
	"latitude",
	"longitude",
	"requested_datetime",
)


def require_staff() -> None:
	if not is_staff():
		frappe.throw(_("Only intake agents and caseworkers may do this."), frappe.PermissionError)


def is_staff() -> bool:
	return frappe.session.user == "Administrator" or not STAFF.isdisjoint(frappe.get_roles())


def is_constituent() -> bool:
	return CONSTITUENT in frappe.get_roles()


def require_requester() -> None:
	if not is_staff() and not is_constituent():
		frappe.throw(_("You may not file requests."), frappe.PermissionError)


def refuse_what_staff_alone_says(submission: Submission) -> None:
	"""By source and number a request of somebody else could be found or forestalled; by its time the rules of a former
	version chosen."""
	if not is_staff():
		fields = ("source", "source_id", "requested_datetime")
		message = _("Only the agency's own staff and systems may give this.")
		refuse([Fault(name, message) for name in fields if getattr(submission, name)])


# Filing ---------------------------------------------------------------------------------------------------


def take(submission: Submission) -> dict[str, Any]:
	"""File a request, or join one that was filed; once, however often the submission comes.

	Returns what the requester is told: see `receipt`. Raises InvalidInput, PermissionError, SubmissionConflict.
	"""
	require_requester()
	refuse_what_staff_alone_says(submission)
	keys = Keys(submission)
	if earlier := keys.find_earlier():
		return receipt(earlier, replayed=True)
	check_program(submission.service_code)
	try:
		return _join(submission, keys) if submission.join else _file(submission, keys)
	except InvalidInput as error:
		refuse([fault._replace(field=_sent_name(fault.field)) for fault in error.faults])
		raise


def _sent_name(field: str) -> str:
	return "service_code" if field == "program" else field


def _file(submission: Submission, keys: "Keys") -> dict[str, Any]:
	likely = (
		find_duplicates(submission.service_code, submission.latitude, submission.longitude)
		if is_staff()
		else []
	)
	request = build_request(submission, keys)
	request.flags.ignore_links = True  # the program was checked above; who asks was found or written down
	# A constituent has no right to create requests at will: this service has checked theirs, and that it is for them.
	request.insert(ignore_permissions=not is_staff())
	return receipt(request, duplicate_of=likely[0].name if likely else None)


def build_request(submission: Submission, keys: "Keys") -> Document:
	values = {name: getattr(submission, name) or None for name in COPIED}
	return frappe.get_doc(
		{
			"doctype": "Service Request",
			"program": submission.service_code,
			"channel": channel_of(submission),
			"answers": frappe.as_json(submission.answers, indent=None),
			**values,
			**people_of(submission),
			**keys.stored(),
		}
	)


def channel_of(submission: Submission) -> str:
	if not is_staff():
		return "Web"
	return submission.channel or "API"


def _join(submission: Submission, keys: "Keys") -> dict[str, Any]:
	request = find_joinable(submission)
	people = people_of(submission)
	follow(
		request,
		citizen=people.get("representative") or people["citizen"],
		channel=channel_of(submission),
		note=submission.description,
		idempotency_key=keys.of_follower,
		payload_digest=keys.digest,
	)
	return receipt(request, joined=True)


def find_joinable(submission: Submission) -> Document:
	name = normalise_reference(submission.join) or submission.join
	found = frappe.db.get_value("Service Request", name, ["program", "status"], as_dict=True)
	if not found or not frappe.has_permission("Service Request", "read", name):
		refuse_field("join", _("There is no request {0} that you may see.").format(submission.join))
	if found.program != submission.service_code:
		refuse_field("join", _("Request {0} asks for another service.").format(name))
	if found.status != "Open":
		refuse_field("join", _("Request {0} is closed: file a new one.").format(name))
	return frappe.get_doc("Service Request", name)


# Who ------------------------------------------------------------------------------------------------------


def people_of(submission: Submission) -> dict[str, str | None]:
	"""Return citizen and representative, found or written down."""
	if not is_staff():
		return {"citizen": own_citizen(submission)}
	return {
		"citizen": _resolve("citizen", submission.citizen),
		"representative": _resolve("representative", submission.representative),
	}


def own_citizen(submission: Submission) -> str | None:
	"""A constituent files for themselves, or anonymously where the program allows it."""
	if submission.anonymous:
		return None
	own = frappe.db.get_value("Citizen", {"user": frappe.session.user, "merged_into": ["is", "not set"]})
	if not own:
		frappe.throw(
			_("Your account belongs to no citizen yet. Please contact the agency."), frappe.PermissionError
		)
	if submission.representative or (submission.citizen and submission.citizen.name != own):
		frappe.throw(_("You may file requests for yourself only."), frappe.PermissionError)
	return own


def _resolve(field: str, person: Person | None) -> str | None:
	if not person:
		return None
	if person.name:
		return _existing(field, person.name)
	try:
		return find_or_make(person.details)
	except InvalidInput as error:
		refuse([Fault(f"{field}.{_detail(fault.field)}", fault.message) for fault in error.faults])
		raise


def _existing(field: str, name: str) -> str:
	found = frappe.db.get_value("Citizen", name, ["name", "merged_into"], as_dict=True)
	if not found or not frappe.has_permission("Citizen", "read", found.name):
		refuse_field(field, _("There is no citizen {0}.").format(name))
	return found.merged_into or found.name


def _detail(field: str) -> str:
	"""A contact point is sent as `phone` or `email`; only an address can be refused."""
	return "email" if field.startswith("contact_points.") else field


# Once -----------------------------------------------------------------------------------------------------


class Keys:
	"""By what a submission is known again: the sender's key, or the source system and its number there.

	A key belongs to the user who sent it: nobody is answered with what somebody else filed under the same key.
	"""

	def __init__(self, submission: Submission) -> None:
		self.source = submission.source or None
		self.source_id = submission.source_id or None
		self.idempotency_key = _digest("key", frappe.session.user, submission.idempotency_key)
		self.is_known_again = bool(self.idempotency_key or self.source_id)
		self.digest = keyed_hash("submission", submission.canonical()) if self.is_known_again else None

	@property
	def of_follower(self) -> str | None:
		return self.idempotency_key or _digest("source", self.source, self.source_id)

	def stored(self) -> dict[str, str | None]:
		return {
			"source": self.source,
			"source_id": self.source_id,
			"idempotency_key": self.idempotency_key,
			"payload_digest": self.digest,
		}

	def find_earlier(self) -> Document | None:
		"""Return the request that this submission made or joined before; raise SubmissionConflict if it was another."""
		if not self.is_known_again or not (found := self._find()):
			return None
		if not self._is_the_same(found):
			frappe.throw(
				_("This key, or this source and number, was used for a submission with other content."),
				SubmissionConflict,
			)
		return frappe.get_doc("Service Request", found.name)

	def _is_the_same(self, found: frappe._dict) -> bool:
		"""What came by another door has no digest: only who may read it is told that it is there."""
		if found.payload_digest:
			return found.payload_digest == self.digest
		return bool(frappe.has_permission("Service Request", "read", found.name))

	def _find(self) -> frappe._dict | None:
		by_key = self.idempotency_key and _first("Service Request", {"idempotency_key": self.idempotency_key})
		by_source = self.source_id and _first(
			"Service Request", {"source": self.source, "source_id": self.source_id}
		)
		return (
			by_key
			or by_source
			or _first("Request Follower", {"idempotency_key": self.of_follower}, "parent as name")
		)


def _first(doctype: str, filters: dict[str, str], name: str = "name") -> frappe._dict | None:
	return frappe.db.get_value(doctype, filters, [name, "payload_digest"], as_dict=True, order_by=None)


def _digest(kind: str, owner: str | None, key: str | None) -> str | None:
	if not key:
		return None
	return hashlib.sha256("\n".join((kind, owner or "", key)).encode()).hexdigest()


# Telling --------------------------------------------------------------------------------------------------


def receipt(
	request: Document, *, replayed: bool = False, joined: bool = False, duplicate_of: str | None = None
) -> dict[str, Any]:
	"""Return what the requester is told. `created`: whether this very submission made a new request."""
	return {
		"reference": request.name,
		"status": request.status,
		"service_code": request.program,
		"agency_responsible": request.department,
		"requested_datetime": request.requested_datetime,
		"expected_datetime": request.expected_datetime,
		"duplicate_of": duplicate_of,
		"created": not replayed and not joined,
		"joined": joined,
		"replayed": replayed,
	}


def check_program(service_code: str) -> None:
	"""Refuse a service that does not exist, takes no requests, or is not for the public when the public asks."""
	flags = frappe.get_cached_value("Agency Program", service_code, ["active", "is_public"])
	active, is_public = flags or (False, False)
	if not flags or not (is_public or is_staff()):
		refuse_field("service_code", _("There is no service {0}.").format(service_code))
	if not active:
		refuse_field("service_code", _("Service {0} takes no new requests.").format(service_code))


def reveal_identifier(citizen: str, identifier: str, reason: str) -> str:
	return revealing.reveal(str(citizen), str(identifier), str(reason))
