"""What is compared when two contact addresses or identifiers are asked to be the same."""

import re
import unicodedata

import phonenumbers

_NOT_DIGITS = re.compile(r"[^0-9]+")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_PHONE_LIKE = re.compile(r"\+?[\d\s()./\-–]+(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)


def phone_key(text: str, region: str | None) -> str:
	"""Return a phone number in E.164 form; digits alone if it cannot be read as a number.

	`region`: ISO 3166-1 alpha-2 code of the country in which numbers without a country code are dialled.
	"""
	try:
		number = phonenumbers.parse(text, region.upper() if region else None)
		if phonenumbers.is_possible_number(number):
			return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
	except phonenumbers.NumberParseException:
		pass
	return _NOT_DIGITS.sub("", text)


def email_key(text: str) -> str:
	"""Return an address in lower case: RFC 5321 lets the local part differ by case, no provider in use does."""
	return unicodedata.normalize("NFKC", text).strip().lower()


def plain_key(text: str) -> str:
	"""Return a text without regard to case and spacing."""
	return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def identifier_key(text: str) -> str:
	"""Return the letters and digits of an identifier in upper case: people write the same one in many ways."""
	return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text)).upper()


def last_characters(identifier: str) -> str:
	"""Return the end of an identifier that may stay readable: never more than a third, at most four characters."""
	key = identifier_key(identifier)
	return key[-min(4, len(key) // 3) :] if len(key) >= 3 else ""


def looks_like_phone(text: str) -> bool:
	"""Tell whether somebody who types this looks for a phone number."""
	return bool(_PHONE_LIKE.fullmatch(text.strip())) and sum(character.isdigit() for character in text) >= 4
