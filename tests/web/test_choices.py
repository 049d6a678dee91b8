"""The units and posts to choose from are kept for a while, and shown only to who may see the organisation."""

from __future__ import annotations

from typing import Any

import pytest

from guiyan.people.queries import NotFound
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import Held, Viewer
from guiyan.web.people import choices
from tests.web.conftest import Firm

READS = (choices.units, choices.posts, choices.unit_options, choices.post_options)
HR = Viewer(new_id(), None, "hr", (Held("hr"),))
NOBODY = Viewer(new_id(), None, "no role")


@pytest.mark.parametrize("read", READS)
def test_who_may_not_see_the_organisation_gets_nothing_even_while_it_is_kept(firm: Firm, read: Any) -> None:
    for _ in range(2):
        with pytest.raises(NotFound):
            read(NOBODY)
        assert read(HR), "kept from here on"
    with pytest.raises(NotFound):
        choices.unit_path(NOBODY, firm.world.team)


def test_a_page_asks_for_them_once_while_they_are_kept(firm: Firm, django_assert_num_queries: Any) -> None:
    for read in READS:
        read(HR)
    with django_assert_num_queries(0):
        for read in READS:
            read(HR)


def test_they_are_read_anew_when_the_organisation_changed(firm: Firm) -> None:
    before = len(choices.units(HR))
    firm.client("hr_lead").post(
        "/organisation/new/open/", {"name": "新部门", "code": "NEW", "parent": "", "opened_on": "2026-11-01"}
    )
    assert len(choices.units(HR)) == before + 1
