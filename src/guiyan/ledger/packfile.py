"""The evidence pack of one case: a zip that a stranger can check offline.

Two steps, because the pack is sealed by an entry of the log itself. `draft` lays out everything and gives the digest
of its manifest; the caller appends the `case.exported` entry that states it and waits until a checkpoint covers it;
`finish` adds that entry, the proofs and the checkpoint, and checks the whole as a stranger would before it is handed
out. The same input gives the same bytes: files are stored, sorted, and carry no times.

Layout: 00-报告.pdf, 00-验证说明.txt, case.json, manifest.json, SHA256SUMS, SM3SUMS, checkpoint, entries/N.json,
proofs/N.tlog-proof, docs/..., disclosed.json, keys/..., verify.py, verify.html. When the log went on under a new key
after a restore, each earlier part lies in epochs/M/ (checkpoint, log.vkey, log.pub.pem, entries/, proofs/), and entry 0
of every later part is the statement that joins it to the one before. A pack of one part has none of this.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from guiyan.ledger.entry import (
    CaseStep,
    Entry,
    EntryError,
    Opening,
    compact_json,
    is_simulation,
    next_step,
    parse,
    sm3_hex,
)
from guiyan.ledger.note import VerifierKey
from guiyan.ledger.proof import SUFFIX, Proof
from guiyan.ledger.tree import StoredTree, TreeError
from guiyan.ledger.verifier import command, verify

_PEM_PREFIX = bytes.fromhex("302a300506032b6570032100")
_EARLIER = """恢复前的日志，另有公钥  Log before a restore, with a key of its own: {part.log_key.name}
公钥 Key: {part.log_key.text}
公钥指纹 Fingerprint (SHA-256): {part.log_key.fingerprint}
"""
_JOINT = re.compile(r"^from guiyan\.ledger\.verifier\.verify import .*\n", re.MULTILINE)  # in a pack they are one file
_SCRIPTS = ("verify_core.js", "verify_pack.js", "verify_page.js")


class PackError(ValueError):
    """A pack cannot be made of this, or would not be accepted by its own verifier."""


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry with its index in the log; `data` are its exact bytes."""

    index: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A commitment of the entry at `index`, opened because this dispute needs it.

    `log` is the name of the entry's log, "" for the newest.
    """

    index: int
    opening: Opening
    log: str = ""


@dataclass(frozen=True, slots=True)
class EarlierLog:
    """A part of the log that a restore ended: its number from 1, key, last checkpoint held and tree of that size.

    `steps` are the case's steps in it (perhaps none), `opening` its entry 0 where another part lies before it.
    """

    number: int
    log_key: VerifierKey
    checkpoint: bytes
    tree: StoredTree
    steps: tuple[LoggedEntry, ...]
    opening: LoggedEntry | None = None


@dataclass(frozen=True, slots=True)
class PackContents:
    """What goes into a pack.

    `title` and `system` (hardware, software, clock, custody) are the operator's own words; `steps` all entries of the
    case on the newest log up to its head, every one covered by a checkpoint; `earlier` the parts before, oldest first,
    and then `opening` the newest log's entry 0; together they hold the case from number 1; `report` a PDF; `documents`
    file name (below docs/) to bytes, each recorded as an object of some step; `keys` further key files, name to bytes;
    `published` where the log's key is published outside the pack.
    """

    title: str
    steps: tuple[LoggedEntry, ...]
    report: bytes
    log_key: VerifierKey
    documents: Mapping[str, bytes] = field(default_factory=dict)
    disclosures: tuple[Disclosure, ...] = ()
    keys: Mapping[str, bytes] = field(default_factory=dict)
    system: Mapping[str, str] = field(default_factory=dict)
    published: tuple[str, ...] = ()
    earlier: tuple[EarlierLog, ...] = ()
    opening: LoggedEntry | None = None

    @property
    def placed(self) -> tuple[tuple[str, LoggedEntry], ...]:
        """All steps of the case in order, each with the name of its log."""
        before = [(part.log_key.name, step) for part in self.earlier for step in part.steps]
        return (*before, *((self.log_key.name, step) for step in self.steps))


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack that waits for its seal.

    Append an entry of type `case.exported` with `step` and `public` (no other keys are needed) and hand it to `finish`.
    `proved` are the entries of the newest log in it.
    """

    log_keys: tuple[VerifierKey, ...]
    proved: tuple[LoggedEntry, ...]
    members: Mapping[str, bytes]
    step: CaseStep
    public: Mapping[str, Any]


def draft(contents: PackContents) -> Draft:
    """Lay out a pack and name what its export entry must state. Raises PackError before anything is logged."""
    entries = _parsed_steps(contents)
    _need_documents(contents, entries)
    _need_openings(contents, entries)
    if not contents.report.startswith(b"%PDF-"):
        raise PackError("the report is not a PDF")
    key = contents.log_key
    many = bool(contents.earlier)
    items = [_opened(each) | ({"log": each.log or key.name} if many else {}) for each in contents.disclosures]
    proved = (*((contents.opening,) if contents.opening and many else ()), *contents.steps)
    members = {
        verify.REPORT: contents.report,
        verify.GUIDE: _guide(contents),
        "case.json": compact_json(_case(contents, entries)),
        "disclosed.json": compact_json({"v": 1 + many, "items": items}),
        "keys/log.vkey": f"{key.text}\n".encode(),
        "keys/log.pub.pem": _pem(key),
        **{f"entries/{step.index}.json": step.data for step in proved},
        **{f"docs/{name}": data for name, data in contents.documents.items()},
        **{f"keys/{name}": data for name, data in contents.keys.items()},
        **verifier_files(),
    }
    for part in contents.earlier:
        members |= _part(part)
    members |= _sums(members)
    _need_fit(members)
    members["manifest.json"] = compact_json({"v": 1, "files": [_row(name, members[name]) for name in sorted(members)]})
    following = next_step(contents.placed[-1][1].data)
    public = {
        "manifest_sha256": hashlib.sha256(members["manifest.json"]).hexdigest(),
        "head_cseq": len(entries),
        "head_leaf": following.cprev,
    }
    return Draft((*(part.log_key for part in contents.earlier), key), proved, members, following, public)


def _part(part: EarlierLog) -> dict[str, bytes]:
    """What an earlier log brings. It has ended, so that its proofs are known before the seal and lie under it."""
    folder = f"epochs/{part.number}/"
    members = {
        f"{folder}checkpoint": part.checkpoint,
        f"{folder}log.vkey": f"{part.log_key.text}\n".encode(),
        f"{folder}log.pub.pem": _pem(part.log_key),
    }
    for entry in (*((part.opening,) if part.opening else ()), *part.steps):
        try:
            proof = Proof(entry.index, part.tree.inclusion(entry.index), part.checkpoint)
        except TreeError as error:
            raise PackError(f"entry {entry.index} of {part.log_key.name}: {error}") from None
        members[f"{folder}entries/{entry.index}.json"] = entry.data
        members[f"{folder}proofs/{entry.index}{SUFFIX}"] = proof.data
    return members


def finish(pack: Draft, *, export: LoggedEntry, tree: StoredTree, checkpoint: bytes) -> bytes:
    """Seal a draft with its export entry and return the zip.

    `tree` is the log at the size that `checkpoint` (the signed note) states; it covers the export entry. Raises
    PackError when the pack's own verifier would refuse it, so that no pack leaves that does not keep its promise.
    """
    members = dict(pack.members)
    members["checkpoint"] = checkpoint
    members[f"entries/{export.index}.json"] = export.data
    try:
        for step in (*pack.proved, export):
            proof = Proof(step.index, tree.inclusion(step.index), checkpoint)
            members[f"proofs/{step.index}{SUFFIX}"] = proof.data
        data = write_archive(members)
        verify.check(data, [key.text for key in pack.log_keys])
    except (TreeError, verify.Refused) as error:
        raise PackError(f"the pack would be refused: {error}") from None
    return data


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """The one zip that holds these files: sorted by name, stored, without times, owners, comments or extra fields."""
    parts: list[bytes] = []
    records: list[bytes] = []
    place = 0
    for name, data in sorted((name.encode(), data) for name, data in members.items()):
        local, record = verify.headers(name, zlib.crc32(data), len(data), place)
        parts += [local, data]
        records.append(record)
        place += len(local) + len(data)
    return b"".join([*parts, verify.directory_end(records, place)])


def verifier_files() -> dict[str, bytes]:
    """The verifiers as they lie in every pack: `verify.py` with its words, `verify.html` made of its parts."""
    folder = resources.files("guiyan.ledger.verifier")
    names = (folder / "words.txt").read_text("utf-8")
    spoken = (folder / "command.py").read_text("utf-8").partition("from __future__ import annotations\n")[2]
    program = (folder / "verify.py").read_text("utf-8") + "".join(_JOINT.split(spoken))
    program = program.replace('\nWORDS = ""\n', f'\nWORDS = """\n{names}"""\n')
    words = json.dumps({"reasons": verify.REASONS, "types": verify.TYPES}, ensure_ascii=False)
    scripts = [(folder / name).read_text("utf-8").replace("__WORDS__", words) for name in _SCRIPTS]
    style = (folder / "verify.css").read_text("utf-8")
    page = (folder / "verify_frame.html").read_text("utf-8")
    page = page.replace("__SCRIPT_HASHES__", " ".join(_csp_hash(script) for script in scripts))
    page = page.replace("__STYLE_HASH__", _csp_hash(style)).replace("__STYLE__", style)
    page = page.replace("__SCRIPTS__", "\n".join(f"<script>{script}</script>" for script in scripts))
    return {"verify.py": program.encode(), "verify.html": page.encode()}


def verifier_digests() -> dict[str, str]:
    """SHA-256 of each verifier file: what is published outside the packs."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in verifier_files().items()}


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _parsed_steps(contents: PackContents) -> list[Entry]:
    if not contents.placed:
        raise PackError("a case without steps")
    names = [*(part.log_key.name for part in contents.earlier), contents.log_key.name]
    entries: list[Entry] = []
    expected = CaseStep("")
    for name, logged in contents.placed:
        try:
            entry = parse(logged.data)
            following = next_step(logged.data)
        except EntryError as error:
            raise PackError(f"entry {logged.index}: {error}") from None
        tag = entries[0].step.tag if entries and entries[0].step else following.tag
        if entry.step != CaseStep(tag, expected.cseq, expected.cprev):
            raise PackError(f"entry {logged.index} is not step {expected.cseq} of the case")
        if entry.log not in names[: names.index(name) + 1]:
            raise PackError(f"entry {logged.index} belongs to the log {entry.log}")
        entries.append(entry)
        expected = following
    places = [(names.index(name), step.index) for name, step in contents.placed]
    if places != sorted(set(places)):
        raise PackError("the steps of the case do not lie in the log in their order")
    return entries


def _need_documents(contents: PackContents, entries: list[Entry]) -> None:
    known = {(each.sha256, each.length) for entry in entries for each in entry.objects}
    for name, data in contents.documents.items():
        if (hashlib.sha256(data).hexdigest(), len(data)) not in known:
            raise PackError(f"no step records the document {name}")


def _need_openings(contents: PackContents, entries: list[Entry]) -> None:
    by_place = {(name, step.index): entry for (name, step), entry in zip(contents.placed, entries, strict=True)}
    for each in contents.disclosures:
        entry, name = by_place.get((each.log or contents.log_key.name, each.index)), each.opening.name
        promised = None
        if entry is not None:
            promised = entry.actor.auth if name == "actor.auth" else entry.commitments.get(name)
        if each.opening.commitment != promised:
            raise PackError(f"the value of {name} does not open a commitment of entry {each.index}")


def _need_fit(members: Mapping[str, bytes]) -> None:
    """Names and sizes that the verifier accepts, while it still costs nothing to refuse."""
    try:
        verify.read_archive(write_archive(members))
    except verify.Refused as refusal:
        raise PackError(f"the pack would be refused: {refusal}") from None


def _case(contents: PackContents, entries: list[Entry]) -> dict[str, Any]:
    many = bool(contents.earlier)
    rows: list[dict[str, Any]] = []
    for number, (name, step) in enumerate(contents.placed, start=1):
        row = {"cseq": number, "index": step.index, "leaf": next_step(step.data).cprev}
        rows.append({**row, "log": name} if many else row)
    logs = [*(part.log_key.name for part in contents.earlier), contents.log_key.name]
    return {
        "v": 1 + many,
        "log": contents.log_key.name,
        **({"logs": logs} if many else {}),
        "case": next_step(contents.placed[0][1].data).tag,
        "title": contents.title,
        "steps": rows,
        "head": {"cseq": len(entries), "leaf": rows[-1]["leaf"]},
        "system": dict(contents.system),
        "published": list(contents.published),
    }


def _opened(each: Disclosure) -> dict[str, Any]:
    opening = each.opening
    return {"index": each.index, "field": opening.name, "salt": opening.salt.hex(), "value": opening.value}


def _row(name: str, data: bytes) -> dict[str, Any]:
    return {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "sm3": sm3_hex(data)}


def _sums(members: Mapping[str, bytes]) -> dict[str, bytes]:
    rows = [_row(name, members[name]) for name in sorted(members)]
    return {
        "SHA256SUMS": "".join(f"{row['sha256']}  {row['path']}\n" for row in rows).encode(),
        "SM3SUMS": "".join(f"{row['sm3']}  {row['path']}\n" for row in rows).encode(),
    }


def _pem(key: VerifierKey) -> bytes:
    body = base64.b64encode(_PEM_PREFIX + key.public).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n".encode()


def _guide(contents: PackContents) -> bytes:
    """The guide in words: text of the operator goes in on one line, so that it cannot pose as part of the guide."""
    template = resources.files("guiyan.ledger.verifier").joinpath("guide.txt").read_text("utf-8")
    simulated = is_simulation(contents.log_key.name)
    text = string.Template(template).substitute(
        simulation="*** 模拟，不是证据 / SIMULATION, NOT EVIDENCE ***\n\n" if simulated else "",
        title=_one_line(contents.title),
        origin=contents.log_key.name,
        vkey=contents.log_key.text,
        fingerprint=contents.log_key.fingerprint,
        published=_one_line("; ".join(contents.published)) or "—",
        earlier="".join(_EARLIER.format(part=part) for part in contents.earlier),
    )
    return text.encode()


def _one_line(text: str) -> str:
    return command.clean(re.sub(r"\s+", " ", text))
