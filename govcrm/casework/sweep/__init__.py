"""What time does to cases: warnings, missed deadlines, and what follows from them.

`marking` finds the clocks whose next check has come and writes down what has happened, in batches; `effects` then
carries out one by one what follows. Any number of workers may run this at once, and any may die at any moment.
"""

from time import monotonic

from govcrm.casework.sweep import effects, marking

SECONDS = 240  # a job of the scheduler may take 300


def sweep(seconds: float = SECONDS) -> dict[str, int]:
	"""Mark all that is due and carry out what follows, for about so many seconds; what is left comes next time.

	Commits as it goes. Returns how many clocks were marked, and how many steps were carried out.
	"""
	until = monotonic() + seconds
	now = marking.utc_now()
	return {"marked": marking.mark_due(now, until), "carried_out": effects.carry_out_due(now, until)}
