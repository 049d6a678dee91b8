"""A case in words and values for its page: badges, facts, steps, the guard, the law, who was told, what happened."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.separation import queries
from guiyan.separation.enums import (
    CaseStatus,
    EffectKind,
    EffectState,
    IntakeAnswer,
    WithdrawalStatus,
)
from guiyan.ui.values import Check, Rung, Step, TimelineDay, TimelineItem
from guiyan.web.cases import words
from guiyan.web.cases.catalogue import ACTS

ALWAYS = frozenset({"complete"})
"""Acts whose button stays in sight, grey with its reason, while they cannot be done; the rest is folded away."""
PENDING = {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED}
OVER = {CaseStatus.RESTORED, CaseStatus.SUPERSEDED, CaseStatus.WITHDRAWN}
TRAIL_ICONS = {
    "resign": ("signature", "brand"),
    "withdraw": ("arrow-back-up", "violet"),
    "employment": ("briefcase", "ok"),
    "approve": ("eye-check", "ok"),
    "consent": ("heart-handshake", "ok"),
    "sign": ("writing-sign", "brand"),
    "idv": ("fingerprint", "brand"),
    "notice": ("mail-opened", "cyan"),
    "push": ("send", "neutral"),
    "mail": ("mail", "neutral"),
    "reminder": ("bell", "warn"),
    "no_response": ("clock-pause", "warn"),
    "deadline": ("calendar-time", "neutral"),
    "legal": ("scale", "violet"),
    "effect": ("plug", "warn"),
    "task": ("list-check", "neutral"),
    "process": ("route", "neutral"),
    "conduct": ("note", "warn"),
    "access": ("ban", "bad"),
    "comment": ("message-2", "neutral"),
}
KEY_EVENTS = {
    "resign", "withdraw", "employment", "approve", "consent", "conduct", "sign", "no_response", "certificate",
    "fact", "effect", "legal", "access", "case", "risk",
}  # fmt: skip
"""What one wants to see of a trail at first; the rest is there to be opened."""
MAIL_GRADES = {
    "queued": ("neutral", "mail"),
    "accepted": ("cyan", "mail-forward"),
    "refused": ("bad", "mail"),
    "given_up": ("warn", "mail"),
}


@dataclass(frozen=True)
class Badge:
    """A state as a badge shows it."""

    label: str
    tone: str
    dot: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Offer:
    """An act on offer; ``why`` says why it cannot be done now."""

    key: str
    label: str | Promise
    url: str
    icon: str
    kind: str
    why: str

    @property
    def off(self) -> bool:
        """Whether it cannot be done now."""
        return bool(self.why)


def badges(case: queries.CaseView) -> list[Badge]:
    """Return how a case stands in coloured words."""
    found = [Badge(str(case.status_words), words.STATUS_TONES[CaseStatus(case.status)], dot=True)]
    newest = case.withdrawal
    if newest is not None and case.status not in OVER:
        label = _("撤回：%(status)s") % {"status": newest.status_words}
        found.append(Badge(label, words.WITHDRAWAL_TONES[WithdrawalStatus(newest.status)], icon="arrow-back-up"))
    return [*found, Badge(str(case.channel), "plain")]


def facts(case: queries.CaseView) -> list[dict[str, str]]:
    """Return the days and answers that count."""
    clock = case.clock
    lines = [{"label": _("辞职到达"), "value": words.moment(case.arrived_at) or _("还没有到达")}]
    if clock is not None and clock.notice_days:
        days = ngettext("%(n)d 天", "%(n)d 天", clock.notice_days) % {"n": clock.notice_days}
        lines.append({"label": _("通知期满"), "value": words.day(clock.earliest_end), "chip": days, "tone": "neutral"})
    if clock is not None and clock.last_day is not None and case.ended_on is None:
        left = clock.days_left or 0
        chip = _("今天") if left == 0 else ngettext("还有 %(n)d 天", "还有 %(n)d 天", left) % {"n": left}
        if left < 0:
            chip = ngettext("已过 %(n)d 天", "已过 %(n)d 天", -left) % {"n": -left}
        tone = "bad" if left < 0 else "warn" if left <= 15 else "neutral"
        lines.append({"label": _("最后一天"), "value": words.day(clock.last_day), "chip": chip, "tone": tone})
    if case.ended_on is not None:
        lines.append({"label": _("劳动关系结束"), "value": words.day(case.ended_on)})
    if case.declined is not None:
        answered = f"{case.declined.by} {words.short(case.declined.at)}".strip()
        lines.append({"label": _("不接受提议"), "value": answered})
    if case.restored_at is not None:
        lines.append({"label": _("恢复在职"), "value": words.moment(case.restored_at)})
    for label, known in ((_("主管知悉"), case.manager_known), (_("人力资源知悉"), case.hr_known)):
        said = f"{known.by} {words.short(known.at)}" if known else _("待答复")
        if known or case.status == CaseStatus.RUNNING:
            lines.append({"label": label, "value": said})
    return lines


def steps(case: queries.CaseView) -> list[Step]:
    """Return how far a case is."""
    if case.status in {CaseStatus.OFFER, CaseStatus.DECLINED}:
        return _offer_steps(case)
    arrived = Step(_("辞职到达"), "done" if case.arrived_at else "now", words.short(case.arrived_at), str(case.channel))
    known = [each for each in (case.manager_known, case.hr_known) if each]
    both = len(known) == 2
    open_case = case.status == CaseStatus.RUNNING
    knows = Step(
        _("已知悉"),
        "done" if both else "now" if open_case else "stopped" if case.status in OVER else "todo",
        words.short(known[-1].at) if known else "",
        "，".join(each.by for each in known),
    )
    newest = case.withdrawal
    found = [arrived, knows]
    if newest is not None:
        found.append(_answer_step(newest))
    if case.status in OVER:
        return [*found, Step(_("恢复在职"), "done", words.short(case.restored_at))]
    if case.status == CaseStatus.ENDED:
        return [*found, Step(_("劳动关系结束"), "done", words.day(case.ended_on))]
    last = words.day(case.clock.last_day) if case.clock else ""
    answered = newest is None or newest.status not in PENDING
    return [*found, Step(_("交接与结清"), "now" if both and answered else "todo"), Step(_("最后一天"), "todo", last)]


def _offer_steps(case: queries.CaseView) -> list[Step]:
    offered = Step(_("提议到达"), "done", words.short(case.arrived_at), str(case.channel))
    if case.declined is not None:
        when, who = words.short(case.declined.at), case.declined.by
        return [offered, Step(_("公司没有接受"), "stopped", when, who), Step(_("继续在职"), "done", when)]
    return [offered, Step(_("公司答复"), "now"), Step(_("约定最后一天"), "todo")]


def _answer_step(newest: queries.WithdrawalView) -> Step:
    status = WithdrawalStatus(newest.status)
    when = newest.consented_at or newest.refused_at or newest.arrived_at
    who = newest.consented_by or newest.refused_by
    state = {WithdrawalStatus.PENDING: "now", WithdrawalStatus.UNANSWERED: "now", WithdrawalStatus.REFUSED: "stopped"}
    return Step(_("撤回"), state.get(status, "done"), words.short(when), who or str(newest.status_words))


def guard(case: queries.CaseView) -> dict[str, str] | None:
    """Return what is held back or must be known first, or None."""
    newest = case.withdrawal
    if case.status == CaseStatus.RUNNING and newest is not None and newest.status in PENDING:
        text = _("辞职已经到达，撤回须经公司同意；口头同意、以行为同意也算。答复之前，离职证明和最后工资照常准备。")
        return {"title": _("收到撤回，等待答复"), "tone": "brand", "icon": "clock-pause", "text": text}
    texts = {
        CaseStatus.RESTORED: (_("继续在职，原来的离职不能再办理"), "ok", "shield-check"),
        CaseStatus.SUPERSEDED: (_("继续在职，原来的离职不能再办理"), "ok", "shield-check"),
        CaseStatus.WITHDRAWN: (_("撤回已生效，原来的离职不能再办理"), "ok", "shield-check"),
        CaseStatus.DECLINED: (_("公司没有接受提议，员工继续在职"), "ok", "shield-check"),
        CaseStatus.DISPUTED: (_("员工否认提出过辞职"), "bad", "shield-x"),
        CaseStatus.MEANING_OPEN: (_("信的意思还没有确认"), "warn", "help-circle"),
        CaseStatus.AWAITING_WRITING: (_("只有口头，还须书面"), "warn", "writing"),
        CaseStatus.OFFER: (_("这是协商的提议，等待公司答复"), "brand", "heart-handshake"),
    }
    found = texts.get(CaseStatus(case.status))
    if found is None:
        return None
    text = str(case.verdict.text) if case.verdict.stops else str(case.next_steps[0].text) if case.next_steps else ""
    return {"title": found[0], "tone": found[1], "icon": found[2], "text": text}


def findings(case: queries.CaseView) -> list[dict[str, Any]]:
    """Return the judgements as this reader may see them; who may not gets one sentence without article or fact."""
    verdict = case.verdict
    if verdict.stops is None:
        return [_finding(_("现在能办结离职吗"), str(verdict.text), "neutral", (), opened=True)]
    label = _("不能办结") if verdict.stops else _("没有障碍")
    tone = "bad" if verdict.stops else "ok"
    main = _finding(_("现在能办结离职吗"), label, tone, verdict.lines, opened=True)
    main |= {"text": str(verdict.text), "conditions": verdict.conditions, "missing": verdict.missing}
    found = [main]
    if verdict.protection:
        found.append(_finding(_("受保护情形"), _("只有人力资源和法务看得到"), "violet", verdict.protection))
    if case.clock is not None and case.clock.lines:
        found.append(_finding(_("时间怎么算"), _("自到达的次日起算"), "brand", case.clock.lines))
    return found


def _finding(
    title: str, verdict: str, tone: str, lines: Iterable[queries.VerdictLine], *, opened: bool = False
) -> dict[str, Any]:
    known = list(lines)
    joint = "; " if words.is_english() else "，"
    articles = list(dict.fromkeys(article for line in known for article in line.articles))
    return {
        "title": title,
        "article": ngettext("%(n)d 条依据", "%(n)d 条依据", len(articles)) % {"n": len(articles)} if articles else "",
        "verdict": verdict,
        "tone": tone,
        "open": opened,
        "text": "",
        "steps": [{"text": line.text, "cites": joint.join(line.articles)} for line in known],
    }


def offers(case: queries.CaseView) -> list[Offer]:
    """Return every act that the reader's role offers on the case, those that can be done now first."""
    newest = case.withdrawal
    found = []
    for key, act in ACTS.items():
        if act.may not in case.may:
            continue
        if key in {"consent", "refuse"} and newest is None:
            continue
        reason = case.may[act.may]
        url = reverse("case_act", kwargs={"case_id": case.case_id, "key": key})
        found.append(Offer(key, act.label, url, act.icon, act.kind, str(reason) if reason is not None else ""))
    return sorted(found, key=lambda offer: offer.off)


def beside(offered: Iterable[Offer]) -> list[Offer]:
    """Return what stands beside the main act on top: to refuse beside to consent, to decline beside to accept."""
    return [each for each in offered if each.key in {"refuse", "decline-offer"} and not each.off]


def checks(case: queries.CaseView) -> list[Check]:
    """Return what to look at before answering a withdrawal."""
    newest = case.withdrawal
    if newest is None or newest.status not in PENDING or "decide" not in case.may:
        return []
    taken = next((each for each in reversed(case.intakes) if each.about == "withdrawal"), None)
    own = taken is None or taken.answer == IntakeAnswer.CONFIRMED
    said = _("在系统中签署") if taken is None else str(taken.answer_words)
    opinion = newest.opinion_words or (_("已逾期，不再等待") if newest.opinion_passed_at else _("还没有给出"))
    return [
        Check(_("撤回是员工本人提出的"), True if own else None, said),
        Check(_("主管意见"), True if newest.opinion else None, f"{opinion} {newest.opinion_by}".strip()),
        Check(_("到达时间"), done=True, note=words.moment(newest.arrived_at)),
    ]


def outside(case: queries.CaseView) -> list[dict[str, Any]]:
    """Return what has to go back outside, who sees to it and what was said of it, until somebody confirms it."""
    return [
        {
            "id": each.effect_id,
            "label": each.name,
            "icon": words.EFFECT_ICONS[EffectKind(each.kind)],
            "state": each.state_words,
            "tone": words.EFFECT_TONES[EffectState(each.state)],
            "note": _effect_note(each),
            "reply": each.reply if each.state != EffectState.ORDERED else "",
            "url": _effect_url("case_effect", case, each) if each.may_confirm else "",
            "not_yet": f"{_effect_url('case_effect', case, each)}?done=no",
            "again": _effect_url("case_effect_retry", case, each) if each.may_retry else "",
            "request_id": uuid.uuid4(),
            "again_id": uuid.uuid4(),
        }
        for each in case.effects
    ]


def _effect_url(name: str, case: queries.CaseView, each: queries.EffectView) -> str:
    return reverse(name, kwargs={"case_id": case.case_id, "effect_id": each.effect_id})


def _effect_note(each: queries.EffectView) -> str:
    keeper = words.say(each.keeper)
    if each.settled_at is not None:
        return f"{each.settled_by or _('外部系统')} {words.short(each.settled_at)}"
    if each.failed_at is not None:
        told = {"at": words.short(each.failed_at), "who": keeper}
        return _("%(at)s 没有成功，由%(who)s人工处理") % told
    if each.tries:
        told = {"reply": each.reply, "who": keeper}
        return _("外部系统暂时没有接受（%(reply)s），会自动再试；也可以由%(who)s人工恢复") % told
    return _("%(at)s 已通知，由%(who)s恢复") % {"at": words.short(each.ordered_at), "who": keeper}


def letter(case: queries.CaseView) -> dict[str, Any] | None:
    """Return what was written and the files, for who may read them."""
    if case.letter is None:
        return None
    said = {each.code: words.say(each.says) for each in ART_38_GROUNDS}
    names = {
        "letter": _("辞职信"),
        "receipt": _("收讫回执"),
        "withdrawal": _("撤回通知"),
        "withdrawal_receipt": _("撤回的收讫回执"),
        "scan": _("登记的原件"),
        "agreement": _("双方的约定"),
    }
    return {
        "basis": case.letter.basis,
        "grounds": [said.get(code, code) for code in case.letter.grounds],
        "text": case.letter.text,
        "reason": case.letter.reason,
        "wished": words.day(case.letter.wished_last_day),
        "tone": case.tone_words,
        "files": [
            {
                "name": names.get(each.kind, each.name),
                "digest": f"{each.sha256[:8]}…{each.sha256[-8:]}",
                "url": reverse("case_file", kwargs={"case_id": case.case_id, "file_id": each.file_id}),
            }
            for each in case.files
        ],
    }


def intakes(case: queries.CaseView) -> list[dict[str, Any]]:
    """Return what was taken in from outside, and what the employee said of it."""
    tones = {IntakeAnswer.CONFIRMED: "ok", IntakeAnswer.DENIED: "bad", IntakeAnswer.NO_ANSWER: "warn"}
    return [
        {
            "about": _("撤回") if each.about == "withdrawal" else _("辞职"),
            "channel": each.channel,
            "when": words.moment(each.happened_at),
            "by": each.recorded_by,
            "witness": each.witness,
            "note": each.note,
            "answer": each.answer_words,
            "tone": tones.get(IntakeAnswer(each.answer), "brand"),
        }
        for each in case.intakes
    ]


def withdrawal(case: queries.CaseView) -> list[tuple[str, str]]:
    """Return the newest withdrawal and the answers to it, as label and value."""
    newest = case.withdrawal
    if newest is None:
        return []
    lines = [
        (_("到达"), f"{words.moment(newest.arrived_at)}  {newest.channel}"),
        (_("员工的话"), newest.words),
        (_("主管意见"), f"{newest.opinion_words} {newest.opinion_by}".strip()),
        (_("主管的说明"), newest.opinion_note),
        (_("答复"), str(newest.status_words)),
        (_("同意的方式"), str(newest.consent_words)),
        (_("谁同意的"), f"{newest.consented_by} {words.moment(newest.consented_at)}".strip()),
        (_("同意的说明"), newest.consent_note),
        (_("谁不同意"), f"{newest.refused_by} {words.moment(newest.refused_at)}".strip()),
        (_("不同意的说明"), newest.refusal_note),
    ]
    return [(label, value) for label, value in lines if value]


def offer_answer(case: queries.CaseView) -> list[tuple[str, str]]:
    """Return the answer to an offer that was not accepted, as label and value."""
    if case.declined is None:
        return []
    lines = [
        (_("答复"), _("不接受提议")),
        (_("谁答复的"), f"{case.declined.by} {words.moment(case.declined.at)}".strip()),
        (_("告诉员工的原因"), case.declined.note),
    ]
    return [(label, value) for label, value in lines if value]


def rungs(case: queries.CaseView, mails: Iterable[Any]) -> list[Rung]:
    """Return whom the case's messages reached, and how good each proof is: no word says more than its fact."""
    found = [
        Rung(
            each.title,
            f"{each.to}  {words.short(each.sent_at)}",
            _("%(at)s 已打开") % {"at": words.short(each.read_at)} if each.read_at else _("已放入收件箱"),
            "message-2",
            "ok" if each.read_at else "neutral",
        )
        for each in sorted(case.told, key=lambda each: each.sent_at, reverse=True)[:8]
    ]
    grades = {
        "queued": _("等待发出"),
        "accepted": _("对方服务器已接收"),
        "refused": _("对方服务器拒收"),
        "given_up": _("没有发出"),
    }
    newest = list(mails)[-4:]
    for mail in reversed(newest):
        tone, icon = MAIL_GRADES.get(mail.state, ("neutral", "mail"))
        detail = f"{mail.title}  {words.short(mail.settled_at)}".strip()
        found.append(Rung(_("邮件 %(to)s") % {"to": mail.mask}, detail, grades.get(mail.state, ""), icon, tone))
    return found


def trail(events: Iterable[queries.TrailEvent]) -> list[TimelineDay]:
    """Return what happened by day, the newest first, each with its hash and its place in the log."""
    english = words.is_english()
    days: dict[str, list[TimelineItem]] = {}
    for event in sorted(events, key=lambda each: each.at, reverse=True):
        icon, tone = TRAIL_ICONS.get(event.kind.partition(".")[0], ("point", "neutral"))
        marks = [f"{event.leaf[:6]}…{event.leaf[-6:]}"]
        marks.append(f"#{event.index}" if event.index is not None else _("等待签名"))
        when = words.moment(event.at)
        item = TimelineItem(
            event.words_en if english else event.words,
            when[11:],
            who=event.by,
            icon=icon,
            tone=tone,
            marks=tuple(marks),
        )
        days.setdefault(when[:10], []).append(item)
    return [TimelineDay(day, items) for day, items in days.items()]
