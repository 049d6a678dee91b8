# ruff: noqa: E501 - word lists stay one list a line
"""The fields of a roster: their names on screen, the headers they go by, and which of them are sensitive."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .text import label, narrow


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `headers` are exact headers in comparable form; `patterns` are tried in the table's order after them.
    `ignored` fields are recognised so that they do not count as unknown, and are not loaded."""

    name: str
    zh: str
    en: str
    headers: tuple[str, ...]
    pattern: str = ""
    sensitive: bool = False
    ignored: bool = False


def _f(
    name: str, zh: str, en: str, headers: str, pattern: str = "", *, sensitive: bool = False, ignored: bool = False
) -> Field:
    return Field(name, zh, en, tuple(label(item) for item in headers.split("|")), pattern, sensitive, ignored)


_TABLE = (
    _f("serial", "序号", "Serial", "序号|序|编号|no|no.|#|行号|seq|项次|顺序号", ignored=True),
    _f("refusal_reason", "拒绝原因", "Refusal reason", "拒绝原因|未导入原因|question_ids|问题编号", "^拒绝原因", ignored=True),
    _f("age", "年龄", "Age", "年龄|周岁|age|工龄|司龄|入司年限", ignored=True),
    _f(
        "emergency_phone", "紧急联系电话", "Emergency phone",
        "紧急联系电话|紧急联系人电话|紧急联系人手机|紧急联系方式|应急电话|紧急电话|家属电话|emergencyphone|emergencycontactphone",
        "(?:紧急|应急|家属|亲属|emergency).*(?:电话|手机|号码|方式|phone|tel|mobile)", sensitive=True,
    ),
    _f(
        "emergency_name", "紧急联系人", "Emergency contact",
        "紧急联系人|紧急联系人姓名|应急联系人|家属姓名|emergencycontact|emergencycontactname",
        "(?:紧急|应急|家属|emergency).*(?:人|姓名|name|contact)$", sensitive=True,
    ),
    _f(
        "employee_number", "工号", "Employee number",
        "工号|工号/编号|员工工号|员工编号|员工号|员工代码|人员编号|职工号|职工编号|人员编码|员工编码|工作证号|employeenumber|employeeno|employeeno.|employeeid|staffid|staffno|empno|empid|badge",
        "^(?:员工|人员|职工|employee|staff)(?:工号|编?号|编码|代码|id|no\\.?|number)$",
    ),
    _f("document_kind", "证件类型", "Document type", "证件类型|证件种类|证件类别|idtype|documenttype", "证件.*(?:类型|种类|类别)"),
    _f(
        "identity_number", "身份证号码", "Identity number",
        "身份证号码|身份证号|身份证|证件号码|证件号|公民身份号码|身份号码|居民身份证|idcard|idnumber|idno|idno.|identitynumber|identitycard|passport|nationalid",
        "(?:身份证件?|证件|idcard|passport)(?:号码?|no\\.?|number)?$", sensitive=True,
    ),
    _f("birth_date", "出生日期", "Birth date", "出生日期|出生年月|出生年月日|生日|birthday|birthdate|dateofbirth|dob", "^出生", sensitive=True),
    _f("sex", "性别", "Sex", "性别|sex|gender"),
    _f(
        "manager_number", "上级工号", "Manager's number",
        "上级工号|直接上级工号|直属上级工号|汇报人工号|汇报对象工号|上级编号|主管工号|managerid|managerno|manageremployeeid|supervisorid",
        "^(?:直接|直属|直线|汇报).*(?:工号|员工号|编号|编码)$",
    ),
    _f(
        "manager", "直接上级", "Manager",
        "直接上级|上级|直属上级|直接主管|直属主管|汇报对象|汇报人|上级姓名|直接领导|直属领导|直线经理|直线主管|直属经理|主管|汇报上级|manager|reportsto|supervisor|linemanager|reportingto",
        "^(?:直接|直属|直线|汇报)(?:上级|主管|领导|经理|对象|人)(?:姓名)?$",
    ),
    _f(
        "name", "姓名", "Name",
        "姓名|员工姓名|真实姓名|法定姓名|员工|人员|名字|中文名|中文姓名|人员姓名|职工姓名|name|fullname|employeename|staffname|chinesename",
        "^(?:员工|人员|职工)?姓名$",
    ),
    _f("alias", "别名", "Alias", "别名|花名|昵称|英文名|英文姓名|曾用名|nickname|alias|englishname", "^(?:花名|昵称|曾用名|英文)"),
    _f("status", "人员状态", "Status", "状态|在职/离职|是否在职|人员状态|员工状态|在职状态|在职情况|employmentstatus|status"),
    _f(
        "leave_date", "离职日期", "Leave date",
        "离职时间|离职日期|离职日|最后工作日|解除日期|离岗日期|退工日期|leavedate|terminationdate|lastday|lastworkingday|resigndate|enddateofemployment",
        "^(?:预计|计划|拟|实际)?(?:离职|离岗|退工)(?:日期?|时间)$",
    ),
    _f("leave_reason", "离职原因", "Leave reason", "离职原因|离职类型|离职事由|解除原因|leavereason|terminationreason", "离职.*(?:原因|事由|说明)"),
    _f(
        "hire_date", "入职日期", "Hire date",
        "入职时间|入职日期|入职日|本公司入职日期|入职本公司日期|入本公司时间|入司时间|入司日期|到岗日期|到岗时间|报到日期|进厂日期|入厂日期|参加本单位工作时间|hiredate|joindate|startdate|dateofjoining|entrydate|onboarddate|dateofhire",
        "^(?:入职|入司|到岗|进厂|入厂|报到|到职|进公司|进司|入公司|来司|来公司|到公司|加入公司|进单位|入本公司|入本单位)(?:日期?|时间|年月日?)?$",
    ),
    _f(
        "regular_date", "转正日期", "Regularisation date",
        "转正日期|转正时间|转正日|试用期结束日期|试用期截止|试用期满日|regulardate|confirmationdate|probationend|probationenddate",
        "^(?:预计|实际|计划|应)?转正(?:日期?|时间)$|试用期?(?:结束|截止|到期|期?满)(?:日期?|时间)?$",
    ),
    _f("probation_months", "试用期", "Probation", "试用期|试用期限|试用期月数|试用月数|试用|probation|probationmonths|probationperiod", "^(?:约定)?试用期?(?:限|月数|时长|长度)?$"),
    _f(
        "contract_period", "合同期限", "Contract period",
        "合同期限|合同起止|合同起止日期|合同起止时间|合同期|劳动合同期限|劳动合同起止|contractperiod|contractterm", "合同.*(?:起止|期限)$",
    ),
    _f("contract_kind", "合同类型", "Contract type", "合同类型|合同类别|合同性质|合同种类|劳动合同类型|contracttype|contractkind", "合同.*(?:类型|类别|性质|种类|形式)$"),
    _f(
        "employment_type", "用工形式", "Employment type",
        "用工形式|用工类型|用工类别|用工性质|用工方式|人员类别|人员类型|人员性质|员工类别|员工类型|员工性质|身份类别|编制类型|编制性质|employmenttype|employeetype|workertype|stafftype",
        "^(?:用工|人员|员工|雇佣|雇用)(?:形式|类型|类别|性质|种类|方式)$",
    ),
    _f(
        "contract_start", "合同起始", "Contract start",
        "合同起始|合同起始日|合同起始日期|合同开始|合同开始日期|合同起始时间|合同开始时间|合同起|合同生效日期|contractstart|contractstartdate|contractfrom",
        "合同.*(?:起|起始|开始|生效)(?:日期?|时间)?$",
    ),
    _f(
        "contract_end", "合同终止", "Contract end",
        "合同终止|合同终止日|合同终止日期|合同到期|合同到期日|合同到期日期|合同结束|合同结束日期|合同截止|合同截止日期|合同终止时间|合同止|contractend|contractenddate|contractto|contractexpiry",
        "合同.*(?:止|终|到期|结束|届满|截止)(?:日期?|时间)?$",
    ),
    _f("email", "邮箱", "E-mail", "邮箱|电子邮箱|电子邮件|工作邮箱|企业邮箱|邮箱地址|email|e-mail|mail|emailaddress", "^(?!.*(?:上级|主管|汇报|领导|经理|紧急|家属)).*(?:邮箱|邮件|e-?mail)", sensitive=True),
    _f(
        "phone", "联系电话", "Phone",
        "联系电话|手机|手机号|手机号码|电话|电话号码|联系方式|移动电话|本人电话|联系手机|phone|mobile|tel|telephone|cellphone|phonenumber|mobilephone|contactnumber",
        "^(?:本人|个人|员工|联系)?(?:手机|电话|移动电话)(?:号码?)?$", sensitive=True,
    ),
    _f("education", "学历", "Education", "学历|最高学历|文化程度|教育程度|education|degree", "学历"),
    _f("address", "现住址", "Address", "现住址|住址|家庭住址|居住地址|现居住地|联系地址|通讯地址|现居地址|家庭地址|地址|送达地址|address|homeaddress", "^(?!.*(?:身份证|居住证|证件)).*(?:住址|地址|居住地)", sensitive=True),
    _f("insurance_place", "社保缴纳地", "Insurance place", "社保缴纳地|社保地|参保地|社保所在地|社保缴纳城市|缴纳地|参保城市|insuranceplace|socialinsurancecity", "(?:社保|参保).*(?:地|城市)"),
    _f(
        "performance_wage", "绩效工资", "Performance wage",
        "绩效工资|绩效|月绩效|绩效奖金|绩效薪资|浮动工资|绩效基数|performancewage|performancepay|bonus|variablepay", "^(?:月度?)?(?:绩效|浮动)(?:工资|薪[资酬]?|奖金|奖|基数)(?:标准|基数)?$",
    ),
    _f(
        "base_wage", "基本工资", "Base wage",
        "基本工资|底薪|基本薪资|月薪|月工资|固定工资|基本月薪|合同工资|薪资|工资|税前月薪|basewage|basesalary|basicsalary|salary|basepay|monthlysalary",
        "^(?:月|税前)?(?:基本|固定|合同|岗位)(?:月)?(?:工资|薪[资酬水]?)(?:标准)?$", sensitive=True,
    ),
    _f("department_3", "三级部门", "Department, level 3", "三级部门|三级部|班组|小组|department3|deptl3", "^(?:三级|第三级)(?:部门|组织|机构)"),
    _f("department_2", "二级部门", "Department, level 2", "二级部门|二级部|科室|车间|组别|团队|department2|deptl2|team|subdepartment|section", "^(?:二级|第二级)(?:部门|组织|机构)"),
    _f("department_1", "一级部门", "Department, level 1", "一级部门|一级部|部门|车间/部门|部门/车间|所属部门|部门名称|所在部门|department|department1|dept|deptl1|部别|组织|事业部", "^(?:一级|第一级|所属|所在|现)?(?:部门|组织|机构)(?!.*(?:码|编号|负责|经理|主管|领导|级别|层级|性质|类型|人数|id|电话|邮箱|地址|成本))"),
    _f("post", "岗位", "Post", "岗位|职位|职务|岗位名称|职位名称|工种|岗位职务|position|post|title|jobtitle|job", "^(?:现?任)?(?:岗位|职位|职务)(?:名称)?$"),
    _f("remark", "备注", "Remark", "备注|说明|备注说明|其他|remark|remarks|note|notes|comment", "^备注"),
)  # fmt: skip

FIELDS: dict[str, Field] = {item.name: item for item in _TABLE}
SENSITIVE = frozenset(item.name for item in _TABLE if item.sensitive)
PERSON_FIELDS = (
    "name", "identity_number", "sex", "birth_date", "phone", "email", "emergency_name", "emergency_phone", "education",
    "address",
)  # fmt: skip
SPELL_FIELDS = (
    "employee_number", "department", "post", "manager", "hire_date", "probation_months", "regular_date", "contract_kind",
    "contract_start", "contract_end", "insurance_place", "base_wage", "performance_wage", "performance_percent", "leave_date",
    "leave_reason", "remark",
)  # fmt: skip

REFUSED_COLUMN = "拒绝原因"
"""The header under which refused rows carry their reasons when they are handed back."""
_EXACT = {header: item.name for item in reversed(_TABLE) for header in item.headers}
_PATTERNS = tuple((re.compile(item.pattern), item.name) for item in _TABLE if item.pattern)
_BRACKETS = re.compile(r"[(\[【{<].*?[)\]】}>]")
_CHINESE_WORDS = re.compile(r"[\u4e00-\u9fff]+")
_TRANSLATED = re.compile(r"[\u4e00-\u9fff]+[\s/|\-(]+[A-Za-z][A-Za-z .'\-]+\)?")
_NOISE = re.compile(r"[*:：、。,.·•※★_\s\"'“”]+")
_NOT_MONTHLY = re.compile(
    r"年薪|元/年|/年|日薪|元/[天日]|/天|时薪|元/小?时|每年|年收入|annual|yearly|hourly|daily|peryear"
)
_OTHER_THINGS = re.compile(
    r"介绍人|推荐人|面试|社保号|公积金|银行|开户|账号|户籍|籍贯|户口|毕业|专业|学校|民族|政治|婚姻|职称|证书|次数|第.{1,2}次|首次|初次|上一|上份|前一|原合同|历史|预警|提醒"
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A header understood. `field` is None with a `problem` ("unknown", "ignored", "unit"); `factor` turns the
    written unit into yuan.
    """

    field: str | None
    confidence_percent: int
    problem: str = ""
    factor: Decimal = Decimal(1)


UNKNOWN = Recognised(None, 0, "unknown")


def recognise(header: str) -> Recognised:  # noqa: PLR0911 - one way out per shape
    """What a header means: exact names first, then patterns; the unit is read from the whole header."""
    whole = label(header)
    if not whole:
        return UNKNOWN
    bare = _NOISE.sub("", _BRACKETS.sub("", whole)) or _NOISE.sub("", whole)
    name, confidence = _EXACT.get(whole) or _EXACT.get(bare), 100
    if name is None:
        name, confidence = _in_two_languages(header)
    if name is None:
        confidence = 80
        if _OTHER_THINGS.search(bare):
            return UNKNOWN
        name = next((field for pattern, field in _PATTERNS if pattern.search(bare)), None)
    if name is None:
        return Recognised(None, 0, "unit") if _NOT_MONTHLY.search(whole) else UNKNOWN
    if FIELDS[name].ignored:
        return Recognised(None, confidence, "ignored")
    if name in ("base_wage", "performance_wage"):
        if _NOT_MONTHLY.search(whole):
            return Recognised(None, 0, "unit")
        factor = (
            Decimal(10_000)
            if "万" in whole
            else Decimal(1_000)
            if re.search(r"千元|千/|[(/]k\b", whole)
            else Decimal(1)
        )
        return Recognised(name, confidence, factor=factor)
    return Recognised(name, confidence)


def _in_two_languages(header: str) -> tuple[str | None, int]:
    """The field of a Chinese header with its translation (姓名 Name): sure when both say the same. Words without a
    translation that is known count only when they follow the Chinese ones at a distance."""
    text = narrow(header)
    chinese = _NOISE.sub("", label("".join(_CHINESE_WORDS.findall(text))))
    foreign = _NOISE.sub("", label(_CHINESE_WORDS.sub("", text)).strip("/()[]-|"))
    field = _EXACT.get(chinese)
    if not foreign or field is None:
        return None, 0
    if _EXACT.get(foreign) == field:
        return field, 100
    return (field, 80) if _TRANSLATED.fullmatch(text) and foreign not in _EXACT else (None, 0)


def field_zh(name: str) -> str:
    """The Chinese name of a field or of a derived field."""
    return (
        FIELDS[name].zh
        if name in FIELDS
        else {"department": "部门", "performance_percent": "绩效比例", "row": "整行"}.get(name, name)
    )


def field_en(name: str) -> str:
    """The English name of a field or of a derived field."""
    if name in FIELDS:
        return FIELDS[name].en
    return {"department": "Department", "performance_percent": "Performance percent", "row": "Whole row"}.get(
        name, name
    )
