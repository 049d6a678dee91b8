"""How courts weigh electronic records: the presumptions and the seven factors of the rules on evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.results import Finding, Verdict, Words
from guiyan.law.checklist import check, require
from guiyan.law.citations import Cite
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

EVI_90 = Cite("EVI", 90)
EVI_93 = Cite("EVI", 93)
EVI_94 = Cite("EVI", 94)
EVI_94_1 = Cite("EVI", 94, 1)
EVI_94_2 = Cite("EVI", 94, 2)


@dataclass(frozen=True, slots=True)
class ElectronicRecord:
    """An electronic record as an exhibit. None: unknown.

    Art. 94: `notarised`; `adverse_to_producer`; `neutral_third_party` keeps or confirms it; `ordinary_business`;
    `archived`; `agreed_method` of keeping. `chain_verified`: the entry on a chain was checked and agrees. The rest are
    the factors of Art. 93.
    """

    notarised: bool | None
    adverse_to_producer: bool | None
    neutral_third_party: bool | None
    ordinary_business: bool | None
    archived: bool | None
    agreed_method: bool | None
    chain_verified: bool | None
    system_intact: bool | None
    system_normal: bool | None
    errors_detected: bool | None
    kept_whole: bool | None
    method_reliable: bool | None
    made_in_course: bool | None
    keeper_fit: bool | None


@dataclass(frozen=True, slots=True)
class Weight:
    """What a court presumes, and the factors that are not met.

    `confirmed`: it must be taken as true unless overturned. `presumed_by`: the presumptions of Art. 94(1) that hold.
    `unchanged_since_chain`: on a checked chain it is presumed unchanged after its entry; what it said before is open.
    """

    confirmed: bool
    presumed_by: tuple[str, ...]
    unchanged_since_chain: bool
    unmet: tuple[str, ...]


_PRESUMPTIONS = (
    ("adverse_to_producer", "由提供者保存而对其不利", "its keeper produced it against itself"),
    ("neutral_third_party", "由中立第三方平台保存或者确认", "a neutral platform keeps or confirms it"),
    ("ordinary_business", "在正常业务活动中形成", "it arose in ordinary business"),
    ("archived", "以档案管理方式保管", "it is kept as an archive"),
    ("agreed_method", "以当事人约定的方式保存、提取", "it was kept as the parties agreed"),
)
_FACTORS = (
    require("system_intact", "系统的硬件、软件环境完整可靠", "the system is whole and reliable", EVI_93),
    require("system_normal", "系统处于正常运行状态", "it was running normally", EVI_93),
    require("errors_detected", "具备有效的防止出错手段", "errors are prevented and found", EVI_93),
    require("kept_whole", "完整保存、传输和提取", "it was kept, sent and taken out whole", EVI_93),
    require("method_reliable", "保存、传输、提取的方法可靠", "the methods are reliable", EVI_93),
    require("made_in_course", "在正常往来活动中形成和存储", "it was made and stored in the course of dealings", EVI_93),
    require("keeper_fit", "保存、传输、提取的主体适当", "those who kept it were fit to", EVI_93),
)


def evidence_weight(facts: ElectronicRecord, *, as_of: date, region: str | None, params: Parameters) -> Finding[Weight]:
    """SPC Provisions on Evidence, Arts. 90, 93, 94; Online Litigation Rules, Arts. 16 to 18.

    Notarised content is confirmed. A presumption of Art. 94(1) lets it be taken as true; without one the seven factors
    are weighed, and doubtful data cannot stand alone (Art. 90). A company's own server is no neutral keeper.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    chain = bool(facts.chain_verified)
    if chain:
        trail.say(
            "区块链核验一致，推定上链后未经篡改；上链前是否真实另行审查。",
            "It agrees with the chain: presumed unchanged since its entry; its truth before is examined apart.",
            Cite("OLR", 16),
            Cite("OLR", 18),
        )
    if facts.notarised:
        trail.say("经公证，应当确认，但可以推翻。", "Notarised: confirmed unless overturned.", EVI_94_2, value="true")
        weight = Weight(confirmed=True, presumed_by=(), unchanged_since_chain=chain, unmet=())
        return trail.finding(Verdict.ALLOWED, weight)
    presumed = tuple(fact for fact, _, _ in _PRESUMPTIONS if getattr(facts, fact))
    for fact, zh, en in _PRESUMPTIONS:
        if fact in presumed:
            trail.say(f"{zh}：可以确认其真实性。", f"It may be taken as true: {en}.", EVI_94_1, value="true")
    if presumed:
        weight = Weight(confirmed=False, presumed_by=presumed, unchanged_since_chain=chain, unmet=())
        return trail.finding(Verdict.ALLOWED, weight)
    trail.say("没有可以直接推定真实的情形，按七项因素审查。", "No presumption: the seven factors.", EVI_93, EVI_94)
    found = check(_FACTORS, facts, trail)
    weight = Weight(confirmed=False, presumed_by=(), unchanged_since_chain=chain, unmet=found.unmet)
    if not found.unmet:
        return trail.finding(Verdict.ALLOWED, weight)
    trail.say(
        "存有疑点的电子数据不能单独作为认定事实的根据。", "Doubtful data cannot stand alone.", EVI_90, value="false"
    )
    condition = Words(
        "须有其他证据印证，或者作时间戳、公证等固定。", "Other evidence must support it, or fix it outside."
    )
    verdict = Verdict.INDETERMINATE if found.unknown else Verdict.ALLOWED_WITH_CONDITIONS
    return trail.finding(verdict, weight, (condition,))
