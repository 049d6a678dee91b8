"""Entries: exact bytes, no person in them, chained within a case, and refused when two readers could disagree."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import entry, tree
from guiyan.ledger.entry import Actor, CaseStep, Clock, Entry, EntryError, EntryType, ObjectRef

AT = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=UTC)
TAG = entry.case_tag(b"k" * 32, "case 1")
READ = Entry(
    log="hr.example.cn/evidence/t1/e1",
    entry_id=entry.new_entry_id(AT),
    type=EntryType.NOTICE_READ,
    actor=Actor("s_8kq2", "employee", "ab" * 32),
    at=AT,
    step=CaseStep(TAG),
    clock=Clock("ntp", 3),
    objects=(ObjectRef.of("pdf", b"%PDF-1.7", rev=2),),
    public={"channel": "wecom", "result": "ok", "tries": [1, 2], "late": False, "until": None},
    commitments={"mobile": "cd" * 32},
    after=tree.Head(20_852_163, b"\x01" * 32),
)


def test_what_is_encoded_is_read_back_as_it_was() -> None:
    data = entry.encode(READ)
    assert entry.parse(data) == replace(READ, at=AT.replace(microsecond=123_000))
    assert data == entry.encode(READ)
    assert b" " not in data
    assert json.loads(data)["t"] == "2026-11-22T09:00:00.123Z"


def test_an_event_of_the_log_itself_belongs_to_no_case() -> None:
    data = entry.encode(replace(READ, step=None, type=EntryType.KEY_ROTATED))
    assert "case" not in json.loads(data)
    assert entry.parse(data).step is None
    with pytest.raises(EntryError, match="no case"):
        entry.next_step(data)


def test_steps_of_a_case_hang_on_the_exact_bytes_of_the_step_before() -> None:
    first = entry.encode(READ)
    second = entry.next_step(first)
    assert second == CaseStep(TAG, 2, hashlib.sha256(b"\x00" + first).hexdigest())
    with pytest.raises(EntryError, match="cprev"):
        entry.encode(replace(READ, step=CaseStep(TAG, 2, "")))
    with pytest.raises(EntryError, match="follows nothing"):
        entry.encode(replace(READ, step=CaseStep(TAG, 1, "ab" * 32)))
    with pytest.raises(EntryError, match="cseq"):
        entry.encode(replace(READ, step=CaseStep(TAG, 0)))


def test_times_are_utc_with_milliseconds_and_a_zone() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert entry.encode(replace(READ, at=shanghai)) == entry.encode(READ)
    with pytest.raises(EntryError, match="zone"):
        entry.encode(replace(READ, at=AT.replace(tzinfo=None)))


def test_a_commitment_hides_its_value_and_opens_to_nothing_else() -> None:
    salt = b"\x07" * 32
    expected = hashlib.sha256(b"hr-ev/commit/v1\x00mobile\x00" + salt + b"13800138000").hexdigest()
    assert entry.commit("mobile", salt, b"13800138000") == expected
    assert entry.commit("mobile", salt, b"13800138001") != expected
    assert entry.commit("ip", salt, b"13800138000") != expected
    one, two = entry.new_opening("mobile", "13800138000"), entry.new_opening("mobile", "13800138000")
    assert one.commitment != two.commitment
    assert "13800138000" not in repr(one)
    with pytest.raises(EntryError):
        entry.commit("mobile", salt[:31], b"013800138000")
    with pytest.raises(EntryError):
        entry.commit("mo\x00bile", salt, b"")


def test_a_case_tag_needs_the_tenant_key() -> None:
    assert entry.case_tag(b"k" * 32, "case 1") == TAG
    assert entry.case_tag(b"j" * 32, "case 1") != TAG
    with pytest.raises(EntryError):
        entry.case_tag(b"short", "case 1")


def test_sm3_is_the_national_standard() -> None:
    assert entry.sm3_hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_entry_ids_sort_by_time() -> None:
    ids = [entry.new_entry_id(AT + timedelta(milliseconds=step)) for step in range(20)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 20


@pytest.mark.parametrize(
    "leak",
    [
        "13800138000",
        "+8613800138000",
        "tel:13800138000;",
        13_800_138_000,
        "11010519491231002X",
        "lin.hua@example.cn",
        "林华",
        "left for personal reasons",
        "x" * 257,
    ],
)
def test_nothing_personal_stands_in_the_public_part(leak: str | int) -> None:
    for public in ({"note": leak}, {"deep": [{"note": leak}]}):
        with pytest.raises(EntryError, match="commit"):
            entry.encode(replace(READ, public=public))
    with pytest.raises(EntryError):
        entry.encode(replace(READ, public={str(leak): 1}))


def test_references_and_digests_may_stand_in_the_public_part() -> None:
    sha = hashlib.sha256(b"13800138000").hexdigest()
    public = {"provider_ref": sha, "msgid": "780138001380001234", "day": "2026-11-22", "rule": "LCL-37"}
    assert entry.parse(entry.encode(replace(READ, public=public))).public == public


GOOD = entry.encode(READ)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"v":1', b'"v":1,"v":1'),
        (b'"off_ms":3', b'"off_ms":3.0'),
        (b'"off_ms":3', b'"off_ms":3e0'),
        (b'"off_ms":3', b'"off_ms":-0'),
        (b'"off_ms":3', b'"off_ms":NaN'),
        (b'"off_ms":3', b'"off_ms":9007199254740992'),
        (b'"off_ms":3', b'"off_ms":' + b"9" * 5000),
        (b'"result":"ok"', b'"result":"ok","result":"no"'),
        (b'"result":"ok"', b'"result":"\\ud800"'),
        (b'"result":"ok"', b'"result":"\xff"'),
        (b'"result":"ok"', b'"result":' + b"[" * 30_000 + b"]" * 30_000),
        (b'"result":"ok"', b'"result":' + b"[" * 20 + b"]" * 20),
        (b'"type":"notice.read"', b'"type":"notice.readd"'),
        (b'"t":"2026-11-22T09:00:00.123Z"', b'"t":"2026-11-22T09:00:00Z"'),
        (b'"t":"2026-11-22T09:00:00.123Z"', b'"t":"2026-02-30T09:00:00.123Z"'),
        (b'"role":"employee"', b'"role":"employee","name":"x"'),
        (b'"com":{', b'"extra":1,"com":{'),
        (b'"cseq":1,', b""),
        (b'"kind":"pdf"', b'"kind":"pdf","sha256":"00"'),
        (b"{", b"\xef\xbb\xbf{"),
    ],
)
def test_bytes_that_two_readers_could_understand_differently_are_refused(old: bytes, new: bytes) -> None:
    assert old in GOOD
    with pytest.raises(EntryError):
        entry.parse(GOOD.replace(old, new, 1))


def test_an_entry_is_never_empty_and_never_too_long() -> None:
    for data in (b"", b"1", b"[]", b"{}", b"null", b"x" * 65_536):
        with pytest.raises(EntryError):
            entry.parse(data)
    with pytest.raises(EntryError, match="bytes"):
        entry.encode(replace(READ, commitments={f"f{number}": "ab" * 32 for number in range(1_000)}))


def test_a_value_that_json_cannot_carry_is_refused() -> None:
    for value in (1.5, b"bytes", AT, {"x": object()}, float("nan")):
        with pytest.raises(EntryError):
            entry.encode(replace(READ, public={"value": value}))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_either_an_entry_or_refused(data: bytes) -> None:
    try:
        parsed = entry.parse(data)
    except EntryError:
        return
    assert parsed.log
