"""The forms of what is done about people. Each cleans to what its action takes; nothing is decided here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.people import queries as people
from guiyan.people.enums import (
    AddressKind,
    ContractKind,
    DocumentType,
    PerformanceKind,
    ProtectionKind,
    ProtectionSource,
    SensitiveKind,
    Sex,
)
from guiyan.platform.permissions import Viewer
from guiyan.web.fields import DayField
from guiyan.web.people import choices

MONEY_MAX = Decimal(10_000_000)
PAPER_BYTES_MAX = 10 * 1024 * 1024
GRADES = [("", "—"), *((str(grade), str(grade)) for grade in range(1, 11))]


class PersonInput(forms.TextInput):
    """A field that offers people while one types; it works without a script as a plain field."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = f"{name}-options"
        live = {
            **(attrs or {}),
            "list": options,
            "autocomplete": "off",
            "hx-get": f"{reverse('people_suggest')}?field={name}",
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{options}",
            "hx-swap": "innerHTML",
        }
        return format_html('{}<datalist id="{}"></datalist>', super().render(name, value, live, renderer), options)


class PersonField(forms.CharField):
    """Somebody on board, by employee number or whole name; cleans to a person's id or None."""

    widget = PersonInput

    def __init__(self, viewer: Viewer, **kwargs: Any) -> None:
        self.viewer = viewer
        super().__init__(**{"max_length": 60, "required": False, **kwargs})

    def clean(self, value: Any) -> UUID | None:
        text = super().clean(value).strip()
        if not text:
            return None
        filters = people.PeopleFilter(text=text, status=people.ON_BOARD)
        rows = people.list_people(self.viewer, filters, size=50).rows
        exact = [row for row in rows if row.number.lower() == text.lower()] or [row for row in rows if row.name == text]
        if len(exact) == 1:
            return exact[0].person_id
        if exact:
            numbers = "、".join(row.number for row in exact[:5])
            raise forms.ValidationError(_("有几位同名的人，请填写工号：%(numbers)s。") % {"numbers": numbers})
        raise forms.ValidationError(_("没有找到这个人。请填写在职人员的工号或完整姓名。"))


class PersonForm(forms.Form):
    """A form about one person: it knows who looks, and which fields matter for which choice only."""

    when: ClassVar[dict[str, str]] = {}
    wide: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, viewer: Viewer, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial)
        self.viewer = viewer

    def laid_out(self) -> list[tuple[forms.BoundField, str, bool]]:
        """Return each field with the choice under which it is shown and whether it needs the whole width."""
        return [(field, self.when.get(field.name, ""), field.name in self.wide) for field in self]


class PlaceForm(PersonForm):
    """Where somebody works, as what, under whom."""

    unit = forms.ChoiceField(label=gettext_lazy("部门"))
    post = forms.ChoiceField(label=gettext_lazy("岗位"))

    def __init__(self, viewer: Viewer, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(viewer, data, files, initial)
        self.fields["manager"] = PersonField(
            viewer, label=_("直属主管"), help_text=_("工号或姓名；留空就是部门负责人。")
        )
        self.fields["unit"].choices = [("", _("请选择")), *choices.unit_options(viewer)]  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", _("请选择")), *choices.post_options(viewer)]  # type: ignore[attr-defined]


class TransferForm(PlaceForm):
    """A move from a day on."""

    from_on = DayField(label=gettext_lazy("生效日"))


class EngagementForm(PlaceForm):
    """As what somebody is hired."""

    number = forms.CharField(label=gettext_lazy("工号"), max_length=40)
    hired_on = DayField(label=gettext_lazy("入职日期"))
    probation_months = forms.TypedChoiceField(
        label=gettext_lazy("试用期"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("没有约定")),
            ("1", gettext_lazy("1 个月")),
            ("2", gettext_lazy("2 个月")),
            ("3", gettext_lazy("3 个月")),
            ("6", gettext_lazy("6 个月")),
        ],
        help_text=gettext_lazy("合法的上限取决于合同期限；超过时会在档案中提示。"),
    )
    insurance_place = forms.CharField(label=gettext_lazy("参保地"), max_length=60, required=False)


class HireForm(EngagementForm):
    """A new person and the first employment."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), choices=Sex.choices, initial=Sex.UNKNOWN)
    document_type = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=DocumentType.choices)
    id_document = forms.CharField(
        label=SensitiveKind.ID_DOCUMENT.label, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    mobile = forms.CharField(label=SensitiveKind.MOBILE.label, max_length=30, required=False)
    personal_email = forms.EmailField(label=SensitiveKind.PERSONAL_EMAIL.label, required=False)
    education = forms.CharField(label=gettext_lazy("学历"), max_length=40, required=False)
    emergency_name = forms.CharField(label=SensitiveKind.EMERGENCY_NAME.label, max_length=60, required=False)
    emergency_phone = forms.CharField(label=SensitiveKind.EMERGENCY_PHONE.label, max_length=30, required=False)
    who: ClassVar[tuple[str, ...]] = (
        "name",
        "sex",
        "document_type",
        "id_document",
        "mobile",
        "personal_email",
        "education",
        "emergency_name",
        "emergency_phone",
    )


class ContractForm(PersonForm):
    """A contract in brief."""

    kind = forms.ChoiceField(label=gettext_lazy("合同类型"), choices=ContractKind.choices)
    number = forms.CharField(label=gettext_lazy("合同编号"), max_length=60, required=False)
    start_on = DayField(label=gettext_lazy("开始日"))
    end_on = DayField(label=gettext_lazy("结束日"), required=False)
    signed_on = DayField(label=gettext_lazy("签订日"), required=False)
    when = {"end_on": "kind=fixed_term|part_time|labour_contract|labour_service|retired_rehire|internship|dispatch"}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") in {ContractKind.OPEN_ENDED, ContractKind.TASK}:
            told["end_on"] = None
        elif told.get("kind") == ContractKind.FIXED_TERM and not told.get("end_on") and "end_on" not in self.errors:
            self.add_error("end_on", _("固定期限合同要填写结束日。"))
        return told


class WageForm(PersonForm):
    """A monthly wage from a day on."""

    base = forms.DecimalField(
        label=gettext_lazy("月基本工资（元）"), min_value=Decimal(0), max_value=MONEY_MAX, decimal_places=2
    )
    valid_from = DayField(label=gettext_lazy("生效日"))
    performance_kind = forms.ChoiceField(label=gettext_lazy("绩效工资"), choices=PerformanceKind.choices)
    performance = forms.DecimalField(
        label=gettext_lazy("绩效数额"),
        required=False,
        min_value=Decimal(0),
        max_value=MONEY_MAX,
        decimal_places=2,
        help_text=gettext_lazy("按金额填元，按比例填百分数，例如 20。"),
    )
    when = {"performance": "performance_kind=amount|percent"}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("performance_kind") == PerformanceKind.NONE:
            told["performance"] = None
        elif told.get("performance") is None and "performance" not in self.errors:
            self.add_error("performance", _("请填写绩效数额。"))
        return told


class ProtectionForm(PersonForm):
    """A protection as it is known."""

    kind = forms.ChoiceField(label=gettext_lazy("事实"), choices=ProtectionKind.choices)
    injury_grade = forms.TypedChoiceField(
        label=gettext_lazy("伤残等级"), choices=GRADES, coerce=int, empty_value=None, required=False
    )
    valid_from = DayField(label=gettext_lazy("开始日"))
    valid_to = DayField(
        label=gettext_lazy("结束日"), required=False, help_text=gettext_lazy("还不知道就留空，以后再登记。")
    )
    source = forms.ChoiceField(
        label=gettext_lazy("怎么知道的"),
        choices=[item for item in ProtectionSource.choices if item[0] != ProtectionSource.IMPORT],
    )
    detail = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("加密保存，不出现在任何列表中。"),
    )
    when = {"injury_grade": f"kind={ProtectionKind.INJURY.value}"}
    wide = frozenset({"detail"})

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") != ProtectionKind.INJURY:
            told["injury_grade"] = None
        elif told.get("injury_grade") is None:
            self.add_error("injury_grade", _("工伤要填写伤残等级。"))
        return told


class EndProtectionForm(PersonForm):
    """The last day of a protection, and on what ground."""

    protection = forms.UUIDField(widget=forms.HiddenInput)
    last_day = DayField(label=gettext_lazy("最后一天"))
    reason = forms.CharField(label=gettext_lazy("依据"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    wide = frozenset({"reason"})


class AddressForm(PersonForm):
    """A delivery address."""

    kind = forms.ChoiceField(label=gettext_lazy("方式"), choices=AddressKind.choices)
    value = forms.CharField(label=gettext_lazy("地址或号码"), max_length=300)
    wide = frozenset({"value"})


class PaperAddressForm(AddressForm):
    """A delivery address that the employee confirmed on paper."""

    confirmed_on = DayField(label=gettext_lazy("员工签字的日期"))
    paper = forms.FileField(
        label=gettext_lazy("签字材料的扫描件"),
        help_text=gettext_lazy("只记录文件指纹，用来证明当时的材料；原件请妥善保存。PDF 或图片，不超过 10 MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    wide = frozenset({"value", "paper"})

    def clean_paper(self) -> Any:
        paper = self.cleaned_data["paper"]
        if paper.size > PAPER_BYTES_MAX:
            raise forms.ValidationError(_("文件超过 10 MB。"))
        head = paper.read(8)
        paper.seek(0)
        if not head.startswith((b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise forms.ValidationError(_("这不是 PDF 或图片文件。"))
        return paper


class CorrectForm(PersonForm):
    """Corrections: what is left as it is stays; personal values are filled in only when they change."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    aliases = forms.CharField(label=gettext_lazy("别名"), max_length=200, required=False)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), choices=Sex.choices)
    education = forms.CharField(label=gettext_lazy("学历"), max_length=40, required=False)
    document_type = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=DocumentType.choices)
    reason = forms.CharField(label=gettext_lazy("更正的原因"), max_length=300)
    sealed: ClassVar[tuple[SensitiveKind, ...]] = (
        SensitiveKind.ID_DOCUMENT,
        SensitiveKind.MOBILE,
        SensitiveKind.PERSONAL_EMAIL,
        SensitiveKind.HOME_ADDRESS,
        SensitiveKind.BANK_ACCOUNT,
        SensitiveKind.EMERGENCY_NAME,
        SensitiveKind.EMERGENCY_PHONE,
    )
    wide = frozenset({"reason", "home_address"})

    def __init__(self, viewer: Viewer, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(viewer, data, files, initial)
        for kind in self.sealed:
            mask = (initial or {}).get(kind.value, "")
            self.fields[kind.value] = forms.CharField(
                label=kind.label,
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": mask or _("未登记")}),
            )
        self.initial = {name: value for name, value in self.initial.items() if name not in SensitiveKind.values}
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def corrections(self) -> dict[str, str]:
        """Return what to change: the plain fields, and the personal values that were filled in."""
        told = self.cleaned_data
        plain = {name: told[name] for name in ("name", "aliases", "sex", "education")}
        return {**plain, **{kind.value: told[kind.value] for kind in self.sealed if told[kind.value].strip()}}


class AccountForm(PersonForm):
    """An account for a person."""

    username = forms.CharField(label=gettext_lazy("登录名"), max_length=64)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    password = forms.CharField(
        label=gettext_lazy("初始密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 个字符；本人首次登录时必须修改。"),
    )
