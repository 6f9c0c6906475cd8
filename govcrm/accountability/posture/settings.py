"""Frappe's own settings as an agency should have them, each with its reason. A table: what reads and sets them is elsewhere."""

from collections.abc import Callable
from typing import Any, NamedTuple

from frappe import _
from frappe.utils import cint, cstr

from govcrm.domain.files.kinds import KINDS

LONGEST_SESSION = 12  # hours

# What no record of ours takes but an office has elsewhere. Nothing that a browser runs: no HTML, SVG or script.
ELSEWHERE = "RTF DOC XLS PPT EML MSG ICS VCF BMP WEBM KML GPX ZIP GZ"
# As Frappe names them: by what Python's mimetypes says of the file's name, so that an .ogg is an OGA. Whatever the kinds of our
# files may end in is among them, for Frappe asks this list too.
EXTENSIONS = sorted(
	{ending.upper() for kind in KINDS.values() for ending in kind.endings} | set(ELSEWHERE.split())
)
# What a browser or an office computer would run.
RUN = frozenset(
	"HTM HTML XHTML SVG XML XSL JS MJS SWF EXE BAT CMD COM SCR MSI PS1 VBS JAR HTA LNK APK DLL SH PHP PY".split()
)


class Setting(NamedTuple):
	"""One field of System Settings. `met` says of its value whether it is safe, `default` is what Frappe begins with."""

	field: str
	wanted: Any
	default: Any
	met: Callable[[Any], bool]
	label: str
	reason: str


def settings() -> list[Setting]:
	"""In the order in which they are told, in the user's language."""
	return [
		Setting(
			"disable_document_sharing",
			1,
			0,
			_on,
			_("Records are not shared by hand"),
			_("A share opens a record past the access rule and past roles. Grants have a reason and an end."),
		),
		Setting(
			"apply_strict_user_permissions",
			1,
			0,
			_on,
			_("User permissions are strict"),
			_("Otherwise a record that names nothing in a restricted field is open to everybody."),
		),
		Setting(
			"allow_error_traceback",
			0,
			1,
			_off,
			_("Errors tell callers no code"),
			_("Tracebacks tell strangers of tables, paths and values. The Error Log keeps them for you."),
		),
		Setting(
			"login_with_email_link",
			0,
			1,
			_off,
			_("Nobody logs in with a link in a mail"),
			_("Whoever reads the mailbox, or the mail on its way, would be let in without a password."),
		),
		Setting(
			"session_expiry",
			"10:00",
			"170:00",
			lambda value: 0 < _hours(value) <= LONGEST_SESSION,
			_("Sessions end within {0} hours").format(LONGEST_SESSION),
			_("A forgotten browser stays open for a working day, not for a week."),
		),
		Setting(
			"minimum_password_score",
			"3",
			"2",
			lambda value: cint(value) >= 3,
			_("Passwords are hard to guess"),
			_(
				"Frappe weighs each password by how soon it would be guessed. Rules of signs and monthly changes add nothing."
			),
		),
		Setting(
			"enable_password_policy",
			1,
			1,
			_on,
			_("Passwords are weighed"),
			_("Without the password policy any password is taken."),
		),
		Setting(
			"allow_consecutive_login_attempts",
			10,
			10,
			lambda value: 0 < cint(value) <= 10,
			_("Guessing passwords is stopped"),
			_("After ten wrong passwords log-ins wait. 0 would let anybody try for ever."),
		),
		Setting(
			"logout_on_password_reset",
			1,
			1,
			_on,
			_("A new password ends the sessions"),
			_("Whoever had stolen the old one would stay logged in."),
		),
		Setting(
			"allowed_file_extensions",
			"\n".join(EXTENSIONS),
			"",
			_only_harmless,
			_("Only known kinds of files are taken"),
			_("Pages, scripts and programs could be run by whoever opens them."),
		),
		Setting(
			"allow_guests_to_upload_files",
			0,
			0,
			_off,
			_("Strangers upload nothing"),
			_("Anybody could fill the disk, or keep their files at the agency's address."),
		),
		Setting(
			"strip_exif_metadata_from_uploaded_images",
			1,
			1,
			_on,
			_("Photographs lose where they were taken"),
			_("Telephones write the place and the owner into each picture."),
		),
		Setting(
			"document_share_key_expiry",
			7,
			30,
			lambda value: 0 < cint(value) <= 7,
			_("Links to prints end within a week"),
			_("Whoever has such a link reads the whole record without a log-in."),
		),
		Setting(
			"allow_older_web_view_links",
			0,
			0,
			_off,
			_("Old links to prints are dead"),
			_("Links of Frappe before version 14 never end."),
		),
	]


def known() -> dict[str, Setting]:
	return {setting.field: setting for setting in settings()}


def _on(value: Any) -> bool:
	return bool(cint(value))


def _off(value: Any) -> bool:
	return not cint(value)


def _hours(expiry: Any) -> float:
	"""Of "hh:mm". Nothing is Frappe's 240 hours."""
	hours, _colon, minutes = cstr(expiry).partition(":")
	return cint(hours) + cint(minutes[:2]) / 60


def _only_harmless(value: Any) -> bool:
	given = {word.strip().upper() for word in cstr(value).splitlines() if word.strip()}
	return bool(given) and not given & RUN
