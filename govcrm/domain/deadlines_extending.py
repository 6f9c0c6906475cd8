"""Whether a clock may be given more time."""

from govcrm.domain.deadlines_events import OPEN_STATES, Reading
from govcrm.domain.deadlines_policy import LONGEST
from govcrm.domain.deadlines_rules import SECONDS, Rule
from govcrm.domain.texts import _

# code: what is said. {0} is the label of the milestone, {1} the value that goes with the code.
TEXTS = {
	"ended": _("{0} has ended: there is nothing to extend."),
	"missed": _("The date of {0} has passed: it can no longer be extended."),
	"never": _("{0} cannot be extended: its policy does not allow it."),
	"often": _("{0} has been extended {1} times, which is as often as its policy allows."),
	"nothing": _("Say by how much {0} is extended: more than nothing."),
	"part": _("{0} is extended by whole days or months."),
	"much": _("{0} can be extended by at most {1} at a time."),
}


def refusal(rule: Rule, reading: Reading, amount: float) -> tuple[str, float] | None:
	"""(code, value) of why the clock may not be extended by `amount`, in the unit of its rule; None if it may.

	A date that has passed is not extended: an extension is granted within the period (Regulation 1182/71 knows none
	after it; for requests of records in the United States, 5 U.S.C. § 552(a)(6)(B)(i) asks for the notice before).
	"""
	most = rule.extension_amount or LONGEST[rule.unit]
	checks = (
		("ended", reading.state not in OPEN_STATES, 0),
		("missed", bool(reading.breached_at), 0),
		("never", rule.max_extensions < 1, 0),
		("often", reading.extensions >= rule.max_extensions, rule.max_extensions),
		("nothing", not amount > 0, 0),
		("part", rule.unit not in SECONDS and amount % 1 != 0, 0),  # the remainder of infinity is no number
		("much", amount > most, most),
	)
	return next(((code, value) for code, refused, value in checks if refused), None)
