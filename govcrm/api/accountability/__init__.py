"""Endpoints of the audit log. Each service checks what its reader may know."""
