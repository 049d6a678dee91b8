"""A case whose log went on under a new key after a restore, and packs of it: honest ones and forged ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from guiyan.ledger import note, packfile, tree
from guiyan.ledger.entry import Actor, CaseStep, Entry, EntryType, case_tag, encode, next_step
from guiyan.ledger.note import Checkpoint, SigningKey
from guiyan.ledger.packfile import Disclosure, EarlierLog, LoggedEntry, PackContents
from tests.ledger import ledger_samples as samples

OLD = samples.KEY
NEW = SigningKey("hr.example.cn/evidence/t1/e2", hashlib.sha256(b"log key of the second epoch").digest())
KEYS = [OLD.verifier.text, NEW.verifier.text]
LATER = 4  # this many steps lie before the restore; the next one waited when the new log began


@dataclass(frozen=True)
class Restored:
    """Two logs in memory with a case of seven steps across them."""

    before: tuple[bytes, ...]
    after: tuple[bytes, ...]
    old_steps: tuple[LoggedEntry, ...]
    new_steps: tuple[LoggedEntry, ...]

    def contents(self, **changes: Any) -> PackContents:
        """What the pack holds."""
        plain = samples.contents(samples.sample())
        made = replace(
            plain,
            steps=self.new_steps,
            log_key=NEW.verifier,
            disclosures=(
                Disclosure(self.new_steps[0].index, samples.REASON),
                Disclosure(self.old_steps[1].index, samples.AUTH, OLD.name),
            ),
            earlier=(EarlierLog(1, OLD.verifier, signed(self.before, OLD), stored(self.before), self.old_steps),),
            opening=LoggedEntry(0, self.after[0]),
        )
        return replace(made, **changes)


def stored(entries: tuple[bytes, ...]) -> tree.StoredTree:
    """The entries as a tree."""
    return tree.stored_from_leaves(tree.leaf_hashes(entries))


def signed(entries: tuple[bytes, ...], key: SigningKey) -> bytes:
    """Their signed head."""
    return note.sign_checkpoint(Checkpoint(key.name, stored(entries).head()), key)


def statement(before: tuple[bytes, ...], **changes: Any) -> bytes:
    """The entry that opens the new log and says where the old one ended."""
    head = stored(before).head()
    told = {"origin": OLD.name, "size": head.size, "root": head.root.hex(), "reason": "restored", "nonce": "0" * 32}
    made = Entry(
        log=NEW.name,
        entry_id="01930ffe-0000-7000-8000-000000000ffe",
        type=changes.pop("type", EntryType.LOG_EPOCH),
        actor=Actor("system", "system"),
        at=samples.START + timedelta(hours=13),
        step=changes.pop("step", None),
        public={**told, **changes},
    )
    return encode(made)


def restored(*, lost: int = 0, told: dict[str, Any] | None = None) -> Restored:
    """The logs; ``lost`` entries were signed and are gone, ``told`` alters the statement."""
    place = CaseStep(case_tag(b"k" * 32, "case 1"))
    before: list[bytes] = []
    old_steps: list[LoggedEntry] = []
    new_steps: list[LoggedEntry] = []
    for number, (kind, role) in enumerate(samples.STORY[:LATER]):
        before.append(samples.event(OLD, 3 * number, EntryType.IMPORT_LOADED, "hr", None))
        data = samples.event(OLD, 3 * number + 1, kind, role, place)
        place = next_step(data)
        old_steps.append(LoggedEntry(len(before), data))
        before.append(data)
    gone = [samples.event(OLD, 100 + number, EntryType.FACT_RECORDED, "hr", None) for number in range(lost)]
    after = [statement((*before, *gone), **(told or {}))]
    for number, (kind, role) in enumerate(samples.STORY[LATER:]):
        key = OLD if number == 0 else NEW  # it waited in the outbox and keeps the old name
        data = samples.event(key, 3 * (LATER + number) + 2, kind, role, place)
        place = next_step(data)
        new_steps.append(LoggedEntry(len(after), data))
        after.append(data)
    return Restored(tuple(before), tuple(after), tuple(old_steps), tuple(new_steps))


def sealed(case: Restored, contents: PackContents | None = None) -> bytes:
    """The finished pack."""
    draft = packfile.draft(contents or case.contents())
    export, after = exported(case, draft)
    return packfile.finish(draft, export=export, tree=stored(after), checkpoint=signed(after, NEW))


def exported(case: Restored, draft: packfile.Draft, **public: Any) -> tuple[LoggedEntry, tuple[bytes, ...]]:
    """The entry that seals a draft on the new log, and the log with it."""
    made = Entry(
        log=NEW.name,
        entry_id="01930fff-0000-7000-8000-000000000fff",
        type=EntryType.CASE_EXPORTED,
        actor=Actor("s_hr", "hr"),
        at=samples.START + timedelta(days=3),
        step=draft.step,
        public={**draft.public, **public},
    )
    data = encode(made)
    return LoggedEntry(len(case.after), data), (*case.after, data)


def resealed(members: dict[str, bytes], case: Restored) -> bytes:
    """A pack whose operator, holding both keys, puts in what it likes and seals it anew."""
    draft = packfile.draft(case.contents())
    kept = {name: data for name, data in members.items() if name not in ("manifest.json", "SHA256SUMS", "SM3SUMS")}
    export_name = f"entries/{len(case.after)}.json"
    outside = {name for name in kept if name.startswith("proofs/")} | {"checkpoint", export_name}
    listed = {name: data for name, data in kept.items() if name not in outside}
    listed |= packfile._sums(listed)
    rows = [packfile._row(name, listed[name]) for name in sorted(listed)]
    manifest = packfile.compact_json({"v": 1, "files": rows})
    export, after = exported(case, draft, manifest_sha256=hashlib.sha256(manifest).hexdigest())
    made = {**listed, "manifest.json": manifest, "checkpoint": signed(after, NEW), export_name: export.data}
    for name in [name for name in made if name.startswith("entries/")]:
        index = int(name[8:-5])
        made[f"proofs/{index}.tlog-proof"] = packfile.Proof(
            index, stored(after).inclusion(index), made["checkpoint"]
        ).data
    return packfile.write_archive(made)
