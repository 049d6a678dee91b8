"""The demonstration company, made from a seed by the same actions that people use.

About 300 employees of a software house in Shanghai with two years of history: hires, moves, raises, renewals, leavers,
some who came back, a few who are protected. Everything follows from the seed and the day it is made on. Everything is
recorded on that day; only the facts lie in the past, so that no entry claims an age it does not have.

Nobody in it exists: identity numbers carry an area code that is issued to no person, telephones a block that no
carrier was given, e-mail addresses a domain that is reserved for examples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from guiyan.kernel.calendar import add_months, legal_day
from guiyan.people import actions, queries
from guiyan.people.enums import (
    AddressKind,
    ContractKind,
    EndKind,
    PerformanceKind,
    ProtectionKind,
    SensitiveKind,
    Sex,
)
from guiyan.people.importing.identity import check_digit
from guiyan.platform.acting import action
from guiyan.platform.actions import grant_role
from guiyan.platform.permissions import SYSTEM, Viewer

DEMO_PASSWORD = "guiyan-demo-2026"  # noqa: S105  it opens a demonstration and is printed on its first page
SPACE = UUID("6f1d5a1e-3c0b-5d0e-9a53-0d5f7a3e2026")
DAY = timedelta(days=1)
AREA = "310000"
TELEPHONES = "142"
STAFF = 288
LEAVERS = 46
RETURNED = 5
MOVERS = 22
HISTORY_DAYS = 730

Say = Callable[[str], None]


def _quiet(_: str) -> None:
    return None


UNITS = (
    # code, name, code of the unit above, share of the staff, post family
    ("HYY", "海岳云科技", "", 0, ""),
    ("EXEC", "总经理办公室", "HYY", 1, "管理"),
    ("HR", "人力资源部", "HYY", 3, "职能"),
    ("LEGAL", "法务部", "HYY", 2, "职能"),
    ("FIN", "财务部", "HYY", 3, "职能"),
    ("IT", "信息技术部", "HYY", 3, "技术"),
    ("ADM", "行政部", "HYY", 3, "职能"),
    ("RD", "研发中心", "HYY", 1, "技术"),
    ("RD-PLAT", "平台研发部", "RD", 14, "技术"),
    ("RD-APP", "应用研发部", "RD", 16, "技术"),
    ("RD-ALGO", "算法部", "RD", 6, "技术"),
    ("RD-QA", "测试部", "RD", 8, "技术"),
    ("PROD", "产品部", "HYY", 6, "产品"),
    ("SALES", "销售中心", "HYY", 1, "销售"),
    ("SALES-E", "华东销售部", "SALES", 10, "销售"),
    ("SALES-S", "华南销售部", "SALES", 7, "销售"),
    ("SALES-C", "渠道部", "SALES", 4, "销售"),
    ("CS", "客户成功部", "HYY", 9, "客户"),
    ("SVC", "客服中心", "HYY", 1, "客服"),
    ("SVC-1", "客服一部", "SVC", 11, "客服"),
    ("SVC-2", "客服二部", "SVC", 11, "客服"),
    ("OPS", "运营部", "HYY", 6, "运营"),
)
POSTS = {
    "管理": (("总经理助理", 18000), ("战略专员", 16000)),
    "职能": (("专员", 9000), ("高级专员", 13000), ("主管", 18000)),
    "技术": (("工程师", 18000), ("高级工程师", 26000), ("技术专家", 38000)),
    "产品": (("产品经理", 19000), ("高级产品经理", 28000)),
    "销售": (("客户经理", 9000), ("高级客户经理", 14000)),
    "客户": (("客户成功经理", 12000), ("高级客户成功经理", 17000)),
    "客服": (("客服专员", 6500), ("值班长", 8500)),
    "运营": (("运营专员", 9500), ("高级运营专员", 14000)),
}
HEAD_POST = ("部门负责人", 42000)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇翟"
)
_FEMALE = (
    "雨欣 思涵 梦琪 嘉怡 若曦 晓彤 静怡 雅文 诗涵 欣然 子墨 语嫣 婉清 书瑶 可心 乐瑶 芷若 念真 玉洁 慧敏 丽娟 "
    "秀英 海燕 春梅 晓燕 丹 婷 颖 琳 倩 蕾 雪 敏 洁 佩珊 映红 忆安 南希 沐晴"
)
_MALE = (
    "浩然 子轩 宇航 志强 建国 文博 俊杰 明哲 天佑 思远 家豪 一鸣 嘉树 立群 少华 永康 国栋 海峰 志远 晨曦 瑞霖 "
    "启明 景行 伟 强 磊 军 洋 勇 涛 超 鹏 杰 斌 波 峻岭 泽宇 远航 向阳 承志"
)
GIVEN = {Sex.FEMALE: tuple(_FEMALE.split()), Sex.MALE: tuple(_MALE.split())}


@dataclass(frozen=True, slots=True)
class Cast:
    """Somebody whom the stories name: account, roles granted (``hr@RD`` for one unit), place, post."""

    username: str
    name: str
    sex: str
    unit: str
    post: str
    roles: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


CAST = (
    Cast("sumingyuan", "苏明远", "male", "EXEC", "总经理", heads=("HYY", "EXEC")),
    Cast("guqingyang", "顾清扬", "female", "HR", "人力资源总监", ("hr_lead",), heads=("HR",)),
    Cast("linxiao", "林晓", "female", "HR", "人力资源业务伙伴", ("hr",)),
    Cast("xuke", "许可", "male", "HR", "人力资源业务伙伴", ("hr@RD", "hr@PROD")),
    Cast("chenliheng", "陈立衡", "male", "CS", "客户成功总监", heads=("CS",)),
    Cast("zhouyutong", "周雨桐", "female", "CS", "客户成功经理"),
    Cast("songjia", "宋嘉", "female", "CS", "高级客户成功经理"),
    Cast("shenxu", "沈叙", "male", "LEGAL", "法务经理", ("legal",), heads=("LEGAL",)),
    Cast("zhaolei", "赵磊", "male", "IT", "信息技术经理", ("it",), heads=("IT",)),
    Cast("hejianing", "何佳宁", "female", "FIN", "财务经理", ("finance",), heads=("FIN",)),
    Cast("tangwan", "唐婉", "female", "ADM", "行政经理", ("facilities",), heads=("ADM",)),
    Cast("luowenbo", "罗文博", "male", "FIN", "内部审计", ("auditor",)),
    Cast("qinlang", "秦朗", "male", "IT", "系统管理员", ("system_admin",)),
)
_ROLE_WORDS = {
    "hr": "人力资源", "hr_lead": "人力资源负责人", "legal": "法务", "it": "信息技术", "finance": "财务",
    "facilities": "行政", "auditor": "审计", "system_admin": "系统管理员",
}  # fmt: skip


def _words(cast: Cast) -> str:
    units = {code: name for code, name, *_rest in UNITS}
    granted = [
        _ROLE_WORDS[role.partition("@")[0]] + (f"（{units[role.partition('@')[2]]}）" if "@" in role else "")
        for role in cast.roles
    ]
    return "、".join(["员工", *(["主管"] if cast.heads else []), *granted])


ACCOUNTS = tuple((cast.username, cast.name, _words(cast)) for cast in CAST)
"""The accounts of the demonstration: user name, name, roles in words."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: people by name, units by code."""

    people: dict[str, UUID]
    units: dict[str, UUID]


def build(*, now: datetime, seed: int, say: Say = _quiet) -> Made:
    """The current tenant is the demonstration company: all of it, or nothing when it is interrupted.

    Call it once, on an empty tenant, inside its session. It takes about twenty seconds.
    """
    return _build(SYSTEM, now=now, seed=seed, say=say)


@action("simulator.build_company")
def _build(_viewer: Viewer, *, now: datetime, seed: int, say: Say) -> Made:
    maker = _Maker(now, seed, say)
    maker.organisation()
    maker.cast()
    maker.staff()
    maker.heads()
    maker.leavers()
    maker.lives()
    say(f"演示公司：{len(maker.people)} 人，{len(maker.units)} 个部门")
    return Made(dict(maker.people), dict(maker.units))


class _Maker:
    """Holds what is made on the way; each step says what becomes true."""

    def __init__(self, now: datetime, seed: int, say: Say) -> None:
        self.now, self.today, self.say = now, legal_day(now), say
        self.random = Random(seed)  # noqa: S311  a demonstration must come out the same, not be hard to guess
        self.seed = seed
        self.units: dict[str, UUID] = {}
        self.posts: dict[str, UUID] = {}
        self.people: dict[str, UUID] = {}
        self.spells: dict[str, UUID] = {}
        self.where: dict[str, str] = {}
        self.hired: dict[str, date] = {}
        self.sex: dict[str, str] = {}
        self.lead: Viewer = SYSTEM
        self.count = 0

    # --- ids, days, people ----------------------------------------------------------------------------------------

    def request(self, what: str) -> UUID:
        """Return the id under which a step happens once."""
        return uuid5(SPACE, f"{self.seed}:{what}")

    def day(self, earliest: date, latest: date) -> date:
        """Return a working day of the week between two days."""
        day = earliest + timedelta(days=self.random.randint(0, max(0, (latest - earliest).days)))
        return min(latest, day + timedelta(days=(7 - day.weekday()) % 7)) if day.weekday() >= 5 else day

    def ago(self, days: int) -> date:
        """Return the day so many days ago."""
        return self.today - timedelta(days=days)

    def fresh_name(self, sex: str) -> str:
        """Return a name that nobody has yet."""
        while True:
            name = self.random.choice(SURNAMES) + self.random.choice(GIVEN[Sex(sex)])
            if name not in self.people and all(name != cast.name for cast in CAST):
                return name

    def values(self, sex: str, hired_on: date) -> dict[str, str]:
        """Return invented personal values of somebody who is of age when hired."""
        age = self.random.randint(22, 45)
        birth = date(hired_on.year - age, self.random.randint(1, 12), self.random.randint(1, 28))
        order = self.random.randint(1, 499) * 2 + (sex == Sex.MALE)
        seventeen = f"{AREA}{birth:%Y%m%d}{order:03d}"
        return {
            SensitiveKind.ID_DOCUMENT: seventeen + check_digit(seventeen),
            SensitiveKind.BIRTH_DATE: birth.isoformat(),
            SensitiveKind.MOBILE: f"{TELEPHONES}{self.random.randint(0, 99_999_999):08d}",
            SensitiveKind.HOME_ADDRESS: self.home(),
            SensitiveKind.BANK_ACCOUNT: f"620000000{self.random.randint(0, 9_999_999_999):010d}",
            SensitiveKind.EMERGENCY_NAME: self.random.choice(SURNAMES) + self.random.choice(GIVEN[Sex.MALE]),
            SensitiveKind.EMERGENCY_PHONE: f"{TELEPHONES}{self.random.randint(0, 99_999_999):08d}",
        }

    def home(self) -> str:
        """Return an invented address."""
        return f"上海市浦东新区示例路{self.random.randint(1, 999)}号{self.random.randint(101, 2806)}室"

    # --- steps ----------------------------------------------------------------------------------------------------

    def organisation(self) -> None:
        """Units and posts exist."""
        opened = self.ago(6 * 365)
        for code, name, above, _share, _family in UNITS:
            self.units[code] = actions.open_unit(
                SYSTEM,
                code=code,
                name=name,
                parent_id=self.units.get(above),
                opened_on=opened,
                request_id=self.request(f"unit:{code}"),
                now=self.now,
            )
        families = {post: family for family, posts in POSTS.items() for post, _wage in posts}
        families |= {cast.post: "管理" if cast.heads else "职能" for cast in CAST if cast.post not in families}
        families[HEAD_POST[0]] = "管理"
        for name, family in families.items():
            self.posts[name] = actions.open_post(
                SYSTEM, name=name, family=family, request_id=self.request(f"post:{name}"), now=self.now
            )

    def cast(self) -> None:
        """Those whom the stories name are employed, sign in, hold their roles and head their units."""
        for cast in CAST:
            hired_on = self.day(self.ago(1500), self.ago(500))
            self.hire(cast.name, cast.sex, cast.unit, cast.post, hired_on)
            user_id = actions.make_account_for(
                SYSTEM,
                self.people[cast.name],
                username=cast.username,
                password=DEMO_PASSWORD,
                email=f"{cast.username}@example.com",
                must_change_password=False,
                request_id=self.request(f"account:{cast.username}"),
                now=self.now,
            )
            for role in cast.roles:
                name, _, unit = role.partition("@")
                grant_role(SYSTEM, user_id=user_id, role=name, unit_id=self.units.get(unit), now=self.now)
            for unit in cast.heads:
                self.set_head(unit, cast.name)
        self.lead = self.viewer("guqingyang")

    def staff(self) -> None:
        """Everybody else is employed."""
        places = [(code, family) for code, _name, _above, share, family in UNITS for _ in range(share)]
        for index in range(STAFF):
            code, family = places[index] if index < len(places) else self.random.choice(places)
            recent = self.random.random() < 0.4
            earliest = self.ago(HISTORY_DAYS if recent else 2000)
            sex = self.random.choice((Sex.FEMALE, Sex.MALE))
            post = self.random.choice(POSTS[family])[0]
            self.hire(self.fresh_name(sex), sex, code, post, self.day(earliest, self.ago(7)))
            if index % 100 == 99:
                self.say(f"演示公司：已建立 {index + 1} 人")

    def heads(self) -> None:
        """Every unit that the stories leave without a head has the member who has been there longest."""
        headed = {unit for cast in CAST for unit in cast.heads}
        named = {cast.name for cast in CAST}
        for code, *_rest in UNITS:
            if code not in headed:
                members = [name for name, unit in self.where.items() if unit == code and name not in named]
                eldest = min(members, key=lambda name: (self.hired[name], name))
                self.set_head(code, eldest)
                self.move(eldest, code, HEAD_POST[0], max(self.hired[eldest] + DAY, self.ago(700)))
                named.add(eldest)

    def leavers(self) -> None:
        """Over two years people have left for their reasons; some came back; two are about to leave."""
        named = {cast.name for cast in CAST}
        for index in range(LEAVERS):
            sex = self.random.choice((Sex.FEMALE, Sex.MALE))
            code, _name, _above, _share, family = self.random.choice([unit for unit in UNITS if unit[3] > 2])
            name = self.fresh_name(sex)
            hired_on = self.day(self.ago(1400), self.ago(300))
            self.hire(name, sex, code, self.random.choice(POSTS[family])[0], hired_on)
            earliest = max(hired_on + timedelta(days=60), self.ago(HISTORY_DAYS))
            ended_on = self.day(earliest, self.ago(130 if index < RETURNED else 10))
            kind, ground = self.random.choice(
                (
                    (EndKind.RESIGNATION, "37"),
                    (EndKind.RESIGNATION, "37"),
                    (EndKind.AGREEMENT, "36"),
                    (EndKind.EXPIRY, "44(1)"),
                )
            )
            actions.end_spell(
                SYSTEM,
                self.spells[name],
                ended_on,
                kind,
                ground=ground,
                request_id=self.request(f"end:{name}"),
                now=self.now,
            )
            if index < RETURNED:
                self.rehire(name, code, self.day(ended_on + timedelta(days=60), self.ago(20)))
            else:
                named.add(name)
                del self.where[name]
        staying = [name for name in self.where if name not in named]
        for name, days in zip(self.random.sample(staying, 2), (9, 23), strict=True):
            actions.plan_end(
                SYSTEM,
                self.spells[name],
                self.today + timedelta(days=days),
                request_id=self.request(f"plan:{name}"),
                now=self.now,
            )

    def lives(self) -> None:
        """Moves, protections and confirmed delivery addresses."""
        members = sorted(self.where)
        heads = {cast.name for cast in CAST}
        movers = self.random.sample([name for name in members if name not in heads], MOVERS)
        for name in movers:
            code = self.where[name]
            family = next(unit[4] for unit in UNITS if unit[0] == code)
            target = self.random.choice([unit[0] for unit in UNITS if unit[4] == family and unit[3] > 1])
            earliest = max(self.hired[name] + timedelta(days=90), self.ago(HISTORY_DAYS))
            if earliest < self.today - DAY:
                self.move(name, target, self.random.choice(POSTS[family])[0], self.day(earliest, self.today - DAY))
        self.protections(members)
        for name in members:
            self.address(name)
        for cast in CAST:
            viewer = self.viewer(cast.username)
            for kind, value in (
                (AddressKind.EMAIL, f"{cast.username}@example.com"),
                (AddressKind.MOBILE, f"{TELEPHONES}{self.random.randint(0, 99_999_999):08d}"),
            ):
                actions.confirm_address(
                    viewer, kind, value, request_id=self.request(f"own:{cast.username}:{kind}"), now=self.now
                )

    # --- one thing each -------------------------------------------------------------------------------------------

    def viewer(self, username: str) -> Viewer:
        """Return who looks when this account signs in."""
        return queries.viewer_of(username, on=self.today, auth="password")

    def number(self) -> str:
        """Return the next employee number."""
        self.count += 1
        return f"HY{self.count:05d}"

    def hire(self, name: str, sex: str, code: str, post: str, hired_on: date) -> None:
        """Somebody is employed, with a contract and wages."""
        months = self.random.choice((3, 3, 6))
        made = actions.hire(
            SYSTEM,
            actions.NewPerson(name, sex, education="本科", sensitive=self.values(sex, hired_on)),
            actions.Engagement(
                self.number(), hired_on, self.units[code], self.posts[post], None, months, insurance_place="上海"
            ),
            request_id=self.request(f"hire:{name}"),
            now=self.now,
        )
        self.people[name], self.spells[name] = made.person_id, made.spell_id
        self.where[name], self.hired[name], self.sex[name] = code, hired_on, sex
        self.contracts(name, made.spell_id, hired_on)
        self.wages(name, made.spell_id, post, hired_on)

    def rehire(self, name: str, code: str, hired_on: date) -> None:
        """Somebody who left is employed again, without a second probation."""
        post = POSTS[next(unit[4] for unit in UNITS if unit[0] == code)][-1][0]
        made = actions.rehire(
            self.lead,
            self.people[name],
            actions.Engagement(self.number(), hired_on, self.units[code], self.posts[post], None, 0, "上海"),
            request_id=self.request(f"rehire:{name}"),
            now=self.now,
        )
        self.spells[name], self.hired[name] = made.spell_id, hired_on
        self.contracts(name, made.spell_id, hired_on)
        self.wages(name, made.spell_id, post, hired_on)

    def contracts(self, name: str, spell_id: UUID, hired_on: date) -> None:
        """Three years, then three more, then without an end."""
        start, index = hired_on, 0
        while start <= self.today:
            end = add_months(start, 36) - DAY if index < 2 else None
            kind = ContractKind.FIXED_TERM if end else ContractKind.OPEN_ENDED
            terms = actions.ContractTerms(kind, start, end, start, f"HT-{self.count:05d}-{index + 1}")
            actions.record_contract(
                self.lead, spell_id, terms, request_id=self.request(f"contract:{spell_id}:{index}"), now=self.now
            )
            if end is None:
                break
            start, index = end + DAY, index + 1

    def wages(self, name: str, spell_id: UUID, post: str, hired_on: date) -> None:
        """A wage from the first day, and a raise in the last April for most."""
        usual = {each: wage for posts in POSTS.values() for each, wage in posts}
        base = Decimal(usual.get(post, 24000) + 100 * self.random.randint(-8, 25))
        percent = Decimal(self.random.choice((10, 15, 20)))
        raise_on = date(self.today.year if self.today.month > 4 else self.today.year - 1, 4, 1)
        steps = [(hired_on, base)]
        if hired_on < raise_on - timedelta(days=180) and self.random.random() < 0.7:
            steps.append((raise_on, (base * Decimal("1.06")).quantize(Decimal(10))))
        for valid_from, amount in steps:
            terms = actions.WageTerms(amount.quantize(Decimal("0.01")), valid_from, PerformanceKind.PERCENT, percent)
            actions.record_wage(
                self.lead, spell_id, terms, request_id=self.request(f"wage:{spell_id}:{valid_from}"), now=self.now
            )

    def move(self, name: str, code: str, post: str, from_on: date) -> None:
        """Somebody works elsewhere or as something else from a day on."""
        actions.transfer(
            self.lead,
            self.people[name],
            actions.Move(self.units[code], self.posts[post], from_on),
            request_id=self.request(f"move:{name}:{from_on}"),
            now=self.now,
        )
        self.where[name] = code

    def set_head(self, code: str, name: str) -> None:
        """Somebody heads a unit, since they came or for the two years."""
        from_on = max(self.hired[name], self.ago(HISTORY_DAYS))
        actions.set_unit_manager(
            SYSTEM,
            self.units[code],
            self.people[name],
            from_on,
            request_id=self.request(f"head:{code}"),
            now=self.now,
        )

    def protections(self, members: list[str]) -> None:
        """A few are protected by law, each in their own way."""
        named = {cast.name for cast in CAST}
        women = [name for name in members if name not in named and self.sex[name] == Sex.FEMALE]
        anyone = [name for name in members if name not in named]
        facts = [
            (women, actions.ProtectionFacts(ProtectionKind.PREGNANCY, self.ago(70), None)),
            (women, actions.ProtectionFacts(ProtectionKind.PREGNANCY, self.ago(20), None)),
            (women, actions.ProtectionFacts(ProtectionKind.MATERNITY, self.ago(40), self.today + timedelta(days=118))),
            (women, actions.ProtectionFacts(ProtectionKind.NURSING, self.ago(150), self.today + timedelta(days=160))),
            (
                anyone,
                actions.ProtectionFacts(ProtectionKind.MEDICAL_PERIOD, self.ago(15), self.today + timedelta(days=75)),
            ),
            (anyone, actions.ProtectionFacts(ProtectionKind.INJURY, self.ago(400), None, "authority", 8)),
            (
                anyone,
                actions.ProtectionFacts(ProtectionKind.UNION_OFFICER, self.ago(500), self.today + timedelta(days=595)),
            ),
        ]
        used: set[str] = set()
        for index, (pool, fact) in enumerate(facts):
            name = self.random.choice(
                [name for name in pool if name not in used and self.hired[name] < fact.valid_from]
            )
            used.add(name)
            actions.record_protection(
                self.lead, self.people[name], fact, request_id=self.request(f"protection:{index}"), now=self.now
            )

    def address(self, name: str) -> None:
        """Somebody confirmed on paper where letters reach them."""
        if self.people[name] == self.lead.person_id:
            return
        paper = hashlib.sha256(f"{self.seed}:{name}".encode()).hexdigest()
        actions.record_address(
            self.lead,
            self.people[name],
            AddressKind.POSTAL,
            self.home(),
            proof_sha256=paper,
            confirmed_at=self.now - timedelta(days=self.random.randint(1, 400)),
            request_id=self.request(f"address:{name}"),
            now=self.now,
        )
