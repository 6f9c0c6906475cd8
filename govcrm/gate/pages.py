"""Pages of the website that Frappe makes once and shows to everybody."""

import frappe

NOT_FOUND = "404"


def keep_for_nobody(context: frappe._dict) -> dict[str, int]:
	"""Hook `update_website_context`. The page of what is not there holds the address that somebody asked for, and who asked."""
	return {"no_cache": 1} if context.path == NOT_FOUND else {}
