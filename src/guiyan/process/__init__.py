"""Processes: what is asked next, of whom, by when; see docs.md."""
