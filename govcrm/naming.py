"""Names of requests, cases and citizens: see `govcrm.domain.references`."""

import secrets
from datetime import datetime

from frappe.utils import now_datetime

from govcrm.domain.references import new_reference

REQUEST, CASE, CITIZEN = "SR", "CASE", "CZ"


def new_name(prefix: str, moment: datetime | None = None) -> str:
	"""Return a new name. `moment`, now by default, is the day under which an index files it."""
	return new_reference(prefix, moment or now_datetime(), secrets.randbits)
