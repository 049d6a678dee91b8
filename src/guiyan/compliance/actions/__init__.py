"""Acts of compliance. Each is one transaction, checks the role table, and leaves evidence."""

from guiyan.compliance.actions.notes import save_note

__all__ = ["save_note"]
