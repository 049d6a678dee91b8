"""The closed vocabularies of separation: what a field may say, with the words that are shown."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseKind(TextChoices):
    """How somebody leaves."""

    RESIGNATION = "resignation", _("辞职")


class CaseStatus(TextChoices):
    """Where a resignation stands. ``actions.basis.settle_status`` alone sets it, from what is on record."""

    AWAITING_WRITING = "awaiting_writing", _("口头提出，等待书面")
    MEANING_OPEN = "meaning_open", _("已到达，意思待确认")
    OFFER = "offer", _("协商提议，等待答复")
    RUNNING = "running", _("已到达，通知期内")
    DECLINED = "declined", _("单位未接受提议，继续在职")
    DISPUTED = "disputed", _("员工否认提出")
    WITHDRAWN = "withdrawn", _("撤回已生效")
    RESTORED = "restored", _("单位同意撤回，继续在职")
    SUPERSEDED = "superseded", _("以行为表明继续履行")
    ENDED = "ended", _("劳动关系已结束")


OPEN_STATUSES = (
    CaseStatus.AWAITING_WRITING,
    CaseStatus.MEANING_OPEN,
    CaseStatus.OFFER,
    CaseStatus.RUNNING,
)
"""A person has at most one case in these."""


class Channel(TextChoices):
    """The way a resignation or a withdrawal came. ``app`` is a letter written and signed here."""

    APP = "app", _("在系统中签署")
    PAPER = "paper", _("纸质")
    WECHAT = "wechat", _("微信")
    EMAIL = "email", _("电子邮件")
    ORAL = "oral", _("口头")


class Basis(TextChoices):
    """What the employee relies on; chosen by the employee, never preset."""

    ART_36 = "36", _("第三十六条（协商一致）")
    ART_37 = "37", _("第三十七条（提前通知）")
    ART_38 = "38", _("第三十八条（单位过错）")


class Tone(TextChoices):
    """What the words of a letter point to. ``unclear`` waits for the employee or HR to settle it."""

    NOTICE = "notice", _("通知")
    OFFER = "offer", _("协商提议")
    UNCLEAR = "unclear", _("待确认")


class IntakeAnswer(TextChoices):
    """What the employee said of something that was taken in for them."""

    ASKED = "asked", _("等待员工核对")
    CONFIRMED = "confirmed", _("员工确认")
    DENIED = "denied", _("员工否认")
    NO_ANSWER = "no_answer", _("员工未答复")


class WithdrawalStatus(TextChoices):
    """Where a withdrawal stands. ``actions.basis.settle_withdrawal`` alone sets it."""

    BEFORE_ARRIVAL = "before_arrival", _("先于或同时到达，已生效")
    PENDING = "pending", _("等待单位答复")
    CONSENTED = "consented", _("单位同意")
    REFUSED = "refused", _("单位不同意")
    UNANSWERED = "unanswered", _("单位未答复")
    DISPUTED = "disputed", _("员工否认提出")


class Opinion(TextChoices):
    """What the manager thinks of a withdrawal; HR decides."""

    AGREE = "agree", _("赞成")
    DISAGREE = "disagree", _("不赞成")


class ConsentForm(TextChoices):
    """How the employer consented."""

    WRITTEN = "written", _("书面")
    ORAL = "oral", _("口头，由有权的人作出")
    CONDUCT = "conduct", _("以行为表示")


class SignatureKind(TextChoices):
    """What was signed."""

    RESIGNATION = "resignation", _("辞职通知")
    WITHDRAWAL = "withdrawal", _("撤回辞职通知")


class IdentityMethod(TextChoices):
    """How the account proved shortly before that it is its owner."""

    PASSWORD = "password", _("登录密码")
    TOTP = "totp", _("动态验证码")
    PASSKEY = "webauthn", _("通行密钥")
    RECOVERY_CODE = "recovery_codes", _("恢复码")


class EffectKind(TextChoices):
    """What lies outside our rows and has to go back."""

    MAIL_ACCOUNT = "mail_account", _("邮箱和办公账号")
    ACCESS_CARD = "access_card", _("工牌和门禁")
    SOCIAL_INSURANCE = "social_insurance", _("社会保险增减员名单")
    PAYROLL = "payroll", _("工资发放名单")


class EffectState(TextChoices):
    """How far it is."""

    ORDERED = "ordered", _("已通知，等待确认")
    CONFIRMED = "confirmed", _("已确认恢复")
    FAILED = "failed", _("未成功，等待处理")
