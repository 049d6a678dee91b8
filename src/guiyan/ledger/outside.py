"""Copies of the newest checkpoints, kept outside the database.

``$GUIYAN_HOME/checkpoints/<tenant>/e<epoch>`` holds the newest checkpoint of an epoch, written after every commit. A
database that was set back, or replaced by an older copy, is found out by it. Keep a copy elsewhere, too: whoever can
write here and in the database can set both back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guiyan.ledger import keys
from guiyan.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from guiyan.platform import home

FOLDER_MODE = 0o700


class OutsideError(RuntimeError):
    """The copy outside the database cannot be used; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A checkpoint kept outside: its epoch, the note's bytes, and what it says (signature checked)."""

    epoch: int
    note: bytes
    checkpoint: Checkpoint


def folder(tenant: str) -> Path:
    """Return the folder of a tenant's copies."""
    return home.home() / "checkpoints" / tenant


def write(tenant: str, epoch: int, note: bytes) -> None:
    """Keep ``note`` as the newest checkpoint of an epoch."""
    keys.write_private(folder(tenant) / f"e{epoch}", note)


def newest(tenant: str, known: dict[str, VerifierKey]) -> Copy | None:
    """Return the newest copy of a tenant's checkpoints, or None when none was kept.

    ``known`` maps names of logs to their keys. Raises ``OutsideError`` for a copy that no known key signed.
    """
    place = folder(tenant)
    epochs = sorted((int(file.name[1:]) for file in place.glob("e*") if file.name[1:].isdigit()), reverse=True)
    if not epochs:
        return None
    file = place / f"e{epochs[0]}"
    note = file.read_bytes()
    try:
        name = note.split(b"\n", 1)[0].decode()
        return Copy(epochs[0], note, open_checkpoint(note, known[name]))
    except (NoteError, KeyError, UnicodeDecodeError) as error:
        raise OutsideError(f"{file} is not signed by a key of this installation: {error}") from None
