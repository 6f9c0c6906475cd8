"""Files for the tests of the import: rows as a city has them, and where the real ones lie, if they do."""

import csv
import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import govcrm

REAL = "boston311_2011q3.csv"
HEADER = (
	"case_enquiry_id",
	"open_dt",
	"target_dt",
	"closed_dt",
	"case_status",
	"case_title",
	"reason",
	"type",
	"department",
	"location",
	"neighborhood",
	"location_zipcode",
	"latitude",
	"longitude",
	"source",
)
TYPES = (
	"Pothole Repair",
	"Street Light  Outages",
	"Missed Trash/Recycling",
	"Tree Emergencies",
	"No-Tow (Complaint)",
)
DEPARTMENTS = ("PWDx", "PWDx", "PARK", "INFO", "No Q")
CHANNELS = ("Constituent Call", "Employee Generated", "Self Service", "Citizens Connect App", "Maximo", "")


def real_file() -> Path | None:
	"""The real requests of a city, where they have been laid beside the checkout or GOVCRM_SHARED_DATA says."""
	beside = Path(govcrm.__file__).resolve().parents[2] / "shared" / "data"
	path = Path(os.environ.get("GOVCRM_SHARED_DATA") or beside, REAL)
	return path if path.is_file() else None


def boston_row(number: int, rng: random.Random) -> dict[str, str]:
	"""A row that can be imported, with the warts of real ones: no target, no place, closed years later."""
	opened = datetime(2011, 7, 1) + timedelta(seconds=rng.randrange(92 * 86400))
	closed = (
		opened + timedelta(minutes=rng.choice((0, 3, 900, 70_000, 3_000_000))) if rng.random() < 0.8 else None
	)
	target = rng.choice((None, opened + timedelta(days=14), datetime(2059, 1, 1), opened - timedelta(days=1)))
	placed = rng.random() < 0.8
	return {
		"case_enquiry_id": str(101000000000 + number),
		"open_dt": str(opened),
		"target_dt": str(target or ""),
		"closed_dt": str(closed or ""),
		"case_status": "Closed" if closed else "Open",
		"case_title": rng.choice(
			("", "Pothole", 'It\'s 100% \\ broken; "really"', "Schlagloch  für Ärger 🚧")
		),
		"reason": rng.choice(("", "Highway Maintenance")),
		"type": rng.choice(TYPES),
		"department": rng.choice(DEPARTMENTS),
		"location": f"{number} Main St  Boston  MA  " if placed else " ",
		"neighborhood": rng.choice((" ", "", "Allston / Brighton")),
		"location_zipcode": rng.choice(("", "02108")),
		"latitude": "42.3594" if placed else "",
		"longitude": "-71.0587" if placed else "",
		"source": rng.choice(CHANNELS),
	}


def boston_rows(count: int, seed: int = 311) -> list[dict[str, str]]:
	rng = random.Random(seed)
	return [boston_row(number, rng) for number in range(count)]


def write_csv(path: Path, rows: list[dict[str, str]], **dialect) -> Path:
	with path.open("w", encoding="utf-8", newline="") as file:
		writer = csv.DictWriter(file, HEADER, extrasaction="ignore", **dialect)
		writer.writeheader()
		writer.writerows(rows)
	return path
