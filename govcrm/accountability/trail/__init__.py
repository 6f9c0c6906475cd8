"""The audit trail: every act on a governed record leaves one event, in the transaction of the act itself.

`record` and `record_many` append events, `act` names what a stretch of code does, `together`
lets it write by one statement, `ready` tells whether this site
records at all. `rows`, `keys` and `payload` are what else other parts use.
"""

from govcrm.accountability.trail.acts import act, record, record_many, together
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.state import ready

__all__ = ["Entry", "act", "ready", "record", "record_many", "together"]
