"""Append-only evidence: what happened, in an order that nobody can change afterwards, provable to a stranger."""
