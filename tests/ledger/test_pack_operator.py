"""Even the operator, who holds the log's key, cannot seal a pack that contradicts itself; and the page agrees."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from guiyan.ledger import note, packfile, tree
from guiyan.ledger.entry import CaseStep, EntryType, case_tag, compact_json
from guiyan.ledger.verifier import verify
from tests.ledger import ledger_samples as samples
from tests.ledger.forging import (
    MEMBERS,
    SIGNATURES,
    TRICKS,
    VKEY,
    Members,
    reason,
    repacked,
    resealed,
    with_manifest,
    without_step,
)

if TYPE_CHECKING:
    from tests.ledger.conftest import PageCheck


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer again what was asked before: judging a signature is a pure function, and the slowest one."""
    monkeypatch.setattr(verify, "ed25519_verify", SIGNATURES)


def edited(name: str, **changes: Any) -> Members:
    return {**MEMBERS, name: compact_json({**json.loads(MEMBERS[name]), **changes})}


def disclosing(**changes: Any) -> bytes:
    """A pack with one disclosure, changed."""
    return resealed(edited("disclosed.json", items=[{**DISCLOSED[0], **changes}]))


DISCLOSED = json.loads(MEMBERS["disclosed.json"])["items"]
CASE = json.loads(MEMBERS["case.json"])
HEAD = samples.sample().steps[-1].index
OPERATOR: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an honest export": ("", resealed),
    "a step left out": ("chain", lambda: resealed(without_step(MEMBERS, 10))),
    "the first step left out": ("chain", lambda: resealed(without_step(MEMBERS, 1))),
    "the last step left out": ("chain", lambda: resealed(without_step(MEMBERS, HEAD))),
    "a head that is not the last step": ("head", lambda: resealed(public={"head_cseq": 6})),
    "a head with another leaf": ("head", lambda: resealed(public={"head_leaf": "00" * 32})),
    "a head that is true instead of 7": ("head", lambda: resealed(public={"head_cseq": True})),
    "no digest": ("export", lambda: resealed(public={"manifest_sha256": "none"})),
    "another type": ("export", lambda: resealed(type=EntryType.CASE_CLOSED)),
    "an export outside the case": ("chain", lambda: resealed(step=None)),
    "a document nobody recorded": ("document", lambda: resealed({**MEMBERS, "docs/letter.pdf": b"another letter"})),
    "a file of no known kind": ("member-unknown", lambda: resealed({**MEMBERS, "setup.exe": b"MZ"})),
    "a value that was never committed": ("disclosed", lambda: disclosing(value="本人自愿辞职")),
    "a value of another field": ("disclosed", lambda: disclosing(field="mobile")),
    "a value of an entry that is not there": ("disclosed", lambda: disclosing(index=2)),
    "a salt of another length": ("disclosed", lambda: disclosing(salt="21" * 31)),
    "a list that is none": ("disclosed", lambda: resealed(edited("disclosed.json", items={}))),
    "fewer steps in case.json": ("case", lambda: resealed(edited("case.json", steps=CASE["steps"][:-1]))),
    "another head in case.json": ("case", lambda: resealed(edited("case.json", head={"cseq": 6, "leaf": "00" * 32}))),
    "another case in case.json": ("case", lambda: resealed(edited("case.json", case="00" * 32))),
    "another log in case.json": ("case", lambda: resealed(edited("case.json", log="elsewhere"))),
    "no places in case.json": ("case", lambda: resealed(edited("case.json", published=[1]))),
    "another version": ("case", lambda: resealed(edited("case.json", v=True))),
    "a case.json that is a list": ("case", lambda: resealed({**MEMBERS, "case.json": b"[]"})),
    "a title that is none": ("case", lambda: resealed(edited("case.json", title=7))),
    "a system that is none": ("case", lambda: resealed(edited("case.json", system=[]))),
    "one place instead of a list": ("case", lambda: resealed(edited("case.json", published="here"))),
    "no steps in case.json": ("case", lambda: resealed(edited("case.json", steps=None))),
    "disclosures that are a list": ("disclosed", lambda: resealed({**MEMBERS, "disclosed.json": b"[]"})),
    "disclosures of another version": ("disclosed", lambda: resealed(edited("disclosed.json", v=2))),
    "a disclosure that is none": ("disclosed", lambda: resealed(edited("disclosed.json", items=[1]))),
    "a field that is none": ("disclosed", lambda: disclosing(field=1)),
    "a value that is none": ("disclosed", lambda: disclosing(value=1)),
    "an index that is true": ("disclosed", lambda: disclosing(index=True)),
    "a sign-in where none was recorded": ("disclosed", lambda: disclosing(field="actor.auth")),
    "doubled keys": ("json", lambda: resealed({**MEMBERS, "case.json": b'{"v":1,"v":1}'})),
    "a fraction": ("json", lambda: resealed({**MEMBERS, "disclosed.json": b'{"v":1.0,"items":[]}'})),
    "a key file that is another key": (
        "key", lambda: resealed({**MEMBERS, "keys/log.pub.pem": MEMBERS["keys/log.pub.pem"].replace(b"A", b"B", 1)}),
    ),
}  # fmt: skip


def logged_instead(old: bytes, new: bytes) -> bytes:
    """A pack whose second step was logged with other bytes, and whose later steps follow it."""
    log = samples.sample()
    entries, members = list(log.entries), dict(MEMBERS)
    first, *rest = log.steps
    assert old in first.data
    bent = first.data.replace(old, new, 1)
    entries[first.index] = bent
    before = bent
    for step in rest:
        place = hashlib.sha256(b"\x00" + before).hexdigest()
        cprev = json.loads(step.data)["cprev"]
        before = entries[step.index] = step.data.replace(cprev.encode(), place.encode())
    for step in log.steps:
        members[f"entries/{step.index}.json"] = entries[step.index]
    rows = [
        {**row, "leaf": tree.leaf_hash(entries[row["index"]]).hex()}
        for row in json.loads(MEMBERS["case.json"])["steps"]
    ]
    head = {"cseq": len(rows), "leaf": rows[-1]["leaf"]}
    members["case.json"] = compact_json({**CASE, "steps": rows, "head": head})
    members["disclosed.json"] = compact_json({"v": 1, "items": []})
    changed = replace(log, entries=tuple(entries))
    export_step = CaseStep(CASE["case"], len(rows) + 1, head["leaf"])
    return resealed(members, log=changed, public={"head_leaf": head["leaf"]}, step=export_step)


ENTRIES = [
    (b'"v":1', b'"v":1', ""),
    (b'"type":"case.opened"', b'"type":"case.invented"', ""),
    (b'"v":1', b'"v":1,"v":1', "json"),
    (b'"case":"5', b'"case":"6', "chain"),
    (b'"v":1', b'"v":2', "entry"),
    (b'"v":1', b'"v":true', "entry"),
    (b'"log":"hr.', b'"log":"xx.', "origin"),
    (b'"type":"case.opened"', b'"type":"Case opened"', "entry"),
    (b'"type":"case.opened"', b'"type":7', "entry"),
    (b'"t":"2026', b'"t":"x026', "entry"),
    (b'"actor":{', b'"actor":[],"x":{', "entry"),
    (b'"role":"employee"', b'"role":null', "entry"),
    (b'"role":"employee"', b'"rank":"employee"', "entry"),
    (b'"pub":{', b'"pub":[],"x":{', "entry"),
    (b'"com":{}', b'"com":{"a":"b"}', "entry"),
    (b'"com":{}', b'"com":[]', "entry"),
    (b'"obj":[]', b'"obj":{}', "entry"),
    (b'"obj":[]', b'"obj":[1]', "entry"),
    (b'"obj":[]', b'"obj":[{"sha256":"' + b"0" * 64 + b'"}]', "entry"),
    (b'"obj":[]', b'"obj":[{"len":-1,"sha256":"' + b"0" * 64 + b'"}]', "entry"),
    (b'"obj":[]', b'"obj":[{"len":1,"sha256":"' + b"g" * 64 + b'"}]', "entry"),
    (b'"pub":{', b'"pub":{"x":"' + b"x" * 66_000 + b'",', "entry"),
]
for _number, (_old, _new, _code) in enumerate(ENTRIES):
    OPERATOR[f"entry {_number}: {_new[:30].decode()}"] = (_code, functools.partial(logged_instead, _old, _new))


def signed_instead(text: Callable[[str], str], line: bytes = b"") -> bytes:
    """A pack whose checkpoint the operator signed with other words in it."""
    members = samples.members_of(resealed())
    body = members["checkpoint"].decode().split("\n\n")[0] + "\n"
    other = note.sign_note(text(body), samples.KEY) + line
    for name in members:
        if name.startswith("proofs/"):
            members[name] = members[name].replace(members["checkpoint"], other)
    return packfile.write_archive({**members, "checkpoint": other})


FILES = json.loads(MEMBERS["manifest.json"])["files"]
MANIFESTS: dict[str, tuple[str, object]] = {
    "a list": ("manifest", []),
    "another version": ("manifest", {"v": 2, "files": FILES}),
    "no files": ("manifest", {"v": 1}),
    "files that are none": ("manifest", {"v": 1, "files": [1]}),
    "a path that is none": ("manifest", {"v": 1, "files": [{**FILES[0], "path": 1}]}),
    "a digest that is none": ("manifest", {"v": 1, "files": [{**FILES[0], "sha256": 1}]}),
    "a size that is none": ("manifest", {"v": 1, "files": [{**FILES[0], "size": True}]}),
    "a file twice": ("manifest", {"v": 1, "files": [*FILES, FILES[0]]}),
    "a file that is not there": ("member-missing", {"v": 1, "files": [*FILES, {**FILES[0], "path": "docs/no"}]}),
    "another size": ("member-changed", {"v": 1, "files": [{**FILES[0], "size": 1}, *FILES[1:]]}),
    "another digest": ("member-changed", {"v": 1, "files": [{**FILES[0], "sha256": "00" * 32}, *FILES[1:]]}),
    "another SM3": ("member-changed", {"v": 1, "files": [{**FILES[0], "sm3": "00" * 32}, *FILES[1:]]}),
    "a file too few": ("member-unlisted", {"v": 1, "files": FILES[1:]}),
    "itself": ("member-unlisted", {"v": 1, "files": [*FILES, {**FILES[0], "path": "manifest.json"}]}),
    "a doubled key": ("json", None),
}
for _name, (_code, _manifest) in MANIFESTS.items():
    _data = compact_json(_manifest) if _manifest is not None else b'{"v":1,"v":1,"files":[]}'
    OPERATOR[f"manifest: {_name}"] = (_code, functools.partial(resealed, manifest=_data))


def only_an_export() -> bytes:
    """A pack of a case that has no step but the export itself."""
    members = {name: data for name, data in MEMBERS.items() if not name.startswith(("entries/", "proofs/"))}
    return resealed(members, step=CaseStep(case_tag(b"k" * 32, "empty")), public={"head_cseq": 0})


OPERATOR["nothing but an export"] = ("head", only_an_export)
STRANGER = "— stranger.example AAAAAAAA\n".encode()
OPERATOR |= {
    "the checkpoint as it was": ("", lambda: signed_instead(lambda body: body)),
    "a size with a zero before": ("checkpoint", lambda: signed_instead(lambda body: body.replace("\n24\n", "\n024\n"))),
    "a size out of range": ("checkpoint", lambda: signed_instead(lambda body: body.replace("\n24\n", f"\n{2**53}\n"))),
    "an extension line": ("checkpoint", lambda: signed_instead(lambda body: body + "more\n")),
    "a line of a stranger": ("checkpoint", lambda: signed_instead(lambda body: body, STRANGER)),
    "a root of another length": ("checkpoint", lambda: signed_instead(lambda body: body[:-45] + "AAAA\n")),
}  # fmt: skip


@pytest.mark.parametrize("act", sorted(OPERATOR))
def test_even_the_holder_of_the_key_cannot_seal_a_pack_that_contradicts_itself(act: str) -> None:
    expected, make = OPERATOR[act]
    assert reason(make()) == expected


def test_the_page_refuses_what_the_program_refuses_and_for_the_same_reason(page_check: PageCheck) -> None:
    packs = [make() for _, make in OPERATOR.values()] + [make() for make in TRICKS.values()]
    packs += [repacked(MEMBERS, **{name: data[:-1] + bytes([data[-1] ^ 1])}) for name, data in sorted(MEMBERS.items())]
    packs += [repacked(MEMBERS, **{name: None}) for name in sorted(MEMBERS)]
    packs += [
        repacked(MEMBERS, **{name: b"x"}) for name in ("../x", "docs/nul", "docs/more", "more/x", "entries/x.json")
    ]
    packs += [
        packfile.write_archive(with_manifest(without_step(MEMBERS, step.index))) for step in samples.sample().steps
    ]
    proof = MEMBERS["proofs/1.tlog-proof"]
    packs += [
        repacked(MEMBERS, **{"proofs/1.tlog-proof": proof[:place] + bytes([proof[place] ^ 1]) + proof[place + 1 :]})
        for place in range(0, len(proof), 4)
    ]
    answers = page_check([(data, VKEY) for data in packs])
    assert [answer.get("code", "") for answer in answers] == [reason(data) for data in packs]
