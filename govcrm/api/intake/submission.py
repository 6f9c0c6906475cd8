"""From what a sender put into the request to a submission whose every field has the right type."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import convert_utc_to_system_timezone

from govcrm.domain import coercion
from govcrm.domain.matching import is_place
from govcrm.faults import Fault, refuse

Sent = str | int | float | bool | dict | list | None

KEY_LIMIT = 255
LINE = 140
DESCRIPTION_LIMIT = 16_000

CITIZEN_FIELDS = (
	"citizen_type",
	"first_name",
	"last_name",
	"organisation_name",
	"preferred_name",
	"preferred_language",
	"phone",
	"email",
	"address_line",
	"postal_code",
	"city",
	"accessibility_needs",
)


@dataclass(frozen=True)
class Person:
	"""Somebody known, by `name`, or the `details` of somebody to be found or written down."""

	name: str = ""
	details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
	service_code: str = ""
	channel: str = ""
	description: str = ""
	answers: dict[str, Any] = field(default_factory=dict)
	anonymous: bool = False
	citizen: Person | None = None
	representative: Person | None = None
	representation_authority: str = ""
	address_string: str = ""
	area: str = ""
	postal_code: str = ""
	latitude: float | None = None
	longitude: float | None = None
	requested_datetime: datetime | None = None
	source: str = ""
	source_id: str = ""
	join: str = ""
	idempotency_key: str = ""

	def canonical(self) -> str:
		"""Everything but the key, as JSON: two submissions are the same if this is."""
		return json.dumps(asdict(self) | {"idempotency_key": ""}, sort_keys=True, default=str)


def read(sent: Mapping[str, Sent]) -> Submission:
	"""Return the submission. Raises InvalidInput with every fault found."""
	faults = [Fault(name, _("There is no such field.")) for name in sorted(set(sent) - set(READERS))]
	values = {}
	for name, value in sent.items():
		if name in READERS and value not in (None, ""):
			_read(name, value, values, faults)
	submission = Submission(**values)
	refuse([*faults, *_contradictions(submission, {fault.field for fault in faults})])
	return submission


def _read(name: str, value: Any, values: dict[str, Any], faults: list[Fault]) -> None:
	try:
		values[name] = READERS[name](value)
	except FieldRefused as refused:
		faults.append(Fault(f"{name}.{refused.field}", _(refused.message).format(*refused.values)))
	except coercion.Refused as refused:
		faults.append(Fault(name, _(refused.message).format(*refused.values)))


def _contradictions(submission: Submission, faulty: set[str]) -> Iterator[Fault]:
	if not submission.service_code and "service_code" not in faulty:
		yield Fault("service_code", _("Say which service is asked for."))
	if submission.anonymous and (submission.citizen or submission.representative):
		yield Fault("citizen", _("An anonymous request names nobody."))
	if submission.source_id and not submission.source:
		yield Fault("source", _("Say which system the source id is from."))
	if not faulty & {"latitude", "longitude"}:
		yield from _misplacements(submission.latitude, submission.longitude)


def _misplacements(latitude: float | None, longitude: float | None) -> Iterator[Fault]:
	if (latitude is None) != (longitude is None):
		yield Fault("latitude", _("Give both latitude and longitude, or neither."))
	elif latitude is not None and not is_place(latitude, longitude):
		yield Fault("latitude", _("Latitude and longitude must be a place on earth, in degrees (WGS 84)."))


# Readers: from anything to the value, or coercion.Refused -----------------------------------------------------


class FieldRefused(coercion.Refused):
	"""A value inside an object is refused."""

	def __init__(self, field: str, refused: coercion.Refused) -> None:
		super().__init__(refused.message, *refused.values)
		self.field = field


def _line(limit: int = LINE) -> Callable[[Any], str]:
	return lambda value: " ".join(coercion.to_text(value, limit=limit).split())


def _choice(doctype: str, fieldname: str) -> Callable[[Any], str]:
	def read_choice(value: Any) -> str:
		options = (frappe.get_meta(doctype).get_field(fieldname).options or "").split("\n")
		return coercion.to_option(value, [option for option in options if option])

	return read_choice


def _number(value: Any) -> float:
	return float(coercion.to_number(value))


def _moment(value: Any) -> datetime:
	"""In the site's time zone, as Frappe keeps it; an offset in the text counts."""
	moment = datetime.fromisoformat(coercion.to_datetime(value))
	try:
		return convert_utc_to_system_timezone(moment).replace(tzinfo=None) if moment.tzinfo else moment
	except OverflowError:
		raise coercion.Refused(coercion.NO_SUCH_MOMENT) from None


def _object(value: Any) -> dict[str, Any]:
	"""An object, or the JSON text of one as form-encoded bodies carry it."""
	try:
		parsed = json.loads(value, parse_constant=_no_constant) if isinstance(value, str) else value
	except (ValueError, RecursionError):
		parsed = None
	if not isinstance(parsed, dict):
		raise coercion.Refused(coercion.NOT_AN_OBJECT)
	return parsed


def _no_constant(name: str) -> None:
	raise ValueError(name)


def _person(value: Any) -> Person | None:
	"""The name of a citizen, or an object with `name` or with details."""
	if isinstance(value, str) and not value.lstrip().startswith("{"):
		return Person(_line()(value))
	given = {key: one for key, one in _object(value).items() if one not in (None, "")}
	if "name" in given:
		return Person(_line()(given["name"]))
	details = {key: _person_field(key, one) for key, one in given.items()}
	return Person(details=details) if details else None


def _person_field(name: str, value: Any) -> str:
	try:
		if name not in CITIZEN_FIELDS:
			raise coercion.Refused(coercion.NO_SUCH_FIELD)
		return _choice("Citizen", name)(value) if name == "citizen_type" else _line()(value)
	except coercion.Refused as refused:
		raise FieldRefused(name[:LINE], refused) from None


READERS: dict[str, Callable[[Any], Any]] = {
	"service_code": _line(),
	"channel": _choice("Service Request", "channel"),
	"description": lambda value: coercion.to_text(value, limit=DESCRIPTION_LIMIT),
	"answers": _object,
	"anonymous": coercion.to_boolean,
	"citizen": _person,
	"representative": _person,
	"representation_authority": _choice("Service Request", "representation_authority"),
	"address_string": _line(),
	"area": _line(),
	"postal_code": _line(),
	"latitude": _number,
	"longitude": _number,
	"requested_datetime": _moment,
	"source": _line(),
	"source_id": _line(),
	"join": _line(),
	"idempotency_key": _line(KEY_LIMIT),
}
