"""One site behind gunicorn, with its static files, as `frappe serve` has them. Runs in the bench's Python."""

import os
from pathlib import Path

import frappe.app
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.utils import redirect
from werkzeug.wrappers import Request

OWN_ASSETS = Path(__file__).resolve().parents[2] / "govcrm" / "public"


@Request.application
def to_realtime(request: Request):
	"""Outside of developer mode Desk asks its own address for socket.io, where a proxy would pass it on."""
	host = request.host.split(":")[0]
	port = os.environ["GOVCRM_SOCKETIO_PORT"]
	return redirect(f"{request.scheme}://{host}:{port}{request.root_path}{request.full_path}", code=307)


def with_realtime(application):
	if not os.environ.get("GOVCRM_SOCKETIO_PORT"):
		return application
	return DispatcherMiddleware(application, {"/socket.io": to_realtime})


frappe.app._site = os.environ["GOVCRM_SITE"]
application = SharedDataMiddleware(
	with_realtime(frappe.app.application_with_statics()), {"/assets/govcrm": str(OWN_ASSETS)}, cache=False
)
