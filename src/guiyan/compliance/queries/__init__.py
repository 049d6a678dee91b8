"""Reads of compliance. Each takes the viewer first; those without one are read by gates and jobs, and say so."""

from guiyan.compliance.queries.notes import NoteRow, NoteView, my_notes, note, notes_of_case, notes_of_person

__all__ = ["NoteRow", "NoteView", "my_notes", "note", "notes_of_case", "notes_of_person"]
