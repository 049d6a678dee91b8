"""Questions of law that could not be verified: an answer is INDETERMINATE until a person set what counsel said.

Each is a key of `data/parameter_keys.yaml` with a closed list of answers and a reason. No value ships.
"""

from __future__ import annotations

from guiyan.kernel.results import Confidence, Words
from guiyan.law.parameters import Parameter, Parameters
from guiyan.law.trail import Trail

OVERAGE_WAS_EMPLOYMENT = "overage.before_rules_is_employment"
OVERAGE_WENT_TO_ARBITRATION = "overage.before_rules_goes_to_arbitration"
NON_PROSECUTION_IS_LIABILITY = "ending.non_prosecution_is_liability"
PROBATION_AFTER_REHIRE = "probation.again_after_rehire"


def counsels_answer(key: str, asks: Words, *, trail: Trail, region: str | None, params: Parameters) -> Parameter | None:
    """What a person set for the key on the day in the region, noted as used: 1 for yes, 0 for no.

    None where nobody did: the key is then noted as missing, with the question to put to counsel.
    """
    found = params.find(key, as_of=trail.as_of, region=region)
    if found is None:
        trail.doubt(Confidence.UNVERIFIED)
        trail.ask_person()
        trail.lacks(key, asks.zh, asks.en)
    else:
        trail.figure(key)
    return found
