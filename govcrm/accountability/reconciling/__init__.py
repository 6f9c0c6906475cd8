"""Finds records that were changed behind the application's back: each covered row against what the log last said of it."""
