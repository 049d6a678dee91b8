"""What is personal is stored so that the database alone reveals nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from guiyan.ledger.models import Entry
from guiyan.people import actions, masking, queries, sealing
from guiyan.people.enums import AddressKind, SensitiveKind
from guiyan.people.models import DeliveryAddress, Protection, SensitiveValue, Wage
from guiyan.platform import crypto
from guiyan.platform.acting import Refused
from guiyan.platform.ids import new_id
from guiyan.platform.models import SubjectKey
from guiyan.platform.permissions import SYSTEM
from tests.people.world import ADDRESS, DOCUMENT, HIRED, MOBILE, SENSITIVE, World, build, grown, row_counts


@pytest.fixture
def world(tenant: Any, now: datetime) -> World:
    return build(now)


def _everything_stored() -> bytes:
    """Return every byte of every table of people and of the ledger, as the database hands it out."""
    found = b""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in {"people", "ledger", "platform"}:
                cursor.execute(f"SELECT * FROM {model._meta.db_table}")
                for row in cursor.fetchall():
                    found += b"\x1f".join(
                        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
                    )
    return found


def test_no_personal_value_is_stored_in_the_clear(world: World) -> None:
    stored = _everything_stored()
    assert "周雨桐".encode() in stored, "the search finds what is stored in the clear"
    for value in (*SENSITIVE.values(), "12345.67", "孕十二周"):
        assert value.encode() not in stored, value


def test_no_personal_value_stands_in_an_entry_of_the_log(world: World) -> None:
    log = b"\n".join(bytes(entry) for entry in Entry.objects.values_list("entry", flat=True))
    assert b"person.hired" in log
    for value in (*SENSITIVE.values(), "周雨桐", "A002", "12345.67", "孕十二周", "pregnancy", str(world.subject)):
        assert value.encode() not in log, value


def test_a_sealed_value_that_was_moved_or_altered_does_not_open(world: World) -> None:
    row = SensitiveValue.objects.get(person_id=world.subject, kind="mobile")
    assert sealing.open_value(row) == MOBILE
    other = SensitiveValue.objects.get(person_id=world.subject, kind="emergency_phone")
    other.sealed = row.sealed
    with pytest.raises(crypto.Tampered):
        sealing.open_value(other)
    foreign = SensitiveValue(
        person_id=world.outsider, kind="mobile", sealed=row.sealed, mask=row.mask, index=row.index, id=row.id
    )
    with pytest.raises(crypto.Tampered):
        sealing.open_value(foreign)
    row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
    with pytest.raises(crypto.Tampered):
        sealing.open_value(row)


def test_the_figures_of_a_wage_cannot_be_swapped(world: World) -> None:
    row = Wage.objects.get(spell_id=world.spell)
    assert sealing.open_wage(world.subject, row) == (Decimal("12345.67"), Decimal(20))
    row.sealed_base, row.sealed_performance = row.sealed_performance, row.sealed_base
    with pytest.raises(crypto.Tampered):
        sealing.open_wage(world.subject, row)


def test_what_was_erased_is_gone_and_says_so(world: World, now: datetime) -> None:
    SubjectKey.objects.filter(subject_id=world.subject, retention="contract").update(wrapped=None, destroyed_at=now)
    with pytest.raises(crypto.Erased):
        sealing.open_value(SensitiveValue.objects.get(person_id=world.subject, kind="mobile"))
    assert sealing.open_wage(world.subject, Wage.objects.get(spell_id=world.spell))[0] == Decimal("12345.67")


@pytest.mark.parametrize("written", [MOBILE, "142 0000 6021", "142-0000-6021", f" {MOBILE} "])
def test_a_person_is_found_by_a_sealed_value_however_it_is_written(world: World, written: str) -> None:
    hr = world.viewer("hr", "serves")
    assert [found.name for found in queries.find_by_sensitive(hr, "mobile", written)] == ["周雨桐"]
    assert queries.find_by_sensitive(hr, "mobile", "14200006022") == ()
    assert queries.find_by_sensitive(hr, "emergency_phone", written) == (), "each kind has an index of its own"


def test_a_document_is_found_with_small_x_and_spaces(world: World, now: datetime) -> None:
    actions.correct_person(
        SYSTEM, world.subject, {"id_document": "31000019900307002x"}, reason="更正", request_id=new_id(), now=now
    )
    found = queries.find_by_sensitive(world.viewer("hr_lead", "other"), "id_document", "310000 19900307 002X")
    assert [each.person_id for each in found] == [world.subject]


MASKS = [
    (SensitiveKind.MOBILE, "13812346021", "138****6021"),
    (SensitiveKind.EMERGENCY_PHONE, "021-87654321", "021*****4321"),
    (SensitiveKind.ID_DOCUMENT, DOCUMENT, "310***********0018"),
    (SensitiveKind.ID_DOCUMENT, "E12345678", "E******78"),
    (SensitiveKind.BANK_ACCOUNT, "6222020200112233445", "**** 3445"),
    (SensitiveKind.PERSONAL_EMAIL, "zhou@example.com", "z***@example.com"),
    (SensitiveKind.HOME_ADDRESS, ADDRESS, "上海市浦东新****"),
    (SensitiveKind.EMERGENCY_NAME, "周大山", "周**"),
    (SensitiveKind.BIRTH_DATE, "1990-03-07", "****"),
    (SensitiveKind.MOBILE, "12345", "****"),
    (SensitiveKind.HOME_ADDRESS, "上海市浦东新区", "****"),
    (SensitiveKind.BANK_ACCOUNT, "1234", "****"),
    (SensitiveKind.PERSONAL_EMAIL, "nonsense", "****"),
]


@pytest.mark.parametrize(("kind", "value", "shown"), MASKS)
def test_a_mask_shows_enough_to_recognise_and_too_little_to_use(kind: str, value: str, shown: str) -> None:
    assert masking.mask(kind, masking.normal(kind, value)) == shown


def test_every_kind_of_value_and_address_has_a_mask() -> None:
    long = "一二三四五六七八九十一二三四五六"
    for kind in SensitiveKind.values:
        assert long not in masking.mask(kind, long)
    for address in AddressKind.values:
        assert long not in masking.mask_address(address, long)


def test_each_look_is_on_the_ledger_and_needs_a_reason(world: World, now: datetime) -> None:
    hr = world.viewer("hr", "serves")
    before = row_counts()
    assert actions.reveal_sensitive(hr, world.subject, "id_document", reason="办理社保", now=now) == DOCUMENT
    looks = grown(before, row_counts())
    assert looks["ledger_entry"] == 1
    assert Entry.objects.latest("id").type == "pii.revealed"
    with pytest.raises(Refused, match="reason_missing"):
        actions.reveal_sensitive(hr, world.subject, "id_document", reason="  ", now=now)
    own = world.viewer("employee", "self")
    assert actions.reveal_sensitive(own, world.subject, "id_document", reason="", now=now) == DOCUMENT
    address = DeliveryAddress.objects.get(person_id=world.subject)
    assert actions.reveal_address(hr, address.id, reason="寄送通知", now=now) == ADDRESS


def test_a_value_that_is_not_there_cannot_be_revealed_and_leaves_no_look(world: World, now: datetime) -> None:
    before = row_counts()
    with pytest.raises(queries.NotFound):
        actions.reveal_sensitive(world.viewer("hr_lead", "other"), world.outsider, "mobile", reason="联系", now=now)
    assert grown(before, row_counts()) == {}


def test_a_protection_keeps_its_detail_sealed(world: World) -> None:
    row = Protection.objects.get(pk=world.protection)
    key = crypto.subject_key(world.subject, "contract")
    assert crypto.unseal(key, bytes(row.sealed_detail or b""), where=row.where).decode() == "孕十二周"


def test_an_address_confirmed_again_replaces_the_one_before(world: World, now: datetime) -> None:
    own = world.viewer("employee", "self")
    actions.confirm_address(own, "postal", "杭州市西湖区示例街1号", request_id=new_id(), now=now)
    rows = list(DeliveryAddress.objects.filter(person_id=world.subject).order_by("valid_from"))
    assert [row.valid_to for row in rows] == [now, None]
    assert [each.value for each in queries.delivery_targets(world.subject, now)] == ["杭州市西湖区示例街1号"]
    assert [each.value for each in queries.delivery_targets(world.subject, rows[0].valid_from)] == [ADDRESS]
    with pytest.raises(Refused, match="address_just_confirmed"):
        actions.confirm_address(own, "postal", "别处的一条街1号", request_id=new_id(), now=now)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "email"),
        ("email", "a@b"),
        ("mobile", "12"),
        ("mobile", "电话"),
        ("postal", "上海"),
        ("wecom", ""),
        ("postal", "长" * 501),
    ],
)
def test_an_address_that_nothing_can_reach_is_refused(world: World, now: datetime, kind: str, value: str) -> None:
    with pytest.raises(Refused, match="address_unusable"):
        actions.confirm_address(world.viewer("employee", "self"), kind, value, request_id=new_id(), now=now)


@pytest.mark.parametrize("reason", ["mobile", "resignation", "reason", "abcd"])
def test_a_reason_that_reads_like_a_code_is_a_reason(world: World, now: datetime, reason: str) -> None:
    hr = world.viewer("hr", "serves")
    assert actions.reveal_sensitive(hr, world.subject, "mobile", reason=reason, now=now) == MOBILE
    actions.end_spell(SYSTEM, world.spell, HIRED, "resignation", reason=reason, request_id=new_id(), now=now)


def test_paper_needs_its_digest_and_a_time_that_has_been(world: World, now: datetime) -> None:
    hr = world.viewer("hr", "serves")
    facts: dict[str, Any] = {"confirmed_at": now, "now": now, "request_id": new_id()}
    with pytest.raises(Refused, match="proof_missing"):
        actions.record_address(hr, world.subject, "email", "a@example.com", proof_sha256="abc", **facts)
    facts = {**facts, "confirmed_at": datetime(2027, 1, 1, tzinfo=now.tzinfo), "request_id": new_id()}
    with pytest.raises(Refused, match="confirmed_in_future"):
        actions.record_address(hr, world.subject, "email", "a@example.com", proof_sha256="0" * 64, **facts)


def test_a_document_of_somebody_on_file_is_refused(world: World, now: datetime) -> None:
    new = actions.NewPerson("另一人", sensitive={"id_document": DOCUMENT})
    place = actions.Engagement("N9", date(2026, 1, 1), world.team, world.post)
    with pytest.raises(Refused, match="person_on_file"):
        actions.hire(SYSTEM, new, place, request_id=new_id(), now=now)
    with pytest.raises(Refused, match="document_of_another"):
        actions.correct_person(
            SYSTEM, world.outsider, {"id_document": DOCUMENT}, reason="更正", request_id=new_id(), now=now
        )
