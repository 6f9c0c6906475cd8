"""Gives committed events their numbers, appends them to the tree, and signs what the log is then."""
