"""Endpoints of the audit log. Each service checks what its reader may know."""

import frappe
from werkzeug.wrappers import Response

from govcrm.api.accountability import public
from govcrm.api.intake.boundary import answering


@frappe.whitelist(methods=["GET"], allow_guest=True)
@answering
@public.limited
def checkpoint(size: str | int | None = None) -> Response | None:
	"""The newest checkpoint, or that of an earlier size, with the public keys. Needs no login."""
	return public.checkpoint(size)
