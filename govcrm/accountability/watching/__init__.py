"""Tells the audit trail who looked: reads, refusals, log-ins, prints, exports and report runs (NIST SP 800-53 AU-2)."""

from govcrm.accountability.watching.after import lost

__all__ = ["lost"]
