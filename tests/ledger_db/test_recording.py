"""What is recorded: exact bytes that name nobody, chained per case, or nothing at all."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from guiyan.ledger import actions, queries
from guiyan.ledger.entry import EntryError, commit, parse
from guiyan.ledger.models import CaseHead, CommittedValue, Entry, Pending, Pseudonym
from guiyan.ledger.tree import leaf_hash
from guiyan.platform import acting, clock, crypto, tenancy
from guiyan.platform.acting import Refused
from guiyan.platform.models import Refusal, SubjectKey
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.platform.tenancy import directory

from .conftest import record, record_many, viewer_of

NAME, MOBILE, ID_NUMBER = "欧阳雪", "13812345678", "110101199003070134"


def test_an_entry_is_stored_as_it_was_made_and_waits(tenant: Any, now: Any) -> None:
    ref = record(viewer_of(), now=now, public={"channel": "wecom"})
    row = Entry.objects.get(pk=ref.id)
    entry = parse(bytes(row.entry))
    assert (entry.entry_id, entry.at, entry.public) == (str(ref.entry_id), now, {"channel": "wecom"})
    assert bytes(row.leaf) == ref.leaf == leaf_hash(bytes(row.entry))
    assert entry.log.endswith("/evidence/alpha/e1")
    assert Pending.objects.get(pk=ref.id).leaf == ref.leaf


def _bytes_of(ref: actions.EntryRef) -> bytes:
    return bytes(Entry.objects.get(pk=ref.id).entry)


def test_personal_data_stand_in_an_entry_only_as_commitments_that_open(tenant: Any, now: Any) -> None:
    subject, viewer = uuid4(), viewer_of()
    committed = {"name": NAME, "mobile": MOBILE, "id_number": ID_NUMBER, "reason": "家里有事，想回老家"}
    ref = record(viewer, "resign.submitted", now=now, committed=committed, subject=subject, case=uuid4())
    data = _bytes_of(ref)
    secrets = [*committed.values(), str(subject), str(viewer.user_id), str(viewer.person_id), viewer.name, viewer.auth]
    for secret in secrets:
        assert secret.encode() not in data
        assert secret.encode("unicode_escape") not in data
    entry = parse(data)
    key = crypto.subject_key(subject, "contract")
    for row in CommittedValue.objects.filter(entry_id=ref.id, subject_id=subject):
        opened = crypto.unseal(key, bytes(row.sealed or b""), where=f"ledger_committedvalue/{ref.id}/{row.field}")
        assert opened[32:].decode() == committed.pop(row.field)
        assert commit(row.field, opened[:32], opened[32:]) == entry.commitments[row.field]
    assert not committed, "every committed value was kept"


def test_equal_values_give_different_commitments(tenant: Any, now: Any) -> None:
    subject = uuid4()
    one, two = (record(viewer_of(), now=now, committed={"mobile": MOBILE}, subject=subject) for _ in range(2))
    assert parse(_bytes_of(one)).commitments != parse(_bytes_of(two)).commitments


def test_after_the_key_is_destroyed_nothing_opens_a_commitment(tenant: Any, now: Any) -> None:
    subject = uuid4()
    record(viewer_of(), now=now, committed={"mobile": MOBILE}, subject=subject)
    SubjectKey.objects.filter(subject_id=subject).update(wrapped=None, destroyed_at=now)
    with pytest.raises(crypto.Erased):
        crypto.subject_key(subject, "contract")
    with pytest.raises(crypto.Erased):
        record(viewer_of(), now=now, committed={"mobile": MOBILE}, subject=subject)


@pytest.mark.parametrize(
    "public",
    [
        {"who": NAME},
        {"to": MOBILE},
        {"to": f"+86-{MOBILE}"},
        {"number": int(MOBILE)},
        {"id": ID_NUMBER},
        {"to": "xue@example.cn"},
        {"text": "two words"},
        {"Who": "x"},
        {"share": 0.5},
    ],
)
def test_what_may_be_about_a_person_does_not_stand_in_the_open(tenant: Any, now: Any, public: dict[str, Any]) -> None:
    before = Entry.objects.count()
    with pytest.raises(EntryError):
        record(viewer_of(), now=now, public=public)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("shown", ["ouyang.xue", "OUYANG.XUE", "user:ouyang.xue"])
def test_a_committed_value_does_not_stand_beside_its_commitment(tenant: Any, now: Any, shown: str) -> None:
    with pytest.raises(EntryError, match="account"):
        record(viewer_of(), now=now, public={"who": shown}, committed={"account": "ouyang.xue"}, subject=uuid4())


def test_an_actor_has_one_random_name_per_account_and_it_can_be_erased(tenant: Any, now: Any) -> None:
    viewer, other = viewer_of(), viewer_of()
    first, again, third = (parse(_bytes_of(record(each, now=now))).actor for each in (viewer, viewer, other))
    assert first.sid == again.sid != third.sid
    assert (first.role, bool(first.auth)) == ("hr", True)
    Pseudonym.objects.filter(sid=first.sid).update(lookup=None, sealed=None)
    assert parse(_bytes_of(record(viewer, now=now))).actor.sid != first.sid
    assert parse(_bytes_of(record(SYSTEM, now=now))).actor.sid == "system"


def test_the_same_account_has_another_name_in_another_tenant(fresh: Any, now: Any) -> None:
    viewer = viewer_of()
    here = parse(_bytes_of(record(viewer, now=now))).actor.sid
    alpha = directory.by_code("alpha")
    assert alpha is not None
    with tenancy.session(alpha), transaction.atomic():
        assert parse(_bytes_of(record(viewer, now=now))).actor.sid != here
        transaction.set_rollback(True)


def test_the_steps_of_a_case_follow_one_another(tenant: Any, now: Any) -> None:
    case, other = uuid4(), uuid4()
    refs = [record(viewer_of(), now=now, case=each) for each in (case, other, case, case)]
    steps = [parse(_bytes_of(ref)).step for ref in refs]
    mine = [steps[0], steps[2], steps[3]]
    assert [step.cseq for step in mine if step] == [1, 2, 3]
    assert [step.cprev for step in mine if step] == ["", refs[0].leaf.hex(), refs[2].leaf.hex()]
    assert len({step.tag for step in steps if step}) == 2
    assert str(case) not in "".join(step.tag for step in steps if step)
    head = CaseHead.objects.get(pk=case)
    assert (head.cseq, bytes(head.leaf)) == (3, refs[3].leaf)


def test_many_at_once_on_one_case_make_one_chain_without_gaps(fresh: Any) -> None:
    case, threads_count, each_count = uuid4(), 8, 5
    viewer, failures = viewer_of(), []

    def work() -> None:
        try:
            with tenancy.session(fresh):
                for _ in range(each_count):
                    record(viewer, now=clock.now(), case=case)
        except Exception as error:  # noqa: BLE001  shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(threads_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = list(Entry.objects.filter(tag=queries.tag_of(case)).order_by("cseq"))
    assert [row.cseq for row in rows] == [*range(1, threads_count * each_count + 1)]
    steps = [parse(bytes(row.entry)).step for row in rows]
    assert [step.cprev for step in steps if step] == ["", *[bytes(row.leaf).hex() for row in rows[:-1]]]
    assert len({parse(bytes(row.entry)).actor.sid for row in rows}) == 1


def test_evidence_disappears_with_the_change_it_would_prove(fresh: Any) -> None:
    case = uuid4()

    @acting.action("test.undone")
    def undone(viewer: Viewer) -> None:
        actions.record(viewer, "comment.made", now=clock.now(), case=case)
        raise Refused("test_rule", "不行")

    with pytest.raises(Refused):
        undone(viewer_of())
    assert not CaseHead.objects.filter(pk=case).exists()
    assert not Entry.objects.filter(type="comment.made").exists()


def test_a_refusal_is_recorded_after_the_rollback_and_nothing_else_changes(fresh: Any) -> None:
    record(viewer_of(), now=clock.now())
    before = Entry.objects.count()
    viewer = viewer_of("manager")

    @acting.action("test.forbidden")
    def forbidden(viewer: Viewer) -> None:
        record(viewer, now=clock.now())
        raise Refused("role_table", "您的角色不能做这件事。", object_kind="person", object_id="张三 01")

    with pytest.raises(Refused):
        forbidden(viewer)
    (entry,) = (parse(bytes(row.entry)) for row in Entry.objects.order_by("id")[before:])
    assert (str(entry.type), entry.actor.role) == ("access.refused", "manager")
    assert entry.public == {
        "act": "test.forbidden",
        "rule": "role_table",
        "object_kind": "person",
        "object_id": "___01",
    }
    assert Refusal.objects.count() == 1


def test_nothing_is_recorded_outside_an_action(tenant: Any, now: Any) -> None:
    with pytest.raises(AssertionError, match="inside an action"):
        actions.record(viewer_of(), "comment.made", now=now)


def test_an_unknown_type_is_refused(tenant: Any, now: Any) -> None:
    with pytest.raises(EntryError, match="unknown type"):
        record(viewer_of(), "person.vanished", now=now)


def test_many_entries_are_stored_in_the_order_given(tenant: Any, now: Any) -> None:
    subject = uuid4()
    events = [
        actions.Event("person.hired", public={"n": n}, committed={"name": f"{NAME}{n}"}, subject=subject)
        for n in range(1500)
    ]
    refs = record_many(viewer_of(), events, now)
    rows = [parse(bytes(row.entry)) for row in Entry.objects.filter(pk__in=[ref.id for ref in refs]).order_by("id")]
    assert [row.public["n"] for row in rows] == [*range(1500)]
    assert CommittedValue.objects.filter(subject_id=subject).count() == 1500


def test_a_simulation_says_so_in_every_entry(simulation: Any, now: Any) -> None:
    entry = parse(_bytes_of(record(viewer_of(), now=now)))
    assert entry.log.startswith("sim/") and entry.clock.source == "sim"
