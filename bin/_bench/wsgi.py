"""One site behind gunicorn, with its static files, as `frappe serve` has them. Runs in the bench's Python."""

import os
from pathlib import Path

import frappe.app
from werkzeug.middleware.shared_data import SharedDataMiddleware

frappe.app._site = os.environ["GOVCRM_SITE"]
OWN_ASSETS = Path(__file__).resolve().parents[2] / "govcrm" / "public"

application = SharedDataMiddleware(
	frappe.app.application_with_statics(), {"/assets/govcrm": str(OWN_ASSETS)}, cache=False
)
