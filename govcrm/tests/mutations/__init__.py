"""Is every door shut by what is said to shut it? Each closing is switched off in turn, and the test named after the door must fail.

	cd sites && ../env/bin/python -m govcrm.tests.mutations --site dev.localhost

Nothing here is read where the app runs: a process of tests is told by `$GOVCRM_SWITCHED_OFF` which door to open, and opens it
by replacing functions in its own memory.
"""
