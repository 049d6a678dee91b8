"""The forms of cases. Each cleans to what its action takes; nothing is decided here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.platform.permissions import Viewer
from guiyan.separation.enums import CaseStatus, Channel, Opinion
from guiyan.separation.uploads import SCAN_BYTES_MAX, Scan
from guiyan.web.cases import words
from guiyan.web.fields import DayField
from guiyan.web.people.forms import PersonField

TAKEN_IN = [(channel.value, channel.label) for channel in (Channel.PAPER, Channel.WECHAT, Channel.EMAIL, Channel.ORAL)]
LOCAL = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment to the minute, on the clock of the legal zone; never in the future."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(**{"widget": widget, **kwargs})


class CaseForm(forms.Form):
    """A form about a case: it knows who looks and what time it is, and which fields matter for which choice only."""

    when: ClassVar[dict[str, str]] = {}
    wide: ClassVar[frozenset[str]] = frozenset()
    columns: ClassVar[bool] = False
    """Whether two fields stand side by side."""

    def __init__(self, viewer: Viewer, now: datetime, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial)
        self.viewer, self.now = viewer, now

    def laid_out(self) -> list[tuple[forms.BoundField, str, bool]]:
        """Return each field with the choice under which it is shown and whether it needs the whole width."""
        return [(field, self.when.get(field.name, ""), field.name in self.wide) for field in self]


class NothingForm(CaseForm):
    """A confirmation, with nothing to fill in."""


class IntakeForm(CaseForm):
    """Something that came otherwise: when, how, with which proof."""

    channel = forms.ChoiceField(label=gettext_lazy("收到的方式"), choices=TAKEN_IN)
    arrived_at = MomentField(
        label=gettext_lazy("实际收到的时间"), help_text=gettext_lazy("时间从这里起算，不是登记的时间。")
    )
    sent_at = MomentField(label=gettext_lazy("员工发出的时间"), required=False)
    words = forms.CharField(
        label=gettext_lazy("原文"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("照原文填写，不要改写，也不要替员工补写理由。"),
    )
    scan = forms.FileField(
        label=gettext_lazy("扫描件或截图"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=gettext_lazy("PDF、PNG 或 JPG，不超过 10 MB。口头提出的可以没有；原件请妥善保存。"),
    )
    witness = forms.CharField(
        label=gettext_lazy("在场的人"), required=False, max_length=200, help_text=gettext_lazy("口头提出的必填。")
    )
    identity_attested = forms.NullBooleanField(
        label=gettext_lazy("是否确知是员工本人"),
        required=False,
        widget=forms.Select(
            choices=[
                ("unknown", gettext_lazy("不确定，等员工核对")),
                ("true", gettext_lazy("是，本人的账号或笔迹")),
                ("false", gettext_lazy("不是")),
            ]
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    wide = frozenset({"words", "scan", "note", "person"})
    columns = True

    def clean_arrived_at(self) -> datetime:
        """Refuse a time to come."""
        return self._past("arrived_at")

    def clean_sent_at(self) -> datetime | None:
        """Refuse a time to come."""
        return self._past("sent_at") if self.cleaned_data["sent_at"] else None

    def _past(self, name: str) -> datetime:
        moment: datetime = self.cleaned_data[name]
        if moment > self.now:
            raise forms.ValidationError(_("这个时间还没有到，请核对。"))
        return moment

    def clean_scan(self) -> Scan | None:
        """Read the file, within the limit."""
        return read_scan(self.cleaned_data["scan"])


class ResignationIntakeForm(IntakeForm):
    """A resignation that came otherwise."""

    basis = forms.ChoiceField(
        label=gettext_lazy("信中的依据"),
        choices=[
            ("37", gettext_lazy("第三十七条，或没有写明")),
            ("38", gettext_lazy("第三十八条（单位过错）")),
        ],
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("信中写到的情形"), required=False, widget=forms.CheckboxSelectMultiple
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("文字的意思"),
        required=False,
        choices=[
            ("", gettext_lazy("按文字判断，不清楚的请员工说明")),
            ("notice", gettext_lazy("通知辞职")),
            ("offer", gettext_lazy("和公司商量离开")),
        ],
        help_text=gettext_lazy("只有员工已经说明白时才选后两项。"),
    )
    wished_last_day = DayField(label=gettext_lazy("信中希望的最后一天"), required=False)
    when = {"grounds": "basis=38"}
    wide = frozenset({*IntakeForm.wide, "grounds"})
    field_order = [
        "person",
        "channel",
        "arrived_at",
        "sent_at",
        "basis",
        "wished_last_day",
        "grounds",
        "words",
        "meaning",
    ]

    def __init__(self, viewer: Viewer, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, now, *args, **kwargs)
        self.fields["person"] = PersonField(
            viewer, label=_("员工"), required=True, help_text=_("在职人员的工号或完整姓名。")
        )
        self.order_fields(self.field_order)
        grounds = self.fields["grounds"]
        assert isinstance(grounds, forms.MultipleChoiceField)
        grounds.choices = [(item.code, words.say(item.says)) for item in ART_38_GROUNDS]


class FilterForm(forms.Form):
    """What the list of cases is narrowed to."""

    q = forms.CharField(required=False, max_length=60)
    status = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("进行中")), ("all", gettext_lazy("全部状态")), *CaseStatus.choices],
        widget=forms.Select(attrs={"class": "c-select"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        required=False,
        choices=[("", gettext_lazy("全部来源")), *Channel.choices],
        widget=forms.Select(attrs={"class": "c-select"}),
    )


class OpinionForm(CaseForm):
    """The manager's opinion."""

    opinion = forms.ChoiceField(label=gettext_lazy("您的意见"), choices=Opinion.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("人力资源看得到。"),
    )


class NoteForm(CaseForm):
    """A decision with words beside it."""

    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("员工看得到，也会进入证据库。"),
    )


class DeclineForm(NoteForm):
    """The answer to an offer that is not accepted; why is up to the company."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("原因（可以不写）")


class OralConsentForm(CaseForm):
    """A consent that somebody spoke."""

    given_by = forms.CharField(required=False)
    given_at = MomentField(label=gettext_lazy("说的时间"))
    words = forms.CharField(
        label=gettext_lazy("当时怎么说的"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("照原话填写；有录音或消息的，写明在哪里。"),
    )

    def __init__(self, viewer: Viewer, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, now, *args, **kwargs)
        self.fields["given_by"] = PersonField(
            viewer,
            label=_("谁表示了同意"),
            required=True,
            help_text=_("员工的上级，或负责其人事的人。填写工号或完整姓名。"),
        )


class ConductForm(CaseForm):
    """That work went on past the last day."""

    worked_on = DayField(label=gettext_lazy("最后工作日之后，员工工作的一天"))
    wages_paid = forms.NullBooleanField(
        label=gettext_lazy("这段时间发了工资吗"),
        required=False,
        widget=forms.Select(
            choices=[
                ("unknown", gettext_lazy("还不知道")),
                ("true", gettext_lazy("发了")),
                ("false", gettext_lazy("没有发")),
            ]
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("例如考勤记录、工资条、工作邮件。"),
    )


class ConductFactForm(ConductForm):
    """The same as a mere fact, with what the employer said to it."""

    objected = forms.TypedChoiceField(
        label=gettext_lazy("公司提出过异议吗"),
        coerce=lambda value: value == "true",
        choices=[("false", gettext_lazy("没有")), ("true", gettext_lazy("提出过"))],
    )
    field_order = ["worked_on", "wages_paid", "objected", "source"]


class AcknowledgeForm(CaseForm):
    """To know of it; and, where the employee wishes to leave earlier, whether one agrees."""

    agrees_earlier = forms.TypedChoiceField(
        label=gettext_lazy("员工希望提前离开，您同意吗"),
        required=False,
        coerce=lambda value: value == "true",
        empty_value=None,
        choices=[
            ("", gettext_lazy("暂不表示")),
            ("true", gettext_lazy("同意提前")),
            ("false", gettext_lazy("不同意提前，按通知期满")),
        ],
    )

    def drop_wish(self) -> None:
        """Ask nothing about an earlier day: nobody wished for one."""
        del self.fields["agrees_earlier"]


class MeaningForm(CaseForm):
    """What an unclear letter means, as the employee said when asked."""

    meaning = forms.ChoiceField(
        label=gettext_lazy("员工的意思"),
        choices=[
            ("notice", gettext_lazy("通知辞职，时间从到达起算")),
            ("offer", gettext_lazy("和公司商量，公司同意才离开")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("是怎么向员工确认的"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AgreedDayForm(CaseForm):
    """A last day that both sides want."""

    last_day = DayField(label=gettext_lazy("双方同意的最后工作日"))
    agreement = forms.FileField(
        label=gettext_lazy("双方签字的约定"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=gettext_lazy("不是员工信中写明的日子时必须上传。PDF、PNG 或 JPG，不超过 10 MB。"),
    )

    def clean_agreement(self) -> Scan | None:
        """Read the file, within the limit."""
        return read_scan(self.cleaned_data["agreement"])


class CompleteForm(CaseForm):
    """What happened after the last day, when it is over."""

    worked = forms.ChoiceField(
        label=gettext_lazy("最后工作日之后，员工还在工作吗"),
        choices=[("no", gettext_lazy("没有")), ("yes", gettext_lazy("继续工作"))],
        widget=forms.RadioSelect,
    )
    worked_on = DayField(label=gettext_lazy("最近一个工作的日子"), required=False)
    wages_paid = forms.TypedChoiceField(
        label=gettext_lazy("这之后支付过工资吗"),
        coerce=lambda value: value == "yes",
        choices=[("no", gettext_lazy("没有")), ("yes", gettext_lazy("支付过"))],
        widget=forms.RadioSelect,
    )
    objected = forms.TypedChoiceField(
        label=gettext_lazy("公司对继续工作提出过异议吗"),
        coerce=lambda value: value == "yes",
        choices=[("no", gettext_lazy("没有")), ("yes", gettext_lazy("提出过"))],
        widget=forms.RadioSelect,
    )
    when = {"worked_on": "worked=yes"}

    def clean(self) -> dict[str, Any]:
        """Ask for the day where work went on."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("worked") == "yes" and told.get("worked_on") is None and "worked_on" not in self.errors:
            self.add_error("worked_on", _("请填写员工工作的日子。"))
        return told

    def ask_nothing(self) -> None:
        """Ask nothing: the last day is not over."""
        for name in list(self.fields):
            del self.fields[name]


class EffectForm(CaseForm):
    """What became of an outside effect."""

    done = forms.TypedChoiceField(
        label=gettext_lazy("结果"),
        coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("已恢复")), ("no", gettext_lazy("还没有成功"))],
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("还没有成功的必填，例如系统怎么答复、接下来由谁处理。"),
    )


def read_scan(file: Any) -> Scan | None:
    """Return an uploaded scan, or None for none. Raises a validation error above the limit."""
    if file is None:
        return None
    if file.size > SCAN_BYTES_MAX:
        raise forms.ValidationError(_("文件超过 10 MB。"))
    return Scan(file.read(), file.name)
