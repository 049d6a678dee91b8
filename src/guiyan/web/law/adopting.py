"""Adopting an answer of the workbench as a stored finding about a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.compliance import actions
from guiyan.compliance.judging import Question
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.web.edge import request_id


def adopt(
    request: HttpRequest, viewer: Viewer, question: Question | None, person_id: UUID | None, case_id: UUID | None
) -> dict[str, Any]:
    """Store what the law says of a question about a person; sent twice under one id it is stored once."""
    if question is None:
        return {"error": _("还没有结果，不能采纳。")}
    if person_id is None:
        return {"error": _("请先载入这个人，正式判断总是关于某个人的。")}
    try:
        stored = actions.store_finding(
            viewer, person_id, question, case_id=case_id, request_id=request_id(request), now=clock.now()
        )
    except Forbidden:
        raise
    except Refused as refused:
        return {"error": str(refused.text)}
    return {"url": reverse("law_finding", kwargs={"finding_id": stored.finding_id})}
