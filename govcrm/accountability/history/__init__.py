"""The audit log for people: what happened to a record, and what of it each of them may know."""
