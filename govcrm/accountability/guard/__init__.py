"""Keeps the audit log append-only, for everybody who comes through the application and, where rights allow, for others."""

from govcrm.accountability.guard.append_only import AppendOnly
from govcrm.accountability.guard.door import APPEND_ONLY, AppendOnlyError, is_open, writing

__all__ = ["APPEND_ONLY", "AppendOnly", "AppendOnlyError", "is_open", "writing"]
