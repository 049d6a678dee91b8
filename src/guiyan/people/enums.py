"""The closed vocabularies of people: what a field may say, with the words that are shown."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """As the identity document says; ``unknown`` when none was seen."""

    FEMALE = "female", _("女")
    MALE = "male", _("男")
    UNKNOWN = "unknown", _("未知")


class DocumentType(TextChoices):
    """What proves who somebody is."""

    CITIZEN = "citizen", _("居民身份证")
    PASSPORT = "passport", _("护照")
    HK_MACAO_PERMIT = "hk_macao_permit", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "taiwan_permit", _("台湾居民来往大陆通行证")
    HMT_RESIDENCE = "hmt_residence", _("港澳台居民居住证")
    PERMANENT_RESIDENCE = "permanent_residence", _("外国人永久居留身份证")
    OTHER = "other", _("其他证件")


class SensitiveKind(TextChoices):
    """Personal values that are stored encrypted, one by one."""

    ID_DOCUMENT = "id_document", _("证件号码")
    MOBILE = "mobile", _("手机号码")
    MOBILE_SPARE = "mobile_spare", _("备用电话")
    PERSONAL_EMAIL = "personal_email", _("个人邮箱")
    HOME_ADDRESS = "home_address", _("家庭住址")
    BANK_ACCOUNT = "bank_account", _("银行账号")
    EMERGENCY_NAME = "emergency_name", _("紧急联系人")
    EMERGENCY_PHONE = "emergency_phone", _("紧急联系电话")
    BIRTH_DATE = "birth_date", _("出生日期")


class SpellStatus(TextChoices):
    """Where an employment spell stands. Probation is no status: it follows from the dates."""

    ACTIVE = "active", _("在职")
    LEAVING = "leaving", _("待离职")
    ENDED = "ended", _("已离职")


class EndKind(TextChoices):
    """How an employment spell ended."""

    RESIGNATION = "resignation", _("辞职")
    AGREEMENT = "agreement", _("协商解除")
    DISMISSAL = "dismissal", _("单位解除")
    EXPIRY = "expiry", _("合同终止")
    RETIREMENT = "retirement", _("退休")
    DEATH = "death", _("死亡")
    UNKNOWN = "unknown", _("原因未记录")


class ContractKind(TextChoices):
    """What was signed. ``labour_contract`` when a source says no more than that."""

    FIXED_TERM = "fixed_term", _("固定期限")
    OPEN_ENDED = "open_ended", _("无固定期限")
    TASK = "task", _("以完成一定工作任务为期限")
    PART_TIME = "part_time", _("非全日制")
    LABOUR_CONTRACT = "labour_contract", _("劳动合同（期限未注明）")
    LABOUR_SERVICE = "labour_service", _("劳务")
    RETIRED_REHIRE = "retired_rehire", _("退休返聘")
    INTERNSHIP = "internship", _("实习")
    DISPATCH = "dispatch", _("劳务派遣")


class ProtectionKind(TextChoices):
    """Facts on which the law bars or extends. What can be computed (fifteen years and five) is not recorded."""

    PREGNANCY = "pregnancy", _("孕期")
    MATERNITY = "maternity", _("产期")
    NURSING = "nursing", _("哺乳期")
    MEDICAL_PERIOD = "medical_period", _("医疗期")
    INJURY = "injury", _("工伤")
    SUSPECTED_DISEASE = "suspected_occupational_disease", _("疑似职业病")
    HAZARD_NO_EXIT_EXAM = "hazard_no_exit_exam", _("接触职业病危害且未做离岗体检")
    UNION_OFFICER = "union_officer", _("工会任职")


class ProtectionSource(TextChoices):
    """How we know."""

    DECLARED = "declared", _("本人申报")
    DOCUMENT = "document", _("书面证明")
    AUTHORITY = "authority", _("有关机关认定")
    IMPORT = "import", _("导入")


class AddressKind(TextChoices):
    """Where a notice can reach somebody."""

    POSTAL = "postal", _("邮寄地址")
    EMAIL = "email", _("电子邮箱")
    MOBILE = "mobile", _("手机短信")
    WECOM = "wecom", _("企业微信")


class ConfirmedHow(TextChoices):
    """How the employee confirmed a delivery address."""

    SELF = "self", _("本人在系统中确认")
    PAPER = "paper", _("书面确认")


class PerformanceKind(TextChoices):
    """How performance pay is agreed: none, a sum of yuan a month, or a percentage of the base wage."""

    NONE = "none", _("无")
    AMOUNT = "amount", _("金额")
    PERCENT = "percent", _("占基本工资的比例")


class BatchState(TextChoices):
    """Where an import stands."""

    LOADED = "loaded", _("已导入")
    REVERSED = "reversed", _("已撤回")


class RowEffect(TextChoices):
    """What an import did with one row of ours."""

    CREATED = "created", _("新建")
    CHANGED = "changed", _("修改")


class DraftState(TextChoices):
    """Where a roster stands that was handed in and is not loaded yet."""

    READING = "reading", _("正在识别")
    READY = "ready", _("待核对")
    UNUSABLE = "unusable", _("文件不可用")
    LOADING = "loading", _("正在导入")
    LOADED = "loaded", _("已导入")
    DISCARDED = "discarded", _("已放弃")
