"""A small log with a case in it, and packs of that case: what the tests of packs and verifiers start from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from guiyan.ledger import note, packfile, tree
from guiyan.ledger.entry import Actor, CaseStep, Entry, EntryType, ObjectRef, Opening, case_tag, encode, next_step
from guiyan.ledger.note import Checkpoint, SigningKey
from guiyan.ledger.packfile import Disclosure, Draft, LoggedEntry, PackContents

ORIGIN = "hr.example.cn/evidence/t1/e1"
KEY = SigningKey(ORIGIN, hashlib.sha256(b"log key of the samples").digest())
START = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
LETTER = b"%PDF-1.7 resignation letter"
RECEIPT = b"provider receipt 0001"
REPORT = b"%PDF-1.7 report"
REASON = Opening("reason", b"\x21" * 32, "家里有事，申请撤回辞职。")
AUTH = Opening("actor.auth", b"\x22" * 32, "password+totp")
STORY = [
    (EntryType.CASE_OPENED, "employee"),
    (EntryType.RESIGN_SUBMITTED, "employee"),
    (EntryType.RESIGN_ARRIVED, "system"),
    (EntryType.APPROVE_ACKNOWLEDGED, "manager"),
    (EntryType.RESIGN_WITHDRAWN, "employee"),
    (EntryType.WITHDRAW_APPROVED, "hr"),
    (EntryType.EMPLOYMENT_RESTORED, "system"),
]


@dataclass(frozen=True)
class Sample:
    """A log in memory, its key, and the places of the case in it."""

    key: SigningKey
    entries: tuple[bytes, ...]
    steps: tuple[LoggedEntry, ...]

    def extended(self, *more: bytes) -> Sample:
        """The log with entries appended; those of the case are not added to its steps."""
        return replace(self, entries=(*self.entries, *more))

    def tree(self) -> tree.StoredTree:
        """The whole log as a tree."""
        return tree.stored_from_leaves(tree.leaf_hashes(self.entries))

    def checkpoint(self, key: SigningKey | None = None) -> bytes:
        """The log's signed head."""
        signer = key or self.key
        return note.sign_checkpoint(Checkpoint(signer.name, self.tree().head()), signer)


def event(key: SigningKey, number: int, kind: EntryType, role: str, step: CaseStep | None) -> bytes:
    """One entry, the same bytes every time."""
    at = START + timedelta(hours=number)
    made = Entry(
        log=key.name,
        entry_id=f"0193{number:04x}-0000-7000-8000-{number:012x}",
        type=kind,
        actor=Actor(f"s{number}", role),
        at=at,
        step=step,
        public={"channel": "phone"},
    )
    if kind is EntryType.RESIGN_SUBMITTED:
        made = replace(made, objects=(ObjectRef.of("pdf", LETTER),), actor=Actor("s1", role, AUTH.commitment))
    if kind is EntryType.RESIGN_ARRIVED:
        made = replace(made, objects=(ObjectRef.of("receipt", RECEIPT),))
    if kind is EntryType.RESIGN_WITHDRAWN:
        made = replace(made, commitments={REASON.name: REASON.commitment})
    return encode(made)


@cache
def sample(origin: str = ORIGIN, case: str = "case 1") -> Sample:
    """A log of 23 entries: a case of seven steps scattered among the entries of others."""
    key = replace(KEY, name=origin)
    entries: list[bytes] = []
    steps: list[LoggedEntry] = []
    place = CaseStep(case_tag(b"k" * 32, case))
    for number in range(23):
        if number % 3 == 1 and len(steps) < len(STORY):
            kind, role = STORY[len(steps)]
            data = event(key, number, kind, role, place)
            place = next_step(data)
            steps.append(LoggedEntry(number, data))
        else:
            data = event(key, number, EntryType.IMPORT_LOADED, "hr", None)
        entries.append(data)
    return Sample(key, tuple(entries), tuple(steps))


def contents(log: Sample) -> PackContents:
    """Everything that the case's pack holds."""
    return PackContents(
        title="张三辞职与撤回",
        steps=log.steps,
        report=REPORT,
        log_key=log.key.verifier,
        documents={"letter.pdf": LETTER, "receipts/0001.txt": RECEIPT},
        disclosures=(Disclosure(log.steps[4].index, REASON), Disclosure(log.steps[1].index, AUTH)),
        keys={"ca-root.pem": b"certificate"},
        system={"software": "guiyan", "clock": "ntp"},
        published=("https://hr.example.cn/log-key",),
    )


def export_entry(log: Sample, pack: Draft, **changes: object) -> LoggedEntry:
    """The entry that seals a draft, as it would be appended to the log."""
    made = Entry(
        log=log.key.name,
        entry_id="01930fff-0000-7000-8000-000000000fff",
        type=EntryType.CASE_EXPORTED,
        actor=Actor("s_hr", "hr"),
        at=START + timedelta(days=3),
        step=pack.step,
        public=pack.public,
    )
    return LoggedEntry(len(log.entries), encode(replace(made, **changes)))  # type: ignore[arg-type]


@cache
def sealed(origin: str = ORIGIN) -> tuple[Sample, bytes]:
    """The log after the export, and the finished pack."""
    log = sample(origin)
    pack = packfile.draft(contents(log))
    export = export_entry(log, pack)
    after = log.extended(export.data, event(log.key, 40, EntryType.IMPORT_LOADED, "hr", None))
    return after, packfile.finish(pack, export=export, tree=after.tree(), checkpoint=after.checkpoint())


def members_of(data: bytes) -> dict[str, bytes]:
    """Files of a pack, read without any check."""
    found: dict[str, bytes] = {}
    place = 0
    while data[place : place + 4] == b"PK\x03\x04":
        size = int.from_bytes(data[place + 18 : place + 22], "little")
        start = place + 30 + int.from_bytes(data[place + 26 : place + 28], "little")
        found[data[place + 30 : start].decode()] = data[start : start + size]
        place = start + size
    return found
