"""Citizens of the demo city."""

from datetime import datetime, timedelta
from random import Random

import frappe

from govcrm.domain.references import new_reference
from govcrm.setup.demo import Progress
from govcrm.setup.demo.catalogue import made_at
from govcrm.setup.demo.generator import City

KNOWN_BEFORE = timedelta(minutes=5)


def make_citizens(plan: City, seed: int, tell: Progress) -> list[str]:
	"""Insert the citizens of the plan; return their names in its order."""
	rng = Random(f"citizens {seed}")
	since = first_seen(plan)
	names = []
	for number, citizen in enumerate(plan.citizens):
		tell("Citizens", number + 1, len(plan.citizens))
		doc = frappe.new_doc("Citizen", **citizen.values, contact_points=list(citizen.contact_points))
		doc.flags.ignore_links = True  # the data name languages and countries that every site has
		doc.update(made_at(since[number]))
		doc.insert(set_name=new_reference("CZ", since[number], rng.getrandbits))
		backdate(doc.name, since[number])
		names.append(doc.name)
	return names


def first_seen(plan: City) -> list[datetime]:
	"""Since when each citizen is on file: shortly before the first request that names them."""
	first: dict[int, datetime] = {}
	for matter in plan.matters:
		for request in matter.requests:
			for citizen in (request.citizen, request.representative, matter.follower):
				if citizen is not None:
					first[citizen] = min(first.get(citizen, request.requested), request.requested)
	earliest = min(first.values(), default=datetime.min)
	return [first.get(number, earliest) - KNOWN_BEFORE for number in range(len(plan.citizens))]


def backdate(name: str, moment: datetime) -> None:
	"""Nor has it been changed since."""
	frappe.db.set_value("Citizen", name, {"modified": moment}, update_modified=False)
	point = frappe.qb.DocType("Citizen Contact Point")
	frappe.qb.update(point).set(point.modified, moment).where(point.parent == name).run()
