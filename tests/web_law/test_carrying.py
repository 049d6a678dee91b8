"""Facts go from an ending to the evidence of its ground, to a plan, and back, in the post alone."""

from __future__ import annotations

import re
from typing import Any

from tests.web.conftest import Firm
from tests.web_law.test_pages import ending, shown


def sent(page: str, button: str) -> dict[str, Any]:
    """What a button of the form sends: every field that the page shows or hides, and the button itself."""
    told: dict[str, Any] = {"act": button}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = 'type="checkbox"' not in tag or "checked" in tag
        if name and value and ticked and name[1] != "csrfmiddlewaretoken":
            told.setdefault(name[1], []).append(value[1])
    for name, body in re.findall(r'<select [^>]*?name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        told[name] = chosen[1] if chosen else ""
    return told


def buttons(page: str, action: str) -> list[str]:
    """The values of the buttons that lead to an address."""
    found = re.findall(rf'formaction="{re.escape(action)}" name="act" value="([^"]+)"', page)
    return [one.replace("&quot;", '"') for one in found]


FACTS = {
    "ground": "39(1)",
    "statuses": "some",
    "statuses_list": ["pregnant"],
    "probation_last_day": "2026-12-31",
    "in_probation": "true",
    "notice_arrived": "2026-11-30",
    "union_told_on": "2026-11-26",
}


def test_facts_go_to_the_evidence_and_come_back_whole(firm: Firm) -> None:
    client = firm.client("legal")
    first = client.post("/law/ending/", ending(**FACTS))
    page = first.content.decode()
    assert buttons(page, "/law/evidence/39_1/") == ["carry:a"]
    weighed = client.post("/law/evidence/39_1/", sent(page, "carry:a"))
    column = weighed.context["columns"][0]
    assert column.inputs["hire_date"] == "2020-03-01"
    assert column.inputs["statuses"] == ["pregnant"]
    told = sent(weighed.content.decode(), "carry:a") | {"e-x0_signed_contract": "1"}
    back = client.post("/law/ending/", told)
    assert back.context["columns"][0].inputs == first.context["columns"][0].inputs
    again = client.post("/law/evidence/39_1/", sent(back.content.decode(), "carry:a"))
    assert 'name="e-x0_signed_contract"' in again.content.decode()
    assert again.context["exhibits"].cleaned_data["x0_signed_contract"] == "1", "the exhibits came along"


def test_exhibits_of_one_ground_are_not_those_of_another(firm: Firm) -> None:
    client = firm.client("legal")
    told = {**ending(ground="39(2)"), "e-x0_signed_contract": "1", "weighed": "39_1", "act": "carry:a"}
    page = client.post("/law/ending/", told).content.decode()
    assert ("e-x0_signed_contract", "1") in client.post("/law/ending/", told).context["carried"]
    other = client.post("/law/evidence/39_2/", sent(page, "carry:a"))
    assert not other.context["exhibits"].exhibits()
    assert not [name for name, _value in other.context["carried"] if name.startswith("e-")]


def test_a_column_beside_the_first_takes_its_own_facts_along(firm: Firm) -> None:
    client = firm.client("legal")
    told = {**ending(), "beside": "1", "b-ground": "39(2)", "b-last_day": "2027-01-31", "b-law-region": "深圳"}
    page = client.post("/law/ending/", told).content.decode()
    assert buttons(page, "/law/evidence/39_2/") == ["carry:b"]
    weighed = client.post("/law/evidence/39_2/", sent(page, "carry:b"))
    assert weighed.context["columns"][0].inputs["last_day"] == "2027-01-31"


def test_a_plan_opens_as_an_ending_with_its_days(firm: Firm) -> None:
    client = firm.client("legal")
    facts = {"law-as_of": "2026-11-24", **{f"a-{key}": value for key, value in FACTS.items()}}
    facts |= {"a-hire_date": "2020-03-01", "a-last_day": "2026-12-31", "a-statuses": "none", "a-regime": "LCL"}
    weighed = client.post("/law/evidence/39_1/", facts)
    plans = buttons(weighed.content.decode(), "/law/ending/")
    plan = next(one for one in plans if '"ground":"40(2)"' in one)
    opened = client.post("/law/ending/", sent(weighed.content.decode(), plan))
    inputs = opened.context["columns"][0].inputs
    assert (inputs["ground"], inputs["pay_in_lieu"], inputs["union_told_on"]) == ("40(2)", True, "2026-11-24")
    assert inputs["statuses"] == []
    assert shown(opened).document["verdict"]["code"]


def test_what_is_no_plan_changes_nothing(firm: Firm) -> None:
    client = firm.client("legal")
    for plan in ("plan:", "plan:[1]", "plan:{", 'plan:{"ground":["40(2)"]}', 'plan:{"evil":"1"}'):
        answer = client.post("/law/ending/", {**ending(), "act": plan})
        assert answer.context["columns"][0].inputs["ground"] == "40(2)", plan
        assert answer.context["columns"][0].inputs["hire_date"] == "2020-03-01", plan
    odd = {**ending(), "a-<script>": "1", "a-far": "x" * 500, "z-other": "1", "act": "carry:a"}
    assert client.post("/law/ending/", odd).context["carried"] == []


def test_a_ground_without_evidence_offers_no_way_there(firm: Firm) -> None:
    page = firm.client("legal").post("/law/ending/", ending(ground="71")).content.decode()
    assert "核对证据" not in page
