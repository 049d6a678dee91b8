#!/usr/bin/env python3
"""Check a Guiyan evidence pack offline, with Python's standard library alone (3.9 or newer).

    python3 verify.py PACK.zip [--log-key VKEY] [--pins FILE] [--receipt FILE]

exit 0   valid, and the log's key was given or pinned outside the pack
exit 2   consistent in itself, but nobody has confirmed yet whose key signed it
exit 1   refused, with the reason
exit 64  the command line is wrong

What a valid pack shows: every step of the case up to its export lies in one append-only log (RFC 6962) whose head was
signed (c2sp.org/tlog-checkpoint), no step is missing, no byte changed since. After a restore a log goes on under a new
key; the pack then holds each part with its own signature, and the statement that joins it to the one before. It cannot
show that what was entered was true, or that nothing happened that nobody logged. Times are the system's own record.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

PACK_BYTES_MAX = 1 << 30
MEMBERS_MAX, ENTRY_BYTES_MAX = 20_000, 65_535
INTEGER_MAX, DEPTH_MAX = (1 << 53) - 1, 16
REPORT, GUIDE = "00-报告.pdf", "00-验证说明.txt"
FIXED = [REPORT, GUIDE, "SHA256SUMS", "SM3SUMS", "case.json", "checkpoint", "disclosed.json", "keys/log.pub.pem"]
FIXED += ["keys/log.vkey", "manifest.json", "verify.html", "verify.py"]
BACK_MAX = timedelta(minutes=15)

# Names of the reasons to refuse and of the types of entries: filled in when this file goes into a pack.
WORDS = ""
_ROWS = [row.split("|") for row in (WORDS or Path(__file__).with_name("words.txt").read_text("utf-8")).split("\n")]
_NAMES = {row[0]: (row[1], row[2]) for row in _ROWS if len(row) == 3}
REASONS = {name[7:]: words for name, words in _NAMES.items() if name.startswith("reason:")}
TYPES = {name[5:]: words for name, words in _NAMES.items() if name.startswith("type:")}


class Refused(Exception):
    """The pack is refused: a code of REASONS, and which file or step it is about."""

    def __init__(self, code: str, about: object = "") -> None:
        super().__init__(f"{code}: {about}")
        self.code, self.about = code, str(about)[:200]
        self.zh, self.en = REASONS[code]


@dataclass(frozen=True)
class Step:
    """One step of the case as it lies on the log called `log`."""

    index: int
    leaf: bytes
    fields: dict[str, Any]
    log: str


@dataclass(frozen=True)
class Log:
    """One part of the log as the pack proves it; `folder` is its place in the pack, "" for the newest."""

    folder: str
    origin: str
    size: int
    root: bytes
    vkey: str
    key_confirmed: bool = False


@dataclass(frozen=True)
class Checked:
    """A pack that holds together. `key_confirmed` says whether every key came from outside the pack; the first three
    are those of the newest of `logs` (oldest first).
    """

    origin: str
    size: int
    vkey: str
    key_confirmed: bool
    logs: list[Log]
    case: dict[str, Any]
    steps: list[Step]
    documents: list[str]
    disclosed: list[dict[str, Any]]
    remarks: list[str]


def need(condition: object, code: str, about: object = "") -> None:
    """Refuse with the code unless the condition holds."""
    if not condition:
        raise Refused(code, about)


def is_hex(value: object) -> bool:
    """64 lower-case hex digits."""
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None


def is_whole(value: object, low: int, high: int = INTEGER_MAX) -> bool:
    """A whole number (not a truth value) within bounds; the upper one is what every reader keeps exact."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def unbase64(text: str, code: str) -> bytes:
    """Standard base64 in its only spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Refused(code, "base64") from None
    need(base64.b64encode(data).decode() == text, code, "base64")
    return data


# --- strict JSON
def strict_json(data: bytes, about: str) -> Any:
    """JSON without doubled keys, fractions, big numbers, lone surrogates, or nesting past DEPTH_MAX."""

    def refuse(_text: str) -> NoReturn:
        raise Refused("json", about)

    def whole(text: str) -> int:
        need(len(text) <= 17 and text != "-0" and abs(int(text)) <= INTEGER_MAX, "json", about)
        return int(text)

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(found)) == len(found), "json", about)
        return dict(found)

    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse, parse_int=whole)
    except (ValueError, RecursionError):
        raise Refused("json", about) from None
    need(_plain(value, 0), "json", about)
    return value


def _plain(value: Any, depth: int) -> bool:
    if isinstance(value, str) and any("\ud800" <= each <= "\udfff" for each in value):
        return False
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return depth <= DEPTH_MAX and all(_plain(each, depth + 1) for each in inner)


# --- Ed25519 (RFC 8032, section 5.1)
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_Point = tuple[int, int, int, int]
_ZERO: _Point = (0, 1, 1, 0)


def _add(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _multiply(scalar: int, point: _Point) -> _Point:
    total = _ZERO
    for bit in bin(scalar)[2:]:
        total = _add(total, total)
        total = _add(total, point) if bit == "1" else total
    return total


def _point(data: bytes) -> _Point | None:
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if len(data) != 32 or y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if x * x % _P != square or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return (x, y, 1, x * y % _P)


def _encode(point: _Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_verify(public: bytes, signature: bytes, text: bytes) -> bool:
    """True when the 64-byte signature over text is by the 32-byte key. Keys of small order are never accepted."""
    point = _point(public)
    base, scalar = _point(b"\x58" + b"\x66" * 31) or _ZERO, int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or scalar >= _L or _encode(_multiply(8, point)) == _encode(_ZERO):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % _L
    minus = (_P - point[0], point[1], 1, _P - point[3])
    return _encode(_add(_multiply(scalar, base), _multiply(challenge, minus))) == signature[:32]


# --- archive: stored files, in one spelling
_COMMON = struct.pack("<HHHHH", 20, 0x0800, 0, 0, 0x0021)  # version 2.0, UTF-8 names, stored, 1980-01-01 00:00
_SEGMENT = r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿._-]{0,79}(?<!\.)"
_NAME = re.compile(rf"(?:{_SEGMENT}/){{0,3}}{_SEGMENT}")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def headers(name: bytes, crc: int, size: int, place: int) -> tuple[bytes, bytes]:
    """What stands before a stored file that begins at `place`, and its record in the archive's directory."""
    sizes = struct.pack("<IIIHH", crc, size, size, len(name), 0)
    record = b"PK\x01\x02\x14\x03" + _COMMON + sizes + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, place) + name
    return b"PK\x03\x04" + _COMMON + sizes + name, record


def directory_end(records: list[bytes], place: int) -> bytes:
    """The directory at `place` and the last 22 bytes: one disk, no comment."""
    length = sum(len(record) for record in records)
    end = struct.pack("<HHHHIIH", 0, 0, len(records), len(records), length, place, 0)
    return b"".join([*records, b"PK\x05\x06", end])


def read_archive(data: bytes) -> dict[str, bytes]:
    """Files by name. Every byte of the archive must be what the one spelling of an archive of these files demands."""
    need(len(data) <= PACK_BYTES_MAX, "too-large")
    members: dict[str, bytes] = {}
    records: list[bytes] = []
    folded: set[str] = set()
    folders: set[str] = set()
    place, last = 0, b""
    while data[place : place + 4] == b"PK\x03\x04":
        need(len(members) < MEMBERS_MAX, "too-large")
        need(len(data) - place >= 30, "zip-form")
        crc, size, _, length = struct.unpack("<14xIIIH2x", data[place : place + 30])
        start = place + 30 + length
        raw, content = data[place + 30 : start], data[start : start + size]
        name = raw.decode("utf-8", "replace")
        safe = _NAME.fullmatch(name) and not any(_DEVICE.match(part) for part in name.split("/"))
        need(safe, "member-name", repr(name))
        need(name.casefold() not in folded, "member-double", name)
        local, record = headers(raw, crc, size, place)
        sound = data[place:start] == local and len(content) == size and zlib.crc32(content) == crc
        need(sound and raw > last, "zip-form", name)
        records.append(record)
        members[name], place, last = content, start + size, raw
        parts = name.casefold().split("/")
        folded.add("/".join(parts))
        folders |= {"/".join(parts[:count]) for count in range(1, len(parts))}
    need(not folded & folders, "member-double", "".join(sorted(folded & folders)[:1]))
    need(members and data[place:] == directory_end(records, place), "zip-form")
    return members


# --- log: key, checkpoint, proofs
_EPOCH = re.compile(r"epochs/([1-9][0-9]{0,3})/(?:checkpoint|log\.vkey|log\.pub\.pem|(?:entries|proofs)/[^/]+)")
_TYPE = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


def read_vkey(text: str) -> tuple[str, bytes, bytes]:
    """Name, 4-byte id and 32-byte key of `name+id+base64`."""
    parts = text.split("+", 2)
    need(len(parts) == 3 and re.fullmatch(r"[0-9a-z][0-9a-z._/-]{0,199}", parts[0]), "key", text[:80])
    raw = unbase64(parts[2], "key")
    need(len(raw) == 33 and raw[0] == 1, "key", parts[0])
    key_id = hashlib.sha256(parts[0].encode() + b"\n" + raw).digest()[:4]
    need(key_id.hex() == parts[1], "key", parts[0])
    return parts[0], key_id, raw[1:]


def read_checkpoint(data: bytes, vkey: str, *, alone: bool) -> tuple[str, int, bytes]:
    """Origin, size and root that the key signed; `alone` when no other line may stand there (no byte unchecked)."""
    name, key_id, public = read_vkey(vkey)
    lines = data.decode("utf-8", "replace").split("\n")
    need(6 <= len(lines) <= (6 if alone else 40) and lines[3] == "" and lines[-1] == "", "checkpoint")
    need(lines[0] == name, "origin", lines[0])
    need(re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]) and int(lines[1]) <= INTEGER_MAX, "checkpoint")
    root = unbase64(lines[2], "checkpoint")
    start = f"— {name} "
    blobs = [unbase64(line[len(start) :], "checkpoint") for line in lines[4:-1] if line.startswith(start)]
    own = [blob[4:] for blob in blobs if blob[:4] == key_id]
    text = "\n".join([*lines[:3], ""]).encode()
    need(len(root) == 32 and len(own) == 1 and ed25519_verify(public, own[0], text), "checkpoint")
    return lines[0], int(lines[1]), root


def read_proof(data: bytes) -> tuple[bytes | None, int, list[bytes], bytes]:
    """Extra data, index, hashes and checkpoint of a c2sp.org/tlog-proof file."""
    head, gap, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    need(gap and lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 1, "proof")
    extra = unbase64(lines[1][6:], "proof") if lines[1].startswith("extra ") else None
    rest = lines[1:] if extra is None else lines[2:]
    need(rest and re.fullmatch(r"index (?:0|[1-9][0-9]{0,15})", rest[0]), "proof")
    return extra, int(rest[0][6:]), [unbase64(line, "proof") for line in rest[1:]], checkpoint


def included(index: int, leaf: bytes, hashes: Sequence[bytes], size: int, root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size or any(len(each) != 32 for each in hashes):
        return False
    position, last, value = index, size - 1, leaf
    for sibling in hashes:
        if last == 0:
            return False
        if position & 1 or position == last:
            value = hashlib.sha256(b"\x01" + sibling + value).digest()
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + sibling).digest()
        position, last = position >> 1, last >> 1
    return last == 0 and value == root


def is_moment(text: str) -> bool:
    """A moment that exists: no 30 February, no 24:00, which programs read differently."""
    try:
        return datetime.fromisoformat(text[:-1]).isoformat(timespec="milliseconds") + "Z" == text
    except ValueError:
        return False


def read_entry(data: bytes, origins: Sequence[str], about: str) -> dict[str, Any]:
    """The fields of an entry of one of these logs."""
    need(2 <= len(data) <= ENTRY_BYTES_MAX, "entry", about)
    entry = strict_json(data, about)
    need(isinstance(entry, dict) and is_whole(entry.get("v"), 1, 1), "entry", about)
    need(entry.get("log") in origins, "origin", about)
    for name, shape in (("type", _TYPE), ("t", _TIME)):
        need(isinstance(entry.get(name), str) and shape.fullmatch(entry[name]), "entry", about)
    need(is_moment(entry["t"]), "entry", about)
    actor, files = entry.get("actor"), entry.get("obj")
    need(isinstance(actor, dict) and isinstance(actor.get("role"), str) and isinstance(files, list), "entry", about)
    need(isinstance(entry.get("pub"), dict) and isinstance(entry.get("com"), dict), "entry", about)
    need(all(is_hex(value) for value in entry["com"].values()), "entry", about)
    need(all(isinstance(each, dict) and is_hex(each.get("sha256")) for each in files), "entry", about)
    need(all(is_whole(each.get("len"), 0) for each in files), "entry", about)
    return dict(entry)


# --- the pack
def check(data: bytes, log_keys: Sequence[str], pins: Sequence[str] = (), receipts: Sequence[bytes] = ()) -> Checked:
    """Check a pack's bytes against what is held outside it; raises Refused.

    One of `log_keys` (vkeys), if any, must have signed, and one of those `pins` that name this log; `receipts` are
    proof files that a party received.
    """
    members = read_archive(data)
    for name in FIXED:
        need(name in members, "member-missing", name)
    numbers = {int(found[1]) for name in members if (found := _EPOCH.match(name))}
    logs = [_log(members, folder) for folder in [*(f"epochs/{number}/" for number in sorted(numbers)), ""]]
    steps, openings = _steps(members, logs)
    remarks = _joined(logs, openings)
    _manifest(members, steps, logs)
    _chain(steps)
    case = _case(members["case.json"], logs, steps)
    documents = _documents(members, steps)
    disclosed = _disclosed(members["disclosed.json"], logs, steps)
    need(not log_keys or any(log.vkey in log_keys for log in logs), "other-key", logs[-1].origin)
    for place, log in enumerate(logs):
        told = [key for key in log_keys if key.partition("+")[0] == log.origin]
        pinned = [key for key in pins if read_vkey(key)[0] == log.origin]
        need(log.vkey in told or not told, "other-key", log.origin)
        need(log.vkey in pinned or not pinned, "other-key", log.origin)
        logs[place] = replace(log, key_confirmed=log.vkey in [*told, *pinned])
    remarks += [_against_receipt(receipt, logs, steps) for receipt in receipts] + _backward(steps)
    new, confirmed = logs[-1], all(log.key_confirmed for log in logs)
    return Checked(new.origin, new.size, new.vkey, confirmed, logs, case, steps, documents, disclosed, remarks)


def _log(members: dict[str, bytes], folder: str) -> Log:
    keys = folder or "keys/"
    for name in (f"{folder}checkpoint", f"{keys}log.pub.pem", f"{keys}log.vkey"):
        need(name in members, "member-missing", name)
    text = members[f"{keys}log.vkey"].decode("utf-8", "replace")
    vkey = text[:-1]
    origin, size, root = read_checkpoint(members[f"{folder}checkpoint"], vkey, alone=True)
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + read_vkey(vkey)[2]).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"
    need(text == vkey + "\n" and members[f"{keys}log.pub.pem"] == pem.encode(), "key", keys)
    return Log(folder, origin, size, root, vkey)


def _steps(members: dict[str, bytes], logs: list[Log]) -> tuple[list[Step], list[Step]]:
    """Entries in the order of the logs, each proved under its log's checkpoint: the steps, and what opens a later log.

    What waited when a log was continued under a new name keeps the old name in its bytes.
    """
    steps: list[Step] = []
    for place, log in enumerate(logs):
        origins = [each.origin for each in logs[: place + 1]]
        proofs = {name for name in members if name.startswith(f"{log.folder}proofs/")}
        found: list[Step] = []
        for name in [name for name in members if name.startswith(f"{log.folder}entries/")]:
            number = re.fullmatch(r"entries/(0|[1-9][0-9]{0,15})\.json", name[len(log.folder) :])
            if number is None:
                raise Refused("member-unknown", name)
            index, proof = int(number[1]), f"{log.folder}proofs/{number[1]}.tlog-proof"
            need(proof in proofs, "member-missing", proof)
            proofs.remove(proof)
            extra, stated, hashes, checkpoint = read_proof(members[proof])
            same = checkpoint == members[f"{log.folder}checkpoint"]
            need(extra is None and stated == index and same, "proof", proof)
            leaf = hashlib.sha256(b"\x00" + members[name]).digest()
            need(included(index, leaf, hashes, log.size, log.root), "proof", proof)
            found.append(Step(index, leaf, read_entry(members[name], origins, name), log.origin))
        need(not proofs, "member-unlisted", "".join(sorted(proofs)[:1]))
        steps += sorted(found, key=lambda step: step.index)
    later = {log.origin for log in logs[1:]}
    openings = [step for step in steps if step.log in later and step.index == 0]
    steps = [step for step in steps if step not in openings]
    need(steps, "export")
    return steps, openings


def _joined(logs: list[Log], openings: list[Step]) -> list[str]:
    """Each log after the first begins with a statement of where the one before ended; say what a restore lost."""
    need(len({log.origin for log in logs}) == len(logs), "epoch", logs[-1].origin)
    remarks: list[str] = []
    by_log = {step.log: step.fields for step in openings}
    for place, log in enumerate(logs[1:]):
        before = logs[place]
        entry = by_log.get(log.origin, {})
        need(
            entry.get("type") == "log.epoch" and entry["log"] == log.origin and "case" not in entry, "epoch", log.origin
        )
        stated = entry["pub"]
        family = before.origin.rpartition("/")[0] == log.origin.rpartition("/")[0]
        need(family and stated.get("origin") == before.origin, "epoch", log.origin)
        need(is_whole(stated.get("size"), before.size) and is_hex(stated.get("root")), "epoch", log.origin)
        lost = stated["size"] - before.size
        need(lost or stated["root"] == before.root.hex(), "epoch", log.origin)
        if lost:
            remarks += [
                f"注意：{before.origin} 签过 {stated['size']} 条，恢复时丢失了最后 {lost} 条，其中可能有本案的步骤。",
                f"NOTE: a restore lost its last {lost} signed entries; steps of this case may be among them.",
            ]
    return remarks


def _backward(steps: list[Step]) -> list[str]:
    """Say where a step claims a time more than 15 minutes before the step it follows."""
    times = [datetime.fromisoformat(step.fields["t"][:-1]) for step in steps]
    back = [steps[place].fields["cseq"] for place in range(1, len(steps)) if times[place - 1] - times[place] > BACK_MAX]
    return [
        f"注意：第 {cseq} 步自称的时间早于前一步。NOTE: step {cseq} claims a time before the one it follows."
        for cseq in back
    ]


def _manifest(members: dict[str, bytes], steps: list[Step], logs: list[Log]) -> None:
    """The manifest is the one that the last step sealed, and lists every file but itself and what proves it."""
    exported, newest = steps[-1], logs[-1].origin
    sealed = exported.fields["pub"].get("manifest_sha256")
    need(exported.log == newest and exported.fields["type"] == "case.exported" and is_hex(sealed), "export")
    need(hashlib.sha256(members["manifest.json"]).hexdigest() == sealed, "manifest")
    manifest = strict_json(members["manifest.json"], "manifest.json")
    need(isinstance(manifest, dict) and is_whole(manifest.get("v"), 1, 1), "manifest")
    need(isinstance(manifest.get("files"), list), "manifest")
    outside = {name for name in members if name.startswith("proofs/")} | {"manifest.json", "checkpoint"}
    outside.add(f"entries/{exported.index}.json")
    listed: dict[str, dict[str, Any]] = {}
    for each in manifest["files"]:
        need(isinstance(each, dict) and isinstance(each.get("path"), str), "manifest")
        need(is_hex(each.get("sha256")) and is_hex(each.get("sm3")) and is_whole(each.get("size"), 0), "manifest")
        need(each["path"] not in listed, "manifest", each["path"])
        listed[each["path"]] = each
    for name, data in members.items():
        known = name in FIXED or name.startswith(("docs/", "entries/", "keys/", "proofs/")) or _EPOCH.fullmatch(name)
        need(known, "member-unknown", name)
        need((name in listed) != (name in outside), "member-unlisted", name)
        if name in listed:
            same = listed[name]["size"] == len(data) and listed[name]["sha256"] == hashlib.sha256(data).hexdigest()
            need(same, "member-changed", name)
    for name in listed:
        need(name in members, "member-missing", name)
    for sums, algorithm in (("SHA256SUMS", "sha256"), ("SM3SUMS", "sm3")):
        rows = [f"{each[algorithm]}  {name}\n" for name, each in listed.items() if not name.endswith("SUMS")]
        need(members[sums] == "".join(rows).encode(), "member-changed", sums)


def _chain(steps: list[Step]) -> None:
    """Numbered from 1 without a gap, each holding the leaf of the one before; the last one states the head."""
    before = ""
    for number, step in enumerate(steps, start=1):
        entry, about = step.fields, f"entries/{step.index}.json"
        need(entry.get("case") == steps[0].fields.get("case") and is_hex(entry.get("case")), "chain", about)
        need(is_whole(entry.get("cseq"), number, number) and entry.get("cprev") == before, "chain", about)
        before = step.leaf.hex()
    need(len(steps) > 1, "head")
    stated, number = steps[-1].fields["pub"], len(steps) - 1
    need(is_whole(stated.get("head_cseq"), number, number), "head")
    need(stated.get("head_leaf") == steps[-2].leaf.hex(), "head")


def _case(data: bytes, logs: list[Log], steps: list[Step]) -> dict[str, Any]:
    case = strict_json(data, "case.json")
    need(isinstance(case, dict) and isinstance(case.get("title"), str) and isinstance(case.get("system"), dict), "case")
    need(isinstance(case.get("published"), list), "case")
    need(all(isinstance(place, str) for place in case["published"]), "case")
    many = len(logs) > 1
    rows: list[dict[str, Any]] = []
    for step in steps[:-1]:
        row = {"cseq": step.fields["cseq"], "index": step.index, "leaf": step.leaf.hex()}
        rows.append({**row, "log": step.log} if many else row)
    need(not many or case.get("logs") == [log.origin for log in logs], "case")
    need(is_whole(case.get("v"), 1 + many, 1 + many) and case.get("log") == logs[-1].origin, "case")
    need(case.get("case") == steps[0].fields["case"], "case")
    stated = json.dumps([case.get("steps"), case.get("head")])
    need(stated == json.dumps([rows, {"cseq": len(rows), "leaf": rows[-1]["leaf"]}]), "case")
    return dict(case)


def _documents(members: dict[str, bytes], steps: list[Step]) -> list[str]:
    known = {(each["sha256"], each["len"]) for step in steps for each in step.fields["obj"]}
    documents = [name for name in members if name.startswith("docs/")]
    for name in documents:
        need((hashlib.sha256(members[name]).hexdigest(), len(members[name])) in known, "document", name)
    return documents


def _disclosed(data: bytes, logs: list[Log], steps: list[Step]) -> list[dict[str, Any]]:
    raw, many = strict_json(data, "disclosed.json"), len(logs) > 1
    whole = isinstance(raw, dict) and is_whole(raw.get("v"), 1 + many, 1 + many)
    need(whole and isinstance(raw.get("items"), list), "disclosed")
    by_place = {(step.log, step.index): step.fields for step in steps}
    for item in raw["items"]:
        need(isinstance(item, dict) and isinstance(item.get("field"), str), "disclosed")
        need(isinstance(item.get("value"), str) and is_hex(item.get("salt")), "disclosed", item["field"])
        log = item.get("log") if many else logs[-1].origin
        need(is_whole(item.get("index"), 0) and isinstance(log, str), "disclosed", item["field"])
        need((log, item["index"]) in by_place, "disclosed", item["field"])
        entry, name = by_place[log, item["index"]], item["field"]
        promised = entry["actor"].get("auth") if name == "actor.auth" else entry["com"].get(name)
        hidden = b"\x00".join([b"hr-ev/commit/v1", name.encode(), bytes.fromhex(item["salt"]) + item["value"].encode()])
        need(hashlib.sha256(hidden).hexdigest() == promised, "disclosed", name)
    return list(raw["items"])


def _against_receipt(data: bytes, logs: list[Log], steps: list[Step]) -> str:
    """Hold a receipt that a party received at the time against the pack; refuse when the log says two things."""
    try:
        entry, index, hashes, checkpoint = read_proof(data)
        name = checkpoint.partition(b"\n")[0].decode("utf-8", "replace")
        log = next((each for each in logs if each.origin == name), logs[-1])
        _, size, root = read_checkpoint(checkpoint, log.vkey, alone=False)
        fields = read_entry(entry or b"", [each.origin for each in logs[: logs.index(log) + 1]], "receipt")
    except Refused as refusal:
        raise Refused("receipt", refusal) from None
    leaf = hashlib.sha256(b"\x00" + (entry or b"")).digest()
    need(included(index, leaf, hashes, size, root), "receipt")
    need(size != log.size or root == log.root, "fork")
    here = [step.leaf for step in steps if (step.log, step.index) == (log.origin, index)]
    need(here in ([], [leaf]), "fork", index)
    if here:
        return f"回执与第 {fields['cseq']} 步一致。The receipt agrees with that step."
    if fields.get("case") != steps[0].fields["case"]:
        return "回执属于另一件事，与本案无关。The receipt belongs to another case."
    later = log is logs[-1] and index > steps[-1].index and is_whole(fields.get("cseq"), len(steps) + 1)
    need(later, "step-missing", index)
    return "回执晚于本证据包的导出，请索取更新的证据包。The receipt is later than this pack: ask for a newer one."
