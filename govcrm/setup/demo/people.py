"""Invented citizens and addresses, drawn from a seeded generator. Imports no frappe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from govcrm.setup.demo.world import World

SHARE_OF_ORGANISATIONS = 0.09
HOUSES_PER_BLOCK = 40
# 555-0100 to 555-0199 are set aside for fiction in every area code (NANPA, 555 line numbers).
FICTIONAL_LINES = 100


@dataclass(frozen=True)
class Place:
	address_string: str
	area: str
	postal_code: str
	latitude: float
	longitude: float


@dataclass(frozen=True)
class CitizenPlan:
	"""One citizen; `values` are fields of the Citizen record, `contact_points` rows of its table."""

	values: dict[str, Any]
	contact_points: tuple[dict[str, Any], ...]
	place: Place


def plan_citizens(world: World, count: int, today: date, rng: Random) -> list[CitizenPlan]:
	"""Return `count` citizens, about a tenth of them organisations; the first is the portal's user."""
	citizens = [_citizen(world, number, today, rng) for number in range(count)]
	citizens[0] = _portal_citizen(citizens[0], world.portal_user, world)
	return citizens


def plan_place(world: World, rng: Random) -> Place:
	"""Return a house on the street grid. Blocks are numbered from the south-west corner."""
	streets = world.streets
	avenue, street = rng.randrange(len(streets["avenues"])), rng.randrange(len(streets["streets"]))
	along = rng.randrange(HOUSES_PER_BLOCK)
	house = 100 * (street + 1) + 2 * along + rng.randrange(2)
	step, origin = streets["block_degrees"], streets["origin"]
	area = streets["areas"][(avenue // 4) * 2 + street // 8]
	return Place(
		address_string=f"{house} {streets['avenues'][avenue]}",
		area=area["name"],
		postal_code=area["postal_code"],
		latitude=round(origin["latitude"] + step["latitude"] * avenue, 6),
		longitude=round(origin["longitude"] + step["longitude"] * (street + along / HOUSES_PER_BLOCK), 6),
	)


def nearby(place: Place, metres: float, rng: Random) -> Place:
	"""Return the same address as another caller would point at it, at most `metres` away in either direction."""
	degrees = metres / 111_320  # a degree of latitude; at this latitude one of longitude is shorter
	return Place(
		place.address_string,
		place.area,
		place.postal_code,
		round(place.latitude + rng.uniform(-degrees, degrees) / 2, 6),
		round(place.longitude + rng.uniform(-degrees, degrees) / 2, 6),
	)


def _citizen(world: World, number: int, today: date, rng: Random) -> CitizenPlan:
	place = plan_place(world, rng)
	organisation = rng.random() < SHARE_OF_ORGANISATIONS
	values = _organisation(world, number, rng) if organisation else _person(world, today, rng)
	values |= {
		"preferred_language": _weighted(world.people["languages"], rng),
		"address_line": place.address_string,
		"postal_code": place.postal_code,
		"city": world.city,
		"country": world.streets["country"],
	}
	return CitizenPlan(values, tuple(_contact_points(world, number, values, rng)), place)


def _person(world: World, today: date, rng: Random) -> dict[str, Any]:
	age_in_days = int(rng.triangular(18, 92, 44) * 365.25)
	return {
		"citizen_type": "Person",
		"first_name": rng.choice(world.people["first_names"]),
		"last_name": rng.choice(world.people["last_names"]),
		"date_of_birth": (today - timedelta(days=age_in_days)).isoformat(),
		"accessibility_needs": rng.choice(("Large print", "Step-free access", "Sign language"))
		if rng.random() < 0.04
		else "",
	}


def _organisation(world: World, number: int, rng: Random) -> dict[str, Any]:
	name = rng.choice(world.people["organisations"])
	branch = rng.choice(world.streets["streets"]).removesuffix(" Street")
	return {"citizen_type": "Organisation", "organisation_name": f"{name}, {branch} {number}"}


def _contact_points(world: World, number: int, values: dict, rng: Random) -> Iterator[dict[str, Any]]:
	has_phone = rng.random() < 0.85
	if has_phone:
		yield {
			"channel": "Phone",
			"value": _phone(world, number),
			"consent": int(rng.random() < 0.9),
			"preferred": 1,
		}
	if not has_phone or rng.random() < 0.6:
		yield {
			"channel": "E-mail",
			"value": _email(number, values),
			"consent": int(rng.random() < 0.8),
			"preferred": int(not has_phone),
		}


def _phone(world: World, number: int) -> str:
	areas = world.people["area_codes"]
	area, line = areas[number // FICTIONAL_LINES % len(areas)], number % FICTIONAL_LINES
	return f"+1 {area}-555-01{line:02d}"


def _email(number: int, values: dict[str, Any]) -> str:
	name = f"{values.get('first_name', 'office')}.{values.get('last_name', 'of')}".lower()
	return f"{name}.{number}@mail.example.org"


def _portal_citizen(plan: CitizenPlan, user: dict[str, Any], world: World) -> CitizenPlan:
	email = world.email(user["login"])
	values = plan.values | {
		"citizen_type": "Person",
		"first_name": user["first_name"],
		"last_name": user["last_name"],
		"organisation_name": None,
		"user": email,
	}
	point = {"channel": "E-mail", "value": email, "consent": 1, "preferred": 1}
	return CitizenPlan(values, (point,), plan.place)


def _weighted(pairs: list, rng: Random) -> Any:
	return rng.choices([value for value, _weight in pairs], [weight for _value, weight in pairs])[0]
