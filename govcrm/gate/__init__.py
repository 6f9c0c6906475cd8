"""The gate before Frappe's own endpoints: what asks for governed records in a way that passes over the rule is turned back.

Deny by default. A request that names a DocType of `govcrm_scoped_doctypes` is let through only to methods that are known to
ask the rule (`methods`), and only with fields, filters and orders that say no more than names the user may read (`terms`).
Our own methods check for themselves. What a site may call was read once and is held in `methods` and in `lists/`; a test
compares both with what is found at run time.
"""
