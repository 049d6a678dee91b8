"""A case across a restore goes into one pack: both parts proved and joined, and no part can be bent or left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import packfile, proof
from guiyan.ledger.entry import CaseStep, EntryType, case_tag, compact_json
from guiyan.ledger.packfile import LoggedEntry, PackError
from guiyan.ledger.verifier import command, verify
from tests.ledger import epochs
from tests.ledger import ledger_samples as samples
from tests.ledger.epochs import KEYS, NEW, OLD, resealed, restored, sealed, signed, stored
from tests.ledger.forging import SIGNATURES, Members, repacked

if TYPE_CHECKING:
    from tests.ledger.conftest import PageCheck

CASE = restored()
PACK = sealed(CASE)
MEMBERS = samples.members_of(PACK)
BOTH = " ".join(KEYS)
CASE_JSON = json.loads(MEMBERS["case.json"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer again what was asked before: judging a signature is a pure function, and the slowest one."""
    monkeypatch.setattr(verify, "ed25519_verify", SIGNATURES)


def reason(data: bytes, keys: list[str] = KEYS) -> str:
    try:
        verify.check(data, keys)
    except verify.Refused as refusal:
        return refusal.code
    return ""


def lying(**told: Any) -> bytes:
    """A pack whose new log opens with another statement than the true one, logged and sealed by the operator."""
    case = restored(told=told)
    draft = packfile.draft(case.contents())
    export, after = epochs.exported(case, draft)
    members = {**draft.members, "checkpoint": signed(after, NEW), f"entries/{export.index}.json": export.data}
    for index in [0, *(step.index for step in case.new_steps), export.index]:
        members[f"proofs/{index}.tlog-proof"] = proof.Proof(
            index, stored(after).inclusion(index), signed(after, NEW)
        ).data
    return packfile.write_archive(members)


def without(*starts: str) -> Members:
    return {name: data for name, data in MEMBERS.items() if not name.startswith(starts)}


def edited(name: str, **changes: Any) -> Members:
    return {**MEMBERS, name: compact_json({**json.loads(MEMBERS[name]), **changes})}


# --- accepted as made -------------------------------------------------------------------------------------------------


def test_a_pack_holds_both_parts_in_one_chain() -> None:
    pack = verify.check(PACK, KEYS)
    assert pack.key_confirmed and [log.origin for log in pack.logs] == [OLD.name, NEW.name]
    assert [step.fields["cseq"] for step in pack.steps] == [*range(1, 9)]
    assert [step.log for step in pack.steps] == [OLD.name] * epochs.LATER + [NEW.name] * 4
    assert [item["value"] for item in pack.disclosed] == [samples.REASON.value, samples.AUTH.value]
    assert pack.remarks == [], "nothing was lost"
    guide = MEMBERS["00-验证说明.txt"].decode()
    assert OLD.verifier.fingerprint in guide and NEW.verifier.fingerprint in guide


def test_every_key_has_to_be_confirmed() -> None:
    for keys in ([], KEYS[:1], KEYS[1:]):
        assert not verify.check(PACK, keys).key_confirmed
    assert [log.key_confirmed for log in verify.check(PACK, KEYS[1:]).logs] == [False, True]
    assert verify.check(PACK, KEYS[:1], KEYS[1:]).key_confirmed
    forger = [replace(key, seed=b"\x66" * 32).verifier.text for key in (OLD, NEW)]
    for place, other in enumerate(forger):
        assert reason(PACK, [other]) == "other-key"
        assert reason(PACK, [other, KEYS[1 - place]]) == "other-key"
        with pytest.raises(verify.Refused, match="other-key"):
            verify.check(PACK, [], [other])


def test_what_a_restore_lost_is_said_and_a_receipt_of_it_is_held_against_the_pack() -> None:
    case = restored(lost=3)
    data = sealed(case)
    pack = verify.check(data, KEYS)
    assert any("丢失了最后 3 条" in remark for remark in pack.remarks)
    assert "丢失了最后 3 条" in "\n".join(command.report(pack))
    step = CaseStep(case_tag(b"k" * 32, "case 1"), 40, "00" * 32)
    lost = samples.event(OLD, 50, EntryType.COMMENT_MADE, "employee", step)
    history = (*case.before, lost)
    held = proof.receipt(lost, len(history) - 1, stored(history).inclusion(len(history) - 1), signed(history, OLD))
    with pytest.raises(verify.Refused, match="step-missing"):
        verify.check(data, KEYS, receipts=[held])


def test_receipts_of_both_parts_agree_with_the_pack_and_a_rewritten_part_does_not() -> None:
    for key, entries, step in ((OLD, CASE.before, CASE.old_steps[2]), (NEW, CASE.after, CASE.new_steps[1])):
        held = proof.receipt(step.data, step.index, stored(entries).inclusion(step.index), signed(entries, key))
        (remark,) = verify.check(PACK, KEYS, receipts=[held]).remarks
        assert "一致" in remark
    bent = (*CASE.before[:-1], samples.event(OLD, 70, EntryType.FACT_RECORDED, "hr", None))
    held = proof.receipt(bent[-1], len(bent) - 1, stored(bent).inclusion(len(bent) - 1), signed(bent, OLD))
    with pytest.raises(verify.Refused, match="fork"):
        verify.check(PACK, KEYS, receipts=[held])


def test_a_case_that_lies_wholly_before_the_restore_can_be_packed() -> None:
    wholly = CASE.contents(steps=(), disclosures=(), documents={})
    assert reason(sealed(replace(CASE, after=CASE.after[:1]), wholly)) == ""


def test_a_pack_of_one_part_is_spelt_as_before() -> None:
    members = samples.members_of(samples.sealed()[1])
    assert not [name for name in members if name.startswith("epochs/")]
    assert set(json.loads(members["case.json"])) == {
        "v",
        "log",
        "case",
        "title",
        "steps",
        "head",
        "system",
        "published",
    }
    assert json.loads(members["case.json"])["v"] == json.loads(members["disclosed.json"])["v"] == 1


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_no_member_can_be_left_out_or_bent(name: str) -> None:
    assert reason(repacked(MEMBERS, **{name: None}))
    data = MEMBERS[name]
    for place in {0, len(data) // 2, len(data) - 1}:
        bent = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert reason(repacked(MEMBERS, **{name: bent})), place


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(PACK) - 1), bit=st.integers(0, 7))
def test_no_bit_of_the_file_can_be_changed(place: int, bit: int) -> None:
    bent = bytearray(PACK)
    bent[place] ^= 1 << bit
    assert reason(bytes(bent))


OTHER_CASE = CaseStep(case_tag(b"k" * 32, "other"))
OLD_HEAD = stored(CASE.before).head()
LAST = CASE.old_steps[-1].index
SWAPPED = {
    **MEMBERS,
    "epochs/1/checkpoint": MEMBERS["checkpoint"],
    "epochs/1/log.vkey": MEMBERS["keys/log.vkey"],
    "epochs/1/log.pub.pem": MEMBERS["keys/log.pub.pem"],
}
ACTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an honest seal": ("", lambda: resealed(MEMBERS, CASE)),
    "an honest statement": ("", lying),
    "the old part dropped": ("origin", lambda: resealed(without("epochs/"), CASE)),
    "the old part's entries dropped": (
        "chain", lambda: resealed(without("epochs/1/entries/", "epochs/1/proofs/"), CASE),
    ),
    "the last step before the restore dropped": (
        "chain", lambda: resealed(without(f"epochs/1/entries/{LAST}.", f"epochs/1/proofs/{LAST}."), CASE),
    ),
    "its proof dropped": ("member-missing", lambda: resealed(without("epochs/1/proofs/1."), CASE)),
    "its entry dropped": ("member-unlisted", lambda: resealed(without("epochs/1/entries/1."), CASE)),
    "its checkpoint dropped": ("member-missing", lambda: resealed(without("epochs/1/checkpoint"), CASE)),
    "its key dropped": ("member-missing", lambda: resealed(without("epochs/1/log.vkey"), CASE)),
    "the statement dropped": ("epoch", lambda: resealed(without("entries/0.json", "proofs/0."), CASE)),
    "the parts swapped": ("checkpoint", lambda: resealed({**MEMBERS, "epochs/1/log.vkey": MEMBERS["keys/log.vkey"],
        "epochs/1/checkpoint": MEMBERS["epochs/1/checkpoint"].replace(OLD.name.encode(), NEW.name.encode())}, CASE)),
    "the new part twice": ("proof", lambda: resealed(SWAPPED, CASE)),
    "another number": ("", lambda: resealed(
        {name.replace("epochs/1/", "epochs/7/"): data for name, data in MEMBERS.items()}, CASE)),
    "a number with a zero": ("member-unknown", lambda: resealed({**MEMBERS, "epochs/01/checkpoint": b"x"}, CASE)),
    "a part without a key": ("member-missing", lambda: resealed({**MEMBERS, "epochs/2/checkpoint": b"x"}, CASE)),
    "a stray file in a part": ("member-unknown", lambda: resealed({**MEMBERS, "epochs/1/readme.txt": b"x"}, CASE)),
    "a stray entry in a part": ("member-unknown", lambda: resealed({**MEMBERS, "epochs/1/entries/x.json": b"x"}, CASE)),
    "an older checkpoint of the old part": ("proof", lambda: resealed(
        {**MEMBERS, "epochs/1/checkpoint": signed(CASE.before[:-1], OLD)}, CASE)),
    "a statement of another log": ("epoch", lambda: lying(origin="hr.example.cn/evidence/t2/e1")),
    "a statement of a smaller log": ("epoch", lambda: lying(size=OLD_HEAD.size - 1)),
    "a statement of size true": ("epoch", lambda: lying(size=True)),
    "a statement of another root": ("epoch", lambda: lying(root="00" * 32)),
    "a statement without a root": ("epoch", lambda: lying(root="none")),
    "a statement of another type": ("epoch", lambda: lying(type=EntryType.FACT_RECORDED)),
    "a statement inside a case": ("epoch", lambda: lying(step=OTHER_CASE)),
    "one version in case.json": ("case", lambda: resealed(edited("case.json", v=1), CASE)),
    "no logs in case.json": ("case", lambda: resealed(edited("case.json", logs=[NEW.name]), CASE)),
    "steps without their log": ("case", lambda: resealed(edited("case.json", steps=[
        {key: value for key, value in row.items() if key != "log"} for row in CASE_JSON["steps"]]), CASE)),
    "disclosed of one part": ("disclosed", lambda: resealed(edited("disclosed.json", v=1), CASE)),
    "disclosed of no part": ("disclosed", lambda: resealed(edited("disclosed.json", items=[
        {**item, "log": 1} for item in json.loads(MEMBERS["disclosed.json"])["items"]]), CASE)),
    "disclosed of the other part": ("disclosed", lambda: resealed(edited("disclosed.json", items=[
        {**item, "log": OLD.name} for item in json.loads(MEMBERS["disclosed.json"])["items"]]), CASE)),
}  # fmt: skip


@pytest.mark.parametrize("act", sorted(ACTS))
def test_even_the_holder_of_both_keys_cannot_bend_the_joint(act: str) -> None:
    expected, make = ACTS[act]
    assert reason(make()) == expected


def test_the_page_says_the_same(page_check: PageCheck) -> None:
    packs = [make() for _, make in ACTS.values()] + [repacked(MEMBERS, **{name: None}) for name in sorted(MEMBERS)]
    packs.append(sealed(restored(lost=3)))
    answers = page_check([(data, BOTH) for data in packs])
    assert [answer.get("code", "") for answer in answers] == [reason(data) for data in packs]
    assert answers[-1]["pack"]["remarks"] == verify.check(packs[-1], KEYS).remarks
    half, none, other = page_check([(PACK, KEYS[1]), (PACK, ""), (PACK, replace(OLD, seed=b"\x66" * 32).verifier.text)])
    assert (half["exit"], none["exit"], other["exit"], other["code"]) == (2, 2, 1, "other-key")


def test_a_draft_of_parts_that_do_not_follow_is_refused_before_anything_is_logged() -> None:
    (part,) = CASE.contents().earlier
    for bad in (
        {"earlier": (replace(part, steps=part.steps[:-1]),)},
        {"earlier": (replace(part, steps=(replace(part.steps[0], index=99), *part.steps[1:])),)},
        {"earlier": ()},
        {"steps": (), "disclosures": (), "earlier": (replace(part, steps=()),)},
        {"steps": (LoggedEntry(1, CASE.old_steps[0].data),)},
    ):
        with pytest.raises(PackError):
            packfile.draft(CASE.contents(**bad))


def test_a_simulation_does_not_pass_into_a_real_log() -> None:
    digest = hashlib.sha256(b"").hexdigest()
    assert reason(lying(origin="sim/hr.example.cn/evidence/t1/e1", root=digest)) == "epoch"
