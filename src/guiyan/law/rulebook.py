"""Every rule that answers a question of its own, by name: for the workbench, the cases that lawyers write, and tests.

The name is `module.function`. The facts a rule takes are the type of its first argument.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from guiyan.kernel.results import Computed, Finding, Words
from guiyan.law import (
    certificate,
    clauses,
    contract_duties,
    dismissal_elements,
    esign,
    evidence_weight,
    exit_dates,
    former_employer,
    leave_rules,
    limitation,
    noncompete_rules,
    overage,
    pay_average,
    personal_data,
    probation_rules,
    service_period,
    sickness,
    tax,
    union_notice,
    working_time,
)
from guiyan.law.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, the question it answers, and the function."""

    name: str
    question: Words
    function: Callable[..., Finding[Any] | Computed[Any]]

    @property
    def facts(self) -> type[Any]:
        """The frozen dataclass of its facts."""
        shape: type[Any] = typing.get_type_hints(self.function)["facts"]
        return shape

    def ask(
        self, facts: object, *, as_of: date, region: str | None, params: Parameters
    ) -> Finding[Any] | Computed[Any]:
        """The answer. Raises what the rule raises: ValueError, ParameterMissing."""
        return self.function(facts, as_of=as_of, region=region, params=params)


def _rule(zh: str, en: str, function: Callable[..., Finding[Any] | Computed[Any]]) -> Rule:
    module = function.__module__.rsplit(".", 1)[1]
    return Rule(f"{module}.{function.__name__}", Words(zh, en), function)


_ALL = (
    _rule("离职证明的内容", "Content of the leaving certificate", certificate.certificate_content),
    _rule("能否扣留或者暂缓", "What may be held back", certificate.withholding),
    _rule("条款是否有效", "Whether a clause binds", clauses.clause_binds),
    _rule("离职协议是否有效", "Whether a settlement binds", clauses.settlement_binds),
    _rule("是否视为再次订立", "Whether a renewal is deemed", contract_duties.deemed_renewal),
    _rule("应否订立无固定期限合同", "Duty of an open-ended contract", contract_duties.open_ended_duty),
    _rule("应否支付二倍工资", "Whether a second wage is due", contract_duties.second_wage_due),
    _rule("期满后继续工作", "Work after expiry", contract_duties.work_after_expiry),
    _rule("被依法追究刑事责任", "Criminal liability", dismissal_elements.criminal_liability),
    _rule("不能胜任工作的步骤", "Steps of incompetence", dismissal_elements.incompetence),
    _rule("是否适用裁减人员程序", "Whether it is a layoff", dismissal_elements.layoff_applies),
    _rule("裁减人员的步骤", "Steps of a layoff", dismissal_elements.layoff_steps),
    _rule("客观情况发生重大变化", "Objective change", dismissal_elements.objective_change),
    _rule("规章制度能否作为依据", "Whether a rule can be relied on", dismissal_elements.staff_rule),
    _rule("电子劳动合同", "Electronic labour contract", esign.electronic_contract),
    _rule("电子签名是否可靠", "Whether a signature is reliable", esign.signature_reliability),
    _rule("电子数据的证明力", "Weight of electronic records", evidence_weight.evidence_weight),
    _rule("合同文本保存到哪天", "Until when the contract is kept", exit_dates.contract_kept_until),
    _rule("书面合同最迟哪天订立", "When a written contract is due", exit_dates.contract_written_by),
    _rule("就业登记的期限", "When a hire is registered", exit_dates.employment_registered_by),
    _rule("离职登记和转移的期限", "When an ending is registered", exit_dates.ending_registered_by),
    _rule("最后工资的支付期限", "When the last wages are due", exit_dates.final_wages_due),
    _rule("能否申领失业保险金", "Whether benefits may be claimed", exit_dates.unemployment_benefit),
    _rule("失业人员名单的期限", "When the list of unemployed is due", exit_dates.unemployment_list_due),
    _rule("对原单位损失的连带责任", "Joint liability to a former employer", former_employer.joint_liability),
    _rule("有没有年休假", "Whether there is annual leave", leave_rules.leave_eligibility),
    _rule("放弃年休假", "Declining annual leave", leave_rules.leave_waiver),
    _rule("事后的理由", "A reason given later", limitation.later_reason),
    _rule("仲裁时效", "Limitation", limitation.limitation),
    _rule("提前解除竞业限制的补偿", "Pay for early release", noncompete_rules.early_release_pay),
    _rule("竞业限制是否约束此人", "Whom a non-compete binds", noncompete_rules.noncompete_binds),
    _rule("因拖欠补偿解除竞业限制", "Release for unpaid compensation", noncompete_rules.release_for_default),
    _rule("超龄用工争议由谁受理", "Who hears over-age disputes", overage.overage_forum),
    _rule("超龄用工的最低报酬", "Least pay of over-age work", overage.overage_pay_floor),
    _rule("超龄用工适用什么规定", "Rules on over-age work", overage.overage_regime),
    _rule("月平均工资的构成", "What the average counts", pay_average.average_of_items),
    _rule("月平均工资", "The average wage", pay_average.average_pay),
    _rule("联系离职员工", "Writing to former employees", personal_data.alumni_contact),
    _rule("自动化决策", "Automated decisions", personal_data.automated_decision),
    _rule("人脸识别", "Facial recognition", personal_data.face_recognition),
    _rule("怀孕和健康信息", "Pregnancy and health", personal_data.health_data),
    _rule("人力资源管理所必需的处理", "Processing for personnel management", personal_data.hr_processing),
    _rule("工作监测", "Monitoring at work", personal_data.monitoring),
    _rule("再次约定试用期", "Another probation", probation_rules.another_probation),
    _rule("不符合录用条件", "Failing the conditions of hiring", probation_rules.probation_dismissal),
    _rule("仅约定试用期", "Probation alone", probation_rules.probation_only),
    _rule("服务期违约金", "Penalty for leaving within a service period", service_period.service_period_penalty),
    _rule("医疗期满以后", "After the medical period", sickness.after_medical_period),
    _rule("地方医疗期", "Local medical period", sickness.local_medical_period),
    _rule("延长医疗期", "Extending the medical period", sickness.medical_extension),
    _rule("病假工资下限", "Floor of sick pay", sickness.sick_pay_floor),
    _rule("破产安置费的税", "Tax on resettlement", tax.bankruptcy_resettlement_tax),
    _rule("通知工会", "Telling the union", union_notice.union_notice),
    _rule("加班上限", "Limits of overtime", working_time.overtime_limits),
    _rule("全年工作日", "Working days of a year", working_time.working_days),
)
RULEBOOK: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""The rules by name."""
