"""Records of Frappe that hang on others: comments, files, versions, mails, notifications, logs.

Frappe asks for a role on their own DocType alone. Here a row that hangs on a scoped record is shown to whoever may read
that record, a row that names a scoped DocType without a record to its owner, and all others to whom Frappe shows them.
"""
