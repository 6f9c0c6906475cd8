"""Months by their first day, in the time zone of the site."""

from collections.abc import Iterator
from datetime import date

from frappe.utils import add_months, get_first_day, getdate


def month_of(day: date | str) -> date:
	return getdate(get_first_day(getdate(day)))


def after(month: date) -> date:
	return getdate(add_months(month, 1))


def ended(first: date, today: date) -> Iterator[date]:
	"""From that of `first` to the last that has ended."""
	month = month_of(first)
	while after(month) <= today:
		yield month
		month = after(month)
