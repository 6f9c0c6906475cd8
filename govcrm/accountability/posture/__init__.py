"""How safe the site is set up: what Frappe's settings should be and why, what is so, how it is mended, and what of NIST SP 800-53
is here.
"""
