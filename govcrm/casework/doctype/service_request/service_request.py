import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, get_datetime, now_datetime

from govcrm import compat, naming
from govcrm.appending import Unseen
from govcrm.casework.clocks import opening as clocks
from govcrm.casework.opening import open_case
from govcrm.casework.parts import open_ordered_parts
from govcrm.casework.questions import questions_of
from govcrm.casework.routing import Routed, responsible_department, route
from govcrm.constituents.contacts import write_first_contact
from govcrm.domain.cases import RUNNING
from govcrm.domain.matching import is_place
from govcrm.domain.questions import check_answers
from govcrm.faults import refuse, refuse_field, translated
from govcrm.guarded import GuardedDocument
from govcrm.service_catalogue.areas import locate
from govcrm.service_catalogue.versions import version_in_force

# Set here or by the verbs of the case, never by whoever sends the request.
DERIVED = (
	"program_version",
	"department",
	"priority",
	"confidentiality",
	"status",
	"status_notes",
	"updated_datetime",
	"expected_datetime",
	"closed_datetime",
	"service_area",
	"routing_detail",
)
PINNED = ("program", "case", "channel", "requested_datetime", "idempotency_key", *DERIVED)
CLOCK_SKEW = 10  # minutes by which a sender's clock may be ahead


class ServiceRequest(Unseen, GuardedDocument):
	"""What a citizen asked for.

	Imported history (`flags.imported_history`) keeps its own status, times and department, and needs neither answers
	nor a name. Verbs of the case change the public status under `flags.by_verb`.
	"""

	def autoname(self) -> None:
		self.name = naming.new_name(naming.REQUEST, get_datetime(self.requested_datetime))

	def before_insert(self) -> None:
		self.set_times()
		self.check_times()
		self.forget_derived()
		self.pin_version()
		self.choose_case()

	def validate(self) -> None:
		self.keep_promise()
		self.refuse_edits_of_pinned()
		self.check_people()
		self.check_place()
		self.check_source()
		self.check_answers()
		self.find_its_way()
		self.touch()

	def after_insert(self) -> None:
		if self.flags.opens_case:
			open_ordered_parts(open_case(self), self.flags.routed)
		if not self.flags.imported_history:
			write_first_contact(self)

	@property
	def version(self) -> Document:
		return frappe.get_cached_doc("Program Version", self.program_version)

	# Filing -----------------------------------------------------------------------------------------------

	def set_times(self) -> None:
		self.requested_datetime = get_datetime(self.requested_datetime or now_datetime()).replace(
			microsecond=0
		)

	def forget_derived(self) -> None:
		if self.flags.imported_history:
			return
		for field in DERIVED:
			self.set(field, None)
		self.status = "Open"

	def pin_version(self) -> None:
		self.require_program()
		self.program_version = self.program_version or version_in_force(
			self.program, self.requested_datetime.date()
		)

	def require_program(self) -> None:
		if not self.program:
			refuse_field("program", _("Say which program the request is for."))
		if not self.flags.imported_history and not frappe.get_cached_value(
			"Agency Program", self.program, "active"
		):
			refuse_field("program", _("Program {0} takes no new requests.").format(self.program))

	def choose_case(self) -> None:
		"""Join the case that was named, or give the one to be opened its name, so that no second write is needed."""
		if self.case:
			self.join_case()
			return
		self.case = naming.new_name(naming.CASE, self.requested_datetime)
		self.flags.opens_case = True

	def join_case(self) -> None:
		"""Locks the case, so that it does not end without an answer to this request; takes over who may see it."""
		frappe.has_permission("Case", "write", self.case, throw=True)
		compat.lock_row("Case", self.case)
		fields = ["state_category", "department", "confidentiality", "expected_datetime"]
		case = frappe.db.get_value("Case", self.case, fields, as_dict=True, for_update=True)
		if case.pop("state_category") not in RUNNING:
			refuse_field(
				"case", _("{0} has ended: reopen it, or file a request of its own.").format(self.case)
			)
		self.update(case)

	# Its way ----------------------------------------------------------------------------------------------

	def find_its_way(self) -> None:
		"""Once, with checked answers. A request that joins a case goes where that is; history stays where it was."""
		if not self.is_new():
			self.follow_place()
		elif self.flags.imported_history or not self.flags.opens_case:
			self.take_defaults()
		else:
			self.take(route(self, self.version))
		if not self.department:
			refuse_field(
				"program", _("No department in service is responsible for {0}.").format(self.program)
			)

	def follow_place(self) -> None:
		"""The area is that of the place as it is now; where the case went is not decided again."""
		if self.changes("latitude", "longitude"):
			self.service_area = locate(self.latitude, self.longitude)

	def take(self, routed: Routed) -> None:
		self.flags.routed = routed
		self.department, self.priority = routed.department, routed.priority
		self.confidentiality, self.service_area = routed.confidentiality, routed.service_area
		self.routing_detail = routed.detail
		self.promise()

	def take_defaults(self) -> None:
		version = self.version
		self.service_area = locate(self.latitude, self.longitude)
		self.department = self.department or responsible_department(version, self.service_area)
		self.priority = self.priority or version.default_priority
		self.confidentiality = self.confidentiality or version.default_confidentiality
		self.promise()

	def promise(self) -> None:
		"""When those who ask can expect an answer. History keeps what was promised elsewhere."""
		if self.expected_datetime or self.flags.imported_history:
			return
		days = self.version.expected_days
		self.flags.clocks = clocks.begin_for(self) if self.flags.opens_case else []
		self.expected_datetime = clocks.promise_of(self.flags.clocks) or (
			add_to_date(self.requested_datetime, days=days) if days else None
		)

	def keep_promise(self) -> None:
		"""A form that was opened before a clock moved the date can be saved, and changes nothing of it."""
		before = self.get_doc_before_save()
		if before and not self.flags.by_verb:
			self.expected_datetime = before.expected_datetime

	# Checks -----------------------------------------------------------------------------------------------

	def changes(self, *fields: str) -> bool:
		return self.is_new() or any(self.has_value_changed(field) for field in fields)

	def refuse_edits_of_pinned(self) -> None:
		if self.is_new() or self.flags.by_verb:
			return
		labels = [self.meta.get_label(field) for field in PINNED if self.has_value_changed(field)]
		if labels:
			frappe.throw(
				_("{0} cannot be edited. Use the actions of the case, or file another request.").format(
					", ".join(_(label) for label in labels)
				)
			)

	def check_times(self) -> None:
		if self.requested_datetime > add_to_date(now_datetime(), minutes=CLOCK_SKEW):
			refuse_field("requested_datetime", _("The request cannot have been made in the future."))

	def check_people(self) -> None:
		if not self.changes("anonymous", "citizen", "representative", "representation_authority"):
			return
		if self.anonymous:
			self.citizen = self.representative = None
		if not self.citizen:
			self.become_anonymous()
		if not self.representative:
			self.representation_authority = None
		elif self.representative == self.citizen:
			refuse_field(
				"representative", _("Somebody cannot represent themselves: leave the representative empty.")
			)
		elif not self.representation_authority:
			refuse_field("representation_authority", _("Say with what authority the representative acts."))

	def become_anonymous(self) -> None:
		if self.representative:
			refuse_field("citizen", _("Say whom the representative acts for."))
		if not self.flags.imported_history and not self.version.anonymous_allowed:
			refuse_field("citizen", _("This program takes no anonymous requests: say who asks."))
		self.anonymous = 1

	def check_place(self) -> None:
		if not self.changes("latitude", "longitude", "address_string"):
			return
		has_place = is_place(self.latitude, self.longitude)
		if not has_place and (self.latitude or self.longitude):
			refuse_field(
				"latitude", _("Latitude and longitude must be a place on earth, in degrees (WGS 84).")
			)
		if self.flags.imported_history or has_place or self.address_string:
			return
		if self.version.location_rule == "Required":
			refuse_field(
				"address_string", _("This program needs the place: give an address or mark it on the map.")
			)

	def check_source(self) -> None:
		"""Empty is NULL: the unique index on both lets any number of requests have none."""
		self.source, self.source_id = self.source or None, self.source_id or None
		if self.source_id and not self.source:
			refuse_field("source", _("Say which system the source id is from."))

	def check_answers(self) -> None:
		if self.flags.imported_history and not self.answers:
			return
		if self.changes("answers", "sensitive_answers"):
			checked = check_answers(questions_of(self.version), self.given_answers())
			refuse(translated(checked.errors))
			self.answers = frappe.as_json(checked.public, indent=None) if checked.public else None
			self.sensitive_answers = (
				frappe.as_json(checked.sensitive, indent=None) if checked.sensitive else None
			)

	def given_answers(self) -> dict | None:
		"""All answers, wherever they stand. None if they are no JSON object."""
		try:
			answers, sensitive = (
				frappe.parse_json(self.get(field) or "{}") for field in ("answers", "sensitive_answers")
			)
			return {**sensitive, **answers}
		except (TypeError, ValueError):
			return None

	def touch(self) -> None:
		if not self.flags.imported_history or not self.updated_datetime:
			self.updated_datetime = now_datetime()

	# Uniqueness -------------------------------------------------------------------------------------------

	def show_unique_validation_message(self, e) -> None:
		"""Answer 409 where Frappe answers 417: a program that sends again must be able to tell."""
		frappe.local.flags.disable_traceback = True
		frappe.throw(
			_(
				"This request has been sent already: its source and number, or its idempotency key, are known."
			),
			frappe.DuplicateEntryError,
		)


def on_doctype_update() -> None:
	compat.add_unique("Service Request", ["source", "source_id"], "service_request_unique_source")
	compat.add_index("Service Request", ["program", "latitude"])
	compat.add_index("Service Request", ["status", "modified desc", "department", "confidentiality"])
