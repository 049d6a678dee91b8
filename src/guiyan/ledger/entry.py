"""Entry v1: the exact bytes that become one leaf of the evidence log.

An entry is compact JSON in UTF-8 without fractions, without doubled keys, 2 to 65,535 bytes long. It is encoded once;
those bytes are stored, hashed and handed out, and never written again from their parts. It names nobody: people appear
as random pseudonyms, what they wrote or where they clicked as salted commitments that die with their salt.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NoReturn, cast

from cryptography.hazmat.primitives import hashes

from guiyan.ledger.tree import SIZE_MAX, Head, TreeError, leaf_hash

ENTRY_BYTES_MIN = 2
ENTRY_BYTES_MAX = 65_535
DEPTH_MAX = 16
INTEGER_MAX = SIZE_MAX
SALT_BYTES = 32
SIMULATION = "sim/"
"""Origins of simulation logs begin so; nothing they hold is evidence."""

_COMMIT_LABEL = b"hr-ev/commit/v1"
_CASE_LABEL = b"hr-ev/case/v1"
_HEX64 = re.compile(r"[0-9a-f]{64}")
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ORIGIN = re.compile(r"[0-9a-z][0-9a-z._/-]{0,199}")
_WORD = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_SID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_CODE = re.compile(r"[\x21-\x7e]{0,256}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_PERSONAL = {
    "a mobile number": re.compile(r"(?<![0-9A-Za-z])(?:\+?86-?)?1[3-9]\d{9}(?![0-9A-Za-z])", re.ASCII),
    "an identity number": re.compile(
        r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])",
        re.ASCII,
    ),
    "an e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE),
}


class EntryError(ValueError):
    """Bytes are not an entry, or a value may not stand in one."""


class EntryType(StrEnum):
    """Everything that can happen on the log. Closed: verifier/words.txt names each in Chinese and English."""

    CASE_OPENED = "case.opened"
    CASE_CLOSED = "case.closed"
    CASE_EXPORTED = "case.exported"
    FORM_AGREED = "form.agreed"
    ADDRESS_CONFIRMED = "address.confirmed"
    SENDER_AUTHORISED = "sender.authorised"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"
    APPLY_SUBMITTED = "apply.submitted"
    APPLY_WITHDRAWN = "apply.withdrawn"
    APPROVE_ACKNOWLEDGED = "approve.acknowledged"
    APPROVE_GRANTED = "approve.granted"
    APPROVE_REFUSED = "approve.refused"
    NOTICE_ISSUED = "notice.issued"
    NOTICE_READ = "notice.read"
    PUSH_ATTEMPTED = "push.attempted"
    PUSH_ACCEPTED = "push.accepted"
    PUSH_FAILED = "push.failed"
    SMS_SENT = "sms.sent"
    MAIL_SENT = "mail.sent"
    REMINDER_24H = "reminder.24h"
    REMINDER_SENT = "reminder.sent"
    DEADLINE_SET = "deadline.set"
    NO_RESPONSE = "no_response"
    IDV_DONE = "idv.done"
    SIGN_DONE = "sign.done"
    SIGN_REFUSED = "sign.refused"
    RESIGN_SUBMITTED = "resign.submitted"
    RESIGN_RECORDED = "resign.recorded"
    RESIGN_ARRIVED = "resign.arrived"
    RESIGN_WITHDRAWN = "resign.withdrawn"
    WITHDRAW_RECORDED = "withdraw.recorded"
    WITHDRAW_APPROVED = "withdraw.approved"
    WITHDRAW_REFUSED = "withdraw.refused"
    CONDUCT_RECORDED = "conduct.recorded"
    EMPLOYMENT_RESTORED = "employment.restored"
    EMPLOYMENT_ENDED = "employment.ended"
    EFFECT_ORDERED = "effect.ordered"
    EFFECT_CONFIRMED = "effect.confirmed"
    EFFECT_FAILED = "effect.failed"
    HANDOVER_SUBMITTED = "handover.submitted"
    HANDOVER_CONFIRMED = "handover.confirmed"
    CERTIFICATE_ISSUED = "certificate.issued"
    FACT_RECORDED = "fact.recorded"
    FACT_CORRECTED = "fact.corrected"
    COMMENT_MADE = "comment.made"
    PROCESS_STARTED = "process.started"
    PROCESS_ENDED = "process.ended"
    TASK_OPENED = "task.opened"
    TASK_DONE = "task.done"
    TASK_TAKEN_BACK = "task.taken_back"
    TASK_ASSIGNED = "task.assigned"
    TASK_DELEGATED = "task.delegated"
    LEGAL_GATE = "legal.gate"
    RISK_ACCEPTED = "risk.accepted"
    DATA_EXPORTED = "data.exported"
    PII_ERASED = "pii.erased"
    LEGAL_HOLD_SET = "legal_hold.set"
    LEGAL_HOLD_RELEASED = "legal_hold.released"
    RULES_CHANGED = "rules.changed"
    KEY_ROTATED = "key.rotated"
    KEY_DESTROYED = "key.destroyed"
    LOG_EPOCH = "log.epoch"
    CLOCK_DRIFT = "clock.drift"
    SCHEMA_MIGRATED = "schema.migrated"
    PERSON_HIRED = "person.hired"
    PERSON_REHIRED = "person.rehired"
    PERSON_CORRECTED = "person.corrected"
    SPELL_PLANNED = "spell.planned"
    SPELL_TRANSFERRED = "spell.transferred"
    SPELL_ENDED = "spell.ended"
    SPELL_RESTORED = "spell.restored"
    CONTRACT_RECORDED = "contract.recorded"
    WAGE_RECORDED = "wage.recorded"
    PROTECTION_RECORDED = "protection.recorded"
    PROTECTION_ENDED = "protection.ended"
    UNIT_CHANGED = "unit.changed"
    PII_REVEALED = "pii.revealed"
    ACCOUNT_MADE = "account.made"
    ACCOUNT_SUSPENDED = "account.suspended"
    ACCOUNT_RESTORED = "account.restored"
    SIGN_IN_RESET = "sign_in.reset"
    ROLE_GRANTED = "role.granted"
    ROLE_WITHDRAWN = "role.withdrawn"
    ACCESS_REFUSED = "access.refused"
    IMPORT_LOADED = "import.loaded"
    IMPORT_REVERSED = "import.reversed"
    CALENDAR_CHANGED = "calendar.changed"
    PARAMETER_PROPOSED = "parameter.proposed"
    PARAMETER_CHECKED = "parameter.checked"
    PARAMETER_WITHDRAWN = "parameter.withdrawn"
    FINDING_STORED = "finding.stored"
    IMPACT_COMPUTED = "impact.computed"
    NOTE_SAVED = "law.note_saved"
    CLOCK_MOVED = "clock.moved"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: random pseudonym, role at that moment, and the commitment (64 hex digits) of how they signed in."""

    sid: str
    role: str
    auth: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """A file that belongs to the event: kind, revision, length in bytes, SHA-256 and SM3 (64 hex digits each)."""

    kind: str
    rev: int
    length: int
    sha256: str
    sm3: str

    @classmethod
    def of(cls, kind: str, data: bytes, *, rev: int = 1) -> ObjectRef:
        """Reference to these very bytes."""
        return cls(kind, rev, len(data), hashlib.sha256(data).hexdigest(), sm3_hex(data))


@dataclass(frozen=True, slots=True)
class CaseStep:
    """Place in a case: its tag, number from 1, and the leaf (64 hex digits) of the step before ("" for the first)."""

    tag: str
    cseq: int = 1
    cprev: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time came from ("ntp", "system", "sim") and how far it was off, in milliseconds."""

    source: str = "system"
    off_ms: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An event before it is encoded, or after it is parsed.

    `log` is the log's origin, `entry_id` a UUID of version 7, `at` an aware time (milliseconds are kept), `public`
    codes and references without personal data, `commitments` maps a field's name to a commitment of 64 hex digits,
    `after` the newest anchored head known when the event was written. `step` is None for events of the log itself.
    """

    log: str
    entry_id: str
    type: EntryType
    actor: Actor
    at: datetime
    step: CaseStep | None = None
    clock: Clock = Clock()
    objects: tuple[ObjectRef, ...] = ()
    public: Mapping[str, Any] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)
    after: Head | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a commitment: keep `salt` and `value` encrypted and erasable, never in an entry."""

    name: str
    salt: bytes = field(repr=False)
    value: str = field(repr=False)

    @property
    def commitment(self) -> str:
        """The commitment, 64 hex digits."""
        return commit(self.name, self.salt, self.value.encode())


# --- commitments, tags, digests ---------------------------------------------------------------------------------------


def commit(name: str, salt: bytes, value: bytes) -> str:
    """SHA-256("hr-ev/commit/v1", 0x00, field, 0x00, salt, value) as 64 hex digits; the salt is 32 random bytes."""
    if len(salt) != SALT_BYTES:
        raise EntryError("a salt is 32 bytes long")
    if not _WORD.fullmatch(name):
        raise EntryError(f"not a field name: {name!r}")
    return hashlib.sha256(b"\x00".join([_COMMIT_LABEL, name.encode(), salt + value])).hexdigest()


def new_opening(name: str, value: str) -> Opening:
    """Commit to a value under a fresh random salt."""
    return Opening(name, secrets.token_bytes(SALT_BYTES), value)


def case_tag(key: bytes, case_id: str) -> str:
    """Pseudonym of a case on the log (64 hex digits): HMAC-SHA256 under the tenant's own key of at least 32 bytes."""
    if len(key) < SALT_BYTES:
        raise EntryError("a case tag needs a key of at least 32 bytes")
    return hmac.new(key, _CASE_LABEL + b"\x00" + case_id.encode(), hashlib.sha256).hexdigest()


def next_step(previous: bytes) -> CaseStep:
    """The place after an entry, from its exact bytes; raises EntryError when that entry belongs to no case."""
    step = parse(previous).step
    if step is None:
        raise EntryError("the entry before belongs to no case")
    return CaseStep(step.tag, step.cseq + 1, leaf_hash(previous).hex())


def new_entry_id(at: datetime) -> str:
    """A UUID of version 7: milliseconds of `at` (aware) and 74 random bits."""
    millis = _millis(at)
    value = (millis << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    digits = f"{value:032x}"
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def sm3_hex(data: bytes) -> str:
    """SM3 (GB/T 32905) of data, 64 hex digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def is_simulation(origin: str) -> bool:
    """True for the log of a simulation, which is no evidence."""
    return origin.startswith(SIMULATION)


# --- bytes ------------------------------------------------------------------------------------------------------------


def encode(entry: Entry) -> bytes:
    """The exact bytes of an entry. Raises EntryError for any value that may not stand in one.

    The result is read back before it is returned: whatever is encoded can be parsed.
    """
    fields: dict[str, Any] = {"v": 1, "log": entry.log, "id": entry.entry_id}
    if entry.step is not None:
        fields |= {"case": entry.step.tag, "cseq": entry.step.cseq, "cprev": entry.step.cprev}
    actor = {"sid": entry.actor.sid, "role": entry.actor.role}
    fields |= {
        "type": str(entry.type),
        "actor": actor if entry.actor.auth is None else actor | {"auth": entry.actor.auth},
        "obj": [
            {"kind": each.kind, "rev": each.rev, "len": each.length, "sha256": each.sha256, "sm3": each.sm3}
            for each in entry.objects
        ],
        "pub": entry.public,
        "com": dict(entry.commitments),
        "t": _time_text(entry.at),
        "clk": {"src": entry.clock.source, "off_ms": entry.clock.off_ms},
    }
    if entry.after is not None:
        fields["after"] = {"size": entry.after.size, "root": entry.after.root.hex()}
    data = compact_json(fields)
    parse(data)
    return data


def parse(data: bytes) -> Entry:
    """Read an entry and check every field; raises EntryError, naming the field."""
    if not ENTRY_BYTES_MIN <= len(data) <= ENTRY_BYTES_MAX:
        raise EntryError(f"an entry has {ENTRY_BYTES_MIN} to {ENTRY_BYTES_MAX} bytes, not {len(data)}")
    raw = _object(strict_json(data), "entry")
    case_fields = {"case", "cseq", "cprev"} & raw.keys()
    required = {"v", "log", "id", "type", "actor", "obj", "pub", "com", "t", "clk"} | case_fields
    _need_keys(raw, required, {"after"}, "entry")
    if _integer(raw["v"], "v", 1, 1) and case_fields and len(case_fields) != 3:
        raise EntryError("case, cseq and cprev stand together or not at all")
    try:
        kind = EntryType(_text(raw["type"], "type", _WORD))
    except ValueError:
        raise EntryError(f"unknown type: {raw['type']!r}") from None
    if not isinstance(raw["obj"], list):
        raise EntryError("obj is not a list")
    public = _object(raw["pub"], "pub")
    _need_impersonal(public, "pub")
    commitments = {
        _text(name, "com", _WORD): _text(value, "com", _HEX64) for name, value in _object(raw["com"], "com").items()
    }
    return Entry(
        log=_text(raw["log"], "log", _ORIGIN),
        entry_id=_text(raw["id"], "id", _UUID7),
        type=kind,
        actor=_actor(raw["actor"]),
        at=_time(raw["t"]),
        step=_step(raw) if case_fields else None,
        clock=_clock(raw["clk"]),
        objects=tuple(_object_ref(each) for each in raw["obj"]),
        public=public,
        commitments=commitments,
        after=_after(raw["after"]) if "after" in raw else None,
    )


def compact_json(value: object) -> bytes:
    """JSON without spaces in UTF-8; raises EntryError for fractions, lone surrogates and foreign types."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        data = text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise EntryError(f"not a value for the log: {error}") from None
    return data


def strict_json(data: bytes) -> object:
    """Parse JSON that every reader understands alike; raises EntryError.

    Refuses bytes that are not UTF-8, a byte order mark, doubled keys, fractions and exponents, whole numbers beyond
    2**53 - 1, lone surrogates, and nesting deeper than 16.
    """
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_no_doubles,
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError:
        raise EntryError("not UTF-8") from None
    except RecursionError:
        raise EntryError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise EntryError(f"not JSON: {error.msg}") from None
    _need_plain(value, 0)
    return cast("object", value)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EntryError("a key stands twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise EntryError(f"not a whole number: {text[:40]}")


def _whole_number(text: str) -> int:
    if len(text) > 17 or text == "-0" or abs(int(text)) > INTEGER_MAX:
        raise EntryError("a whole number is out of range")
    return int(text)


def _need_plain(value: object, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise EntryError("nested too deeply")
    if isinstance(value, str):
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise EntryError("a lone surrogate")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _need_plain(name, depth + 1)
            _need_plain(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _need_plain(inner, depth + 1)


def _need_impersonal(value: object, where: str) -> None:
    """`pub` holds codes: printable ASCII without spaces, and nothing in the shape of a person's number or address."""
    if isinstance(value, dict):
        for name, inner in value.items():
            _text(name, where, _WORD)
            _need_impersonal(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for inner in value:
            _need_impersonal(inner, where)
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        text = str(value)
        if not _CODE.fullmatch(text):
            raise EntryError(f"{where} holds codes without spaces, up to 256 ASCII characters; commit to the rest")
        for what, shape in _PERSONAL.items():
            if shape.search(text):
                raise EntryError(f"{where} looks like {what}; commit to it instead")


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EntryError(f"{where} is not an object")
    return value


def _need_keys(value: Mapping[str, Any], required: set[str], optional: set[str], where: str) -> None:
    missing, foreign = required - value.keys(), value.keys() - required - optional
    if missing or foreign:
        raise EntryError(f"{where}: missing {sorted(missing)}, unknown {sorted(foreign)}")


def _text(value: object, where: str, shape: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise EntryError(f"{where} has a wrong form")
    return value


def _integer(value: object, where: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise EntryError(f"{where} is not a whole number from {low} to {high}")
    return value


def _actor(value: object) -> Actor:
    raw = _object(value, "actor")
    _need_keys(raw, {"sid", "role"}, {"auth"}, "actor")
    auth = _text(raw["auth"], "actor.auth", _HEX64) if "auth" in raw else None
    return Actor(_text(raw["sid"], "actor.sid", _SID), _text(raw["role"], "actor.role", _WORD), auth)


def _step(raw: Mapping[str, Any]) -> CaseStep:
    cseq = _integer(raw["cseq"], "cseq", 1, INTEGER_MAX)
    cprev = raw["cprev"] if cseq == 1 and raw["cprev"] == "" else _text(raw["cprev"], "cprev", _HEX64)
    if cseq == 1 and cprev:
        raise EntryError("the first step of a case follows nothing")
    return CaseStep(_text(raw["case"], "case", _HEX64), cseq, cprev)


def _clock(value: object) -> Clock:
    raw = _object(value, "clk")
    _need_keys(raw, {"src", "off_ms"}, set(), "clk")
    return Clock(_text(raw["src"], "clk.src", _WORD), _integer(raw["off_ms"], "clk.off_ms", -INTEGER_MAX, INTEGER_MAX))


def _object_ref(value: object) -> ObjectRef:
    raw = _object(value, "obj")
    _need_keys(raw, {"kind", "rev", "len", "sha256", "sm3"}, set(), "obj")
    return ObjectRef(
        _text(raw["kind"], "obj.kind", _WORD),
        _integer(raw["rev"], "obj.rev", 1, INTEGER_MAX),
        _integer(raw["len"], "obj.len", 0, INTEGER_MAX),
        _text(raw["sha256"], "obj.sha256", _HEX64),
        _text(raw["sm3"], "obj.sm3", _HEX64),
    )


def _after(value: object) -> Head:
    raw = _object(value, "after")
    _need_keys(raw, {"size", "root"}, set(), "after")
    try:
        return Head(
            _integer(raw["size"], "after.size", 0, INTEGER_MAX), bytes.fromhex(_text(raw["root"], "after.root", _HEX64))
        )
    except TreeError as error:
        raise EntryError(str(error)) from None


def _millis(at: datetime) -> int:
    if at.tzinfo is None:
        raise EntryError("a time on the log has a zone")
    elapsed = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000 + elapsed.microseconds // 1_000


def _time_text(at: datetime) -> str:
    if at.tzinfo is None:
        raise EntryError("a time on the log has a zone")
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1_000:03d}Z"


def _time(value: object) -> datetime:
    try:
        return datetime.fromisoformat(_text(value, "t", _TIME))
    except ValueError:
        raise EntryError("t is not a time in UTC with milliseconds") from None
