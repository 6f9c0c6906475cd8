"""Requests as the web server gets them: through its WSGI application, by token, without the network."""

import frappe
import frappe.app
from werkzeug.test import Client


def client_of(site: str, user: str) -> tuple[Client, dict[str, str]]:
	"""A client, and the headers that say who asks. The user gets a token: of a site made for the run."""
	frappe.app._site = site
	return Client(frappe.app.application), {"Authorization": f"token {token_of(user)}"}


def token_of(user: str) -> str:
	doc = frappe.get_doc("User", user)
	doc.api_key, doc.api_secret = frappe.generate_hash(length=15), "benchmark"
	doc.save(ignore_permissions=True)  # a user of a site made for this run
	frappe.db.commit()
	return f"{doc.api_key}:benchmark"
