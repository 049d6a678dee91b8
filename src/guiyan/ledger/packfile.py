"""The evidence pack of one case: a zip that a stranger can check offline.

Two steps, because the pack is sealed by an entry of the log itself. `draft` lays out everything and gives the digest
of its manifest; the caller appends the `case.exported` entry that states it and waits until a checkpoint covers it;
`finish` adds that entry, the proofs and the checkpoint, and checks the whole as a stranger would before it is handed
out. The same input gives the same bytes: files are stored, sorted, and carry no times.

Layout: 00-报告.pdf, 00-验证说明.txt, case.json, manifest.json, SHA256SUMS, SM3SUMS, checkpoint, entries/N.json,
proofs/N.tlog-proof, docs/..., disclosed.json, keys/..., verify.py, verify.html.
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
from guiyan.ledger.verifier import verify

_PEM_PREFIX = bytes.fromhex("302a300506032b6570032100")
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
    """A commitment of the entry at `index`, opened because this dispute needs it."""

    index: int
    opening: Opening


@dataclass(frozen=True, slots=True)
class PackContents:
    """What goes into a pack.

    `title` and `system` (hardware, software, clock, custody) are the operator's own words; `steps` all entries of the
    case from number 1 to its head, every one covered by a checkpoint; `report` a PDF; `documents` file name (below
    docs/) to bytes, each recorded as an object of some step; `keys` further key files, name to bytes; `published`
    where the log's key is published outside the pack.
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack that waits for its seal.

    Append an entry of type `case.exported` with `step` and `public` (no other keys are needed) and hand it to `finish`.
    """

    log_key: VerifierKey
    steps: tuple[LoggedEntry, ...]
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
    members = {
        verify.REPORT: contents.report,
        verify.GUIDE: _guide(contents),
        "case.json": compact_json(_case(contents, entries)),
        "disclosed.json": compact_json({"v": 1, "items": [_opened(each) for each in contents.disclosures]}),
        "keys/log.vkey": f"{key.text}\n".encode(),
        "keys/log.pub.pem": _pem(key),
        **{f"entries/{step.index}.json": step.data for step in contents.steps},
        **{f"docs/{name}": data for name, data in contents.documents.items()},
        **{f"keys/{name}": data for name, data in contents.keys.items()},
        **verifier_files(),
    }
    members |= _sums(members)
    _need_fit(members)
    members["manifest.json"] = compact_json({"v": 1, "files": [_row(name, members[name]) for name in sorted(members)]})
    public = {
        "manifest_sha256": hashlib.sha256(members["manifest.json"]).hexdigest(),
        "head_cseq": len(contents.steps),
        "head_leaf": next_step(contents.steps[-1].data).cprev,
    }
    return Draft(key, contents.steps, members, next_step(contents.steps[-1].data), public)


def finish(pack: Draft, *, export: LoggedEntry, tree: StoredTree, checkpoint: bytes) -> bytes:
    """Seal a draft with its export entry and return the zip.

    `tree` is the log at the size that `checkpoint` (the signed note) states; it covers the export entry. Raises
    PackError when the pack's own verifier would refuse it, so that no pack leaves that does not keep its promise.
    """
    members = dict(pack.members)
    members["checkpoint"] = checkpoint
    members[f"entries/{export.index}.json"] = export.data
    try:
        for step in (*pack.steps, export):
            proof = Proof(step.index, tree.inclusion(step.index), checkpoint)
            members[f"proofs/{step.index}{SUFFIX}"] = proof.data
        data = write_archive(members)
        verify.check(data, [pack.log_key.text])
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
    program = (folder / "verify.py").read_text("utf-8").replace('\nWORDS = ""\n', f'\nWORDS = """\n{names}"""\n')
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
    if not contents.steps:
        raise PackError("a case without steps")
    entries: list[Entry] = []
    expected = CaseStep("")
    for logged in contents.steps:
        try:
            entry = parse(logged.data)
            following = next_step(logged.data)
        except EntryError as error:
            raise PackError(f"entry {logged.index}: {error}") from None
        tag = entries[0].step.tag if entries and entries[0].step else following.tag
        if entry.step != CaseStep(tag, expected.cseq, expected.cprev):
            raise PackError(f"entry {logged.index} is not step {expected.cseq} of the case")
        if entry.log != contents.log_key.name:
            raise PackError(f"entry {logged.index} belongs to the log {entry.log}")
        entries.append(entry)
        expected = following
    indexes = [step.index for step in contents.steps]
    if indexes != sorted(set(indexes)):
        raise PackError("the steps of the case do not lie in the log in their order")
    return entries


def _need_documents(contents: PackContents, entries: list[Entry]) -> None:
    known = {(each.sha256, each.length) for entry in entries for each in entry.objects}
    for name, data in contents.documents.items():
        if (hashlib.sha256(data).hexdigest(), len(data)) not in known:
            raise PackError(f"no step records the document {name}")


def _need_openings(contents: PackContents, entries: list[Entry]) -> None:
    by_index = {step.index: entry for step, entry in zip(contents.steps, entries, strict=True)}
    for each in contents.disclosures:
        entry, name = by_index.get(each.index), each.opening.name
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
    following = [next_step(step.data) for step in contents.steps]
    rows = [
        {"cseq": after.cseq - 1, "index": step.index, "leaf": after.cprev}
        for step, after in zip(contents.steps, following, strict=True)
    ]
    return {
        "v": 1,
        "log": contents.log_key.name,
        "case": following[0].tag,
        "title": contents.title,
        "steps": rows,
        "head": {"cseq": len(entries), "leaf": following[-1].cprev},
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
    )
    return text.encode()


def _one_line(text: str) -> str:
    return verify.clean(re.sub(r"\s+", " ", text))
