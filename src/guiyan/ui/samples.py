"""Invented content for the style guide. It shows tone and shape; no person, case or figure in it is real."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator

from guiyan.ui.values import (
    Account,
    Check,
    Column,
    Crumb,
    LifeEvent,
    LifeSpell,
    NavGroup,
    NavItem,
    Rung,
    Step,
    Tab,
    TimelineDay,
    TimelineItem,
)


class SampleForm(forms.Form):
    """One field of every kind that pages use."""

    name = forms.CharField(label="姓名", help_text="与身份证一致；生僻字请直接输入。")
    phone = forms.CharField(label="手机号码", required=False)
    day = forms.DateField(label="入职日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="用工形式", choices=[("", "请选择"), ("full", "全日制"), ("part", "非全日制")])
    reason = forms.CharField(
        label="情况说明",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="写事实：何时、何地、谁在场。",
    )
    answer = forms.ChoiceField(
        label="对撤回的答复", choices=[("yes", "同意撤回"), ("no", "不同意撤回")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="我已核对以上内容，与事实一致")


def form(theme: str, *, broken: bool) -> SampleForm:
    """A sample form whose ids carry the theme, because the guide shows it twice on one page."""
    data = {"name": "", "phone": "1380000", "day": "", "kind": "full", "answer": "yes", "agreed": "on"}
    filled = SampleForm(data if broken else None, auto_id=f"{theme}-{'b' if broken else 'a'}-%s")
    if broken:
        filled.add_error("phone", "手机号码应为 11 位数字。")
    return filled


STEPS = (
    Step("辞职信送达", "done", "11-05 19:33", "周雨桐，已签名"),
    Step("主管已知悉", "done", "11-06 10:12", "陈立衡"),
    Step("HR 已知悉", "stopped", "11-10 起", "因提出撤回而中断"),
    Step("等待答复撤回", "now", "今天 18:00 前", "林晓、陈立衡"),
    Step("恢复在职或继续离职", "todo", "待定", "由答复决定"),
    Step("归档", "todo", "", "证据包封存"),
)

DAYS = (
    TimelineDay(
        "今天",
        (
            TimelineItem(
                "命中规则：撤回须经单位同意",
                "14:02",
                "辞职信已于 11-05 送达。是否同意由主管与 HR 决定，系统不作结论。",
                "规则引擎",
                "shield-lock",
                "bad",
                ("规则版本 2026.11",),
            ),
            TimelineItem(
                "提交敏感材料 1 份",
                "13:47",
                "敏感个人信息：仅 HR 与法务可见，本页不展示内容。",
                "周雨桐",
                "lock",
                "violet",
                ("SHA-256 8c1f…9ae2",),
                "#",
                "谁可以查看",
            ),
        ),
    ),
    TimelineDay(
        "11 月 19 日",
        (
            TimelineItem(
                "主管表态：同意撤回", "18:20", "“岗位未招聘替补，支持继续履行合同。”", "陈立衡", "message-2", "ok"
            ),
            TimelineItem(
                "提交《撤回辞职申请》并手写签名",
                "09:12",
                "签名与笔迹时间已随文件保存。",
                "周雨桐",
                "signature",
                "brand",
                ("SHA-256 b72d…04c1", "第 1182 条"),
                "#",
                "查看 PDF",
            ),
        ),
    ),
)

LIFE = (
    LifeSpell(
        "第一段任职",
        "2019-04-08 至 2021-06-30",
        (
            LifeEvent("入职", "2019-04-08", "客户成功专员", "door-enter", "brand"),
            LifeEvent("转正", "2019-07-08", "", "circle-check", "ok"),
            LifeEvent("离职", "2021-06-30", "个人发展，手续齐全", "door-exit", "neutral"),
        ),
    ),
    LifeSpell(
        "第二段任职",
        "2022-03-14 起",
        (
            LifeEvent("回聘", "2022-03-14", "不再约定试用期", "feather", "brand"),
            LifeEvent("续签合同", "2025-03-14", "至 2028-03-13", "writing-sign", "cyan"),
            LifeEvent("提出辞职", "2026-11-05", "30 日期限起算", "mail-forward", "warn"),
            LifeEvent("提出撤回", "2026-11-19", "等待答复", "arrow-back-up", "brand"),
        ),
        current=True,
        gap_before="离开 8 个月",
    ),
)

CHECKS = (
    Check("撤回申请为本人签名", done=True, note="登录身份与手写签名"),
    Check("主管已表态：同意", done=True, note="11-19 18:20"),
    Check("HR 已答复", done=False, note="林晓，今天 18:00 前"),
    Check("岗位编制仍在", done=None, note="组织管理员尚未确认"),
)

RUNGS = (
    Rung("站内通知", "11-17 10:05:03", "已发出", "bell", "neutral"),
    Rung("登录阅读", "11-17 10:31:44，停留 1 分 48 秒", "本人已打开", "eye", "ok"),
    Rung("短信 138****6021", "11-17 10:05:09", "运营商回执", "device-mobile-message", "ok"),
    Rung("邮件", "11-17 10:05:21，对方服务器未回执", "已转交", "mail", "warn"),
    Rung("EMS 邮寄", "尚未启用", "未使用", "printer", "neutral"),
)

TABS = (
    Tab("待办", "#", 6, active=True, icon="inbox"),
    Tab("已办", "#", 128, icon="checks"),
    Tab("抄送我的", "#", 3, icon="send"),
    Tab("我发起的", "#", 2, icon="user"),
)

CRUMBS = (Crumb("员工关系", "#"), Crumb("离职案件", "#"), Crumb("LZ-2026-00418"))

COLUMNS = (
    Column("员工", sort_url="#", sorted="ascending"),
    Column("部门", sort_url="#"),
    Column("入职日期"),
    Column("状态"),
    Column("月薪（元）", numeric=True),
    Column("操作", hidden_label=True),
)

ROWS = (
    ("林晓", "HY210305", "人力资源部", "2021-03-05", "在职", "ok", "18,600.00"),
    ("陈立衡", "HY180911", "客户成功部", "2018-09-11", "在职", "ok", "26,000.00"),
    ("周雨桐", "HY220314", "客户成功部", "2022-03-14", "撤回待答复", "brand", "15,200.00"),
    ("买买提·艾力", "HY250702", "技术部", "2025-07-02", "试用期", "warn", "14,000.00"),
    ("欧阳静怡", "HY190118", "财务部", "2019-01-18", "已离职", "neutral", "12,800.00"),
)


def navigation() -> Sequence[NavGroup]:
    """A side navigation with every kind of line."""
    return (
        NavGroup(
            "",
            (
                NavItem("工作台", "#", "layout-dashboard"),
                NavItem("我的待办", "#", "list-check", 6),
            ),
        ),
        NavGroup(
            "员工关系",
            (
                NavItem("离职案件", "#", "briefcase", 18, active=True),
                NavItem("试用期管理", "#", "hourglass", 3, urgent=True),
                NavItem("员工档案", "#", "users"),
                NavItem("花名册导入", "#", "table-import"),
            ),
        ),
        NavGroup(
            "证据与合规",
            (
                NavItem("通知与送达", "#", "send"),
                NavItem("证据账本", "#", "shield-check"),
                NavItem("规则与法规", "#", "scale"),
            ),
        ),
    )


def content(theme: str) -> dict[str, Any]:
    """Everything that a sample template may show."""
    return {
        "theme": theme,
        "form": form(theme, broken=False),
        "broken": form(theme, broken=True),
        "steps": STEPS,
        "days": DAYS,
        "life": LIFE,
        "checks": CHECKS,
        "rungs": RUNGS,
        "tabs": TABS,
        "crumbs_sample": CRUMBS,
        "columns": COLUMNS,
        "rows": ROWS,
        "page": Paginator(range(10_000), 50).page(8),
        "file_name": f"{theme}-file",
    }


def desktop() -> dict[str, Any]:
    """The context of a whole desktop page."""
    return {
        **content("page"),
        "nav": navigation(),
        "crumbs": CRUMBS,
        "account": Account("林晓", "HRBP，华东"),
        "search_url": "#",
        "inbox_url": "#",
        "unread": 4,
        "demonstration": True,
        "diagram_done": ("Start", "ManagerKnows"),
        "diagram_now": ("Answer",),
        "diagram_stopped": ("HrKnows",),
        "chart": CHART,
        "cards": CARDS,
    }


CARDS = (
    ("答复撤回", "人力资源部", "arrow-back-up", "brand", "进行中", 75, "林晓", "今天 18:00", "剩 2 小时"),
    ("法务意见", "法务部", "scale", "warn", "待处理", 30, "沈叙", "11-23", "剩 3 天"),
    ("账号与设备", "信息技术部", "device-laptop", "neutral", "等待答复", 0, "赵磊", "最后工作日", "尚未开始"),
    ("离职证明与结算", "人力资源部", "certificate", "brand", "按期准备", 40, "何佳宁", "12-05", "不等待交接"),
)

CHART = {
    "grid": {"left": 36, "right": 32, "top": 54, "bottom": 28},
    "legend": {"top": 2},
    "xAxis": {
        "type": "category",
        "data": [
            "08-31",
            "09-07",
            "09-14",
            "09-21",
            "09-28",
            "10-05",
            "10-12",
            "10-19",
            "10-26",
            "11-02",
            "11-09",
            "11-16",
        ],
    },
    "yAxis": [
        {"type": "value", "name": "小时"},
        {"type": "value", "name": "次", "max": 6, "splitLine": {"show": False}},
    ],
    "series": [
        {
            "name": "加班时长",
            "type": "bar",
            "barMaxWidth": 20,
            "itemStyle": {"borderRadius": [4, 4, 0, 0]},
            "data": [9.5, 11, 12.5, 14, 10, 0, 13, 12, 8, 3.5, 2, 1.5],
        },
        {
            "name": "迟到次数",
            "type": "line",
            "yAxisIndex": 1,
            "symbolSize": 7,
            "data": [0, 1, 0, 0, 1, 0, 1, 2, 3, 2, 1, 0],
        },
    ],
}
