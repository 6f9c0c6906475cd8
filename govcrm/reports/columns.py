"""Columns that several reports show, and the words under their tables."""

from frappe import _

from govcrm.domain.metrics import SMALL_SAMPLE, Spread

HOUR, DAY = 3600, 86400


def count(fieldname: str, label: str, **more: object) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Int", "width": 130, **more}


def percent(fieldname: str, label: str) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Percent", "precision": 1, "width": 110}


def amount(fieldname: str, label: str) -> dict:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Float", "precision": 1, "width": 180}


def spread_columns(name: str, median: str, p90: str) -> list[dict]:
	return [amount(f"{name}_median", median), amount(f"{name}_p90", p90)]


def spread_values(name: str, found: Spread, unit: int) -> dict[str, float | bool | None]:
	"""Cells of a spread of seconds, in units of so many seconds."""
	return {
		f"{name}_median": _in(found.median, unit),
		f"{name}_p90": _in(found.p90, unit),
		f"{name}_few": found.count > 0 and found.small,
	}


def _in(seconds: float | None, unit: int) -> float | None:
	return None if seconds is None else round(seconds / unit, 1)


def about_percentiles() -> str:
	return _(
		"Median: half of the cases took this long or less. 90%: nine in ten did. Both are times of real cases (nearest "
		"rank), never means. * marks figures of fewer than {0} cases, which say little."
	).format(SMALL_SAMPLE)
