"""Forged packs, and why the verifier refuses them: what the tests of packs and of the page share."""

from __future__ import annotations

import functools
import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from guiyan.ledger import packfile
from guiyan.ledger.entry import compact_json
from guiyan.ledger.verifier import verify
from tests.ledger import ledger_samples as samples

AFTER, PACK = samples.sealed()
MEMBERS = samples.members_of(PACK)
VKEY = samples.KEY.verifier.text
EXPORT = len(samples.sample().entries)
SIGNATURES = functools.cache(verify.ed25519_verify)
Members = dict[str, bytes]


def reason(data: bytes, *, key: str = VKEY) -> str:
    """Why a pack is refused; "" when it is accepted."""
    try:
        verify.check(data, [key])
    except verify.Refused as refusal:
        return refusal.code
    return ""


def repacked(members: Members, **changes: bytes | None) -> bytes:
    """The pack with members replaced, added, or (None) left out, in a zip that is itself in order."""
    merged = {**members, **{name: data for name, data in changes.items() if data is not None}}
    return packfile.write_archive({name: data for name, data in merged.items() if changes.get(name, data) is not None})


NAME = b"00-\xe6\x8a\xa5\xe5\x91\x8a.pdf"
TRICKS: dict[str, Callable[[], bytes]] = {
    "prefix": lambda: b"#!/bin/sh\n" + PACK,
    "suffix": lambda: PACK + b"\x00",
    "second archive behind": lambda: PACK + PACK,
    "comment": lambda: PACK[:-2] + b"\x05\x00hello",
    "comment length only": lambda: PACK[:-2] + b"\x05\x00",
    "empty archive": lambda: b"PK\x05\x06" + bytes(18),
    "not an archive": lambda: b"%PDF-1.7",
    "nothing": lambda: b"",
    "encrypted flag": lambda: PACK[:6] + b"\x01\x08" + PACK[8:],
    "data descriptor flag": lambda: PACK[:6] + b"\x08\x08" + PACK[8:],
    "a time": lambda: PACK[:10] + b"\x01\x00" + PACK[12:],
    "another method": lambda: PACK[:8] + b"\x08\x00" + PACK[10:],
    "longer than it is": lambda: PACK[:18] + struct.pack("<II", 2**31, 2**31) + PACK[26:],
    "an extra field": lambda: PACK[:28] + b"\x04\x00" + NAME + bytes(4) + PACK[30 + len(NAME) :],
    "a directory that names another file": lambda: PACK[:-2000] + PACK[-2000:].replace(b"verify.py", b"verify.pz"),
}  # fmt: skip


def raw_archive(members: list[tuple[bytes, bytes]]) -> bytes:
    """An archive in the pack's own spelling, whatever the names and their order."""
    parts: list[bytes] = []
    records: list[bytes] = []
    place = 0
    for name, data in members:
        local, record = verify.headers(name, zlib.crc32(data), len(data), place)
        parts += [local, data]
        records.append(record)
        place += len(local) + len(data)
    return b"".join([*parts, verify.directory_end(records, place)])


def with_manifest(members: Members) -> Members:
    """Members with sums and manifest made anew, as a forger would."""
    outside = {"manifest.json", "checkpoint", "SHA256SUMS", "SM3SUMS", f"entries/{EXPORT}.json"}
    sealed = {name: data for name, data in members.items() if name not in outside and not name.startswith("proofs/")}
    rows = [packfile._row(name, sealed[name]) for name in sorted(sealed)]
    sums = {
        f"{kind.upper()}SUMS": "".join(f"{row[kind]}  {row['path']}\n" for row in rows) for kind in ("sha256", "sm3")
    }
    extra = {name: text.encode() for name, text in sums.items()}
    rows = sorted(
        [*rows, *(packfile._row(name, data) for name, data in extra.items())], key=lambda row: str(row["path"])
    )
    return {**members, **extra, "manifest.json": compact_json({"v": 1, "files": rows})}


def without_step(members: Members, index: int) -> Members:
    gone = (f"entries/{index}.json", f"proofs/{index}.tlog-proof")
    return {name: data for name, data in members.items() if name not in gone}


def resealed(
    members: Members | None = None,
    *,
    log: samples.Sample | None = None,
    public: dict[str, Any] | None = None,
    manifest: bytes | None = None,
    **changes: Any,
) -> bytes:
    """A pack whose operator, holding the key, seals whatever it likes into the log and signs it."""
    base = log or samples.sample()
    draft = packfile.draft(samples.contents(samples.sample()))
    made = with_manifest(members or MEMBERS)
    made["manifest.json"] = manifest or made["manifest.json"]
    digest = hashlib.sha256(made["manifest.json"]).hexdigest()
    sealing = replace(draft, public={**draft.public, "manifest_sha256": digest, **(public or {})})
    export = samples.export_entry(base, sealing, **changes)
    after = base.extended(export.data)
    made["checkpoint"] = after.checkpoint()
    made[f"entries/{export.index}.json"] = export.data
    for name in list(made):
        if name.startswith("entries/"):
            index = int(name[8:-5])
            proof = packfile.Proof(index, after.tree().inclusion(index), made["checkpoint"])
            made[f"proofs/{index}.tlog-proof"] = proof.data
    return packfile.write_archive(made)
