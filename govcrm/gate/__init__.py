"""The gate before Frappe's own endpoints: what asks for governed records in a way that passes over the rule is turned back.

Deny by default. A request that names a DocType of `govcrm_scoped_doctypes`, or one whose rows tell of such records, is let
through only to methods that are known to ask the rule (`methods.KNOWN`), and only with fields, filters and orders that say
no more than names the user may read (`terms`). Our own methods check for themselves.
"""
