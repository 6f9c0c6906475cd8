"""A city that never was, to look at and to try things on. See `make_demo_city`.

The plan (`generator`, `people`, `answers`, `world`) imports no frappe and is tested without it; hence the imports
inside the functions.
"""

from collections.abc import Callable
from datetime import date

Progress = Callable[[str, int, int], None]


def make_demo_city(
	progress: Progress | None = None,
	*,
	requests: int = 2000,
	citizens: int = 600,
	seed: int = 1,
	today: date | None = None,
	force: bool = False,
) -> dict:
	"""Fill the site with an invented city: departments, users, programs, citizens and a year of requests.

	`progress` is called with (what, done, total). `today` ends the year, the site's day by default. The same `seed`
	and `today` make the same requests. Nothing is committed; no mail is sent; a second call does nothing.

	Returns what was made, by DocType; empty if the site has the city already. Raises ValidationError on a site that
	holds requests, unless `force` is set: the city's users share a password that anybody can read here.
	"""
	from govcrm.setup.demo.city import make

	return make(progress, requests=requests, citizens=citizens, seed=seed, today=today, force=force)


def demo_logins() -> list[dict]:
	"""(user, password, name, roles, departments) of the city's users; nothing on a site that is no demo."""
	from govcrm.setup.demo.city import logins

	return logins()
