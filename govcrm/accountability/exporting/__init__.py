"""Exports of the audit log: a period in one file that `govcrm-verify` checks without this site (docs/audit.md)."""
