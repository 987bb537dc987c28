"""People who run campaigns: signing in, roles, the audit trail."""
