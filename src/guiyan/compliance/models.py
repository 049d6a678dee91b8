"""Rows of compliance. Facts about people are sealed under the person's own key; clear columns hold codes and days."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from guiyan.platform.ids import new_id


class Note(models.Model):
    """What somebody worked out at the law workbench and kept: title, text, what was entered, what came out.

    Sealed under the key of the person it is about, else of the account that made it. Never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    sealed_title = models.BinaryField()
    sealed_text = models.BinaryField()
    sealed_inputs = models.BinaryField()
    sealed_result = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case_id__isnull=True) | Q(person_id__isnull=False),
                name="note_case_has_person",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id", "-made_at"], name="note_case"),
            models.Index(fields=["person_id", "-made_at"], name="note_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def key_id(self) -> UUID:
        """Whose key seals the note."""
        return self.person_id or self.made_by

    def where(self, field: str) -> str:
        """Where the content of one field is sealed."""
        return f"compliance_note/{self.id}/{field}"
