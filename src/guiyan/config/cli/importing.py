"""``guiyan import``: loading from a file, for scripts and for people who trust a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import NAMESPACE_URL, uuid5

import click

from guiyan.config.cli import start

if TYPE_CHECKING:
    from guiyan.people.importing import Plan

ALL_IN, UNUSABLE, SOME_REFUSED = 0, 2, 3


@click.group("import")
def import_() -> None:
    """Load what other systems hold."""


@import_.command("people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The tenant's code.")
@click.option("--dry-run", is_flag=True, help="Say what would be loaded, and load nothing.")
@click.option(
    "--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON: question → answer."
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write repairs, questions, … to .xlsx.")
@click.option("--json", "as_json", is_flag=True)
def people(*, file: Path, tenant: str, dry_run: bool, answers: Path | None, report: Path | None, as_json: bool) -> None:
    """Load the roster FILE. No question is answered here: a row with an open question is refused.

    Exit status: 0 all rows are in, 3 some were refused, 2 the file (or the answers) cannot be used.
    """
    if report is not None:
        start.require_writable(report)
    start.database_ready()
    from guiyan.platform import tenancy  # noqa: PLC0415  needs Django
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django

    found = directory.by_code(tenant)
    if found is None:
        raise click.ClickException(f"没有租户 {tenant}。 There is no tenant {tenant}.")
    with tenancy.session(found):
        sys.exit(_import(file, _answers(answers), report, dry_run=dry_run, as_json=as_json))


def _answers(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        _unusable(f"{path}: {error}")
    if not isinstance(told, dict):
        _unusable(f"{path}: an object of question → answer is wanted")
    return {str(key): text for key, text in told.items()}


def _import(file: Path, answers: dict[str, str], report: Path | None, *, dry_run: bool, as_json: bool) -> int:
    from guiyan.people.actions import load_import  # noqa: PLC0415  needs Django
    from guiyan.people.actions.drafts import plan_file  # noqa: PLC0415  needs Django
    from guiyan.people.importing import AnswersUnusable, FileUnusable, reports  # noqa: PLC0415  needs Django
    from guiyan.people.importing.errors import REASONS  # noqa: PLC0415  needs Django
    from guiyan.people.queries.drafts import Inputs  # noqa: PLC0415  needs Django
    from guiyan.platform import clock  # noqa: PLC0415  needs Django
    from guiyan.platform.acting import Refused  # noqa: PLC0415  needs Django
    from guiyan.platform.permissions import SYSTEM  # noqa: PLC0415  needs Django

    now = clock.now()
    try:
        plan = plan_file(SYSTEM, file.read_bytes(), file.name, Inputs(answers=answers), as_of=clock.legal_day(now))
    except FileUnusable as problem:
        _unusable(f"{problem.zh} {problem.en} {problem.detail}".strip(), as_json=as_json)
    except AnswersUnusable as problem:
        _unusable(str(problem), as_json=as_json)
    if not plan.reconciliation.accepted and not plan.reconciliation.refused and not answers:
        _unusable(" ".join(REASONS["no_people"]), as_json=as_json)
    if report is not None:
        report.write_bytes(reports.report_xlsx(plan))
    batch = ""
    if not dry_run and not plan.changes_nothing:
        try:
            batch = str(
                load_import(SYSTEM, plan, request_id=uuid5(NAMESPACE_URL, f"{plan.file_sha256}/{now}"), now=now)
            )
        except Refused as refused:
            raise click.ClickException(str(refused.text)) from refused
    _say(plan, batch, dry_run=dry_run, as_json=as_json)
    return SOME_REFUSED if plan.reconciliation.refused else ALL_IN


def _say(plan: Plan, batch: str, *, dry_run: bool, as_json: bool) -> None:
    figures = plan.reconciliation
    told: dict[str, Any] = {
        "file": plan.filename,
        "sha256": plan.file_sha256,
        "dry_run": dry_run,
        "batch": batch or None,
        "rows": figures.rows_in,
        "accepted": figures.accepted,
        "refused": figures.refused,
        "skipped": dict(figures.skipped),
        "people": {"new": figures.people_new, "same": figures.people_same, "updated": figures.people_update},
        "repairs": len(plan.repairs),
        "findings": len(plan.findings),
        "questions": [
            {
                "id": item.id,
                "text": item.text_zh,
                "text_en": item.text_en,
                "choices": [choice.key for choice in item.choices],
                "takes_value": item.takes_value,
                "problem": item.problem_zh or None,
            }
            for item in plan.questions
        ],
        "answers_unused": list(plan.answers_unused),
        **_left_out(plan),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    lines = (
        ("行 rows", figures.rows_in),
        ("  接受 accepted", figures.accepted),
        ("  拒绝 refused", figures.refused),
        ("  跳过 skipped", sum(told["skipped"].values())),
        ("新增人员 new people", figures.people_new),
        ("已在册 already there", figures.people_same),
        ("更新人员 updated people", figures.people_update),
        ("修复 repairs", len(plan.repairs)),
        ("问题 questions", len(plan.questions)),
        ("发现 findings", len(plan.findings)),
    )
    for label, count in lines:
        click.echo(f"{label}: {count}")
    if dry_run:
        click.echo("只是试算，没有导入。 Dry run: nothing was loaded.")
    elif batch:
        click.echo(f"已导入，批次 Loaded as batch {batch}")
    else:
        click.echo("全部已在册，没有新增。 Everything was there already; nothing was added.")


def _left_out(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """Say which rows, columns and sheets were not loaded, and why."""
    return {
        "refusals": [
            {"sheet": item.sheet, "row": item.row, "field": item.field, "why": item.why_zh, "why_en": item.why_en}
            for item in plan.refusals
        ],
        "rows_skipped": [
            {"sheet": row.sheet, "row": row.row, "kind": row.skip} for row in plan.rows if row.outcome == "skipped"
        ],
        "columns_not_loaded": [
            {"sheet": item.sheet, "column": item.letter, "header": item.header, "why": item.problem}
            for item in plan.columns
            if item.field is None and item.filled_cells
        ],
        "sheets_not_read": [
            {"sheet": sheet.name, "why": sheet.use} for sheet in plan.sheets if sheet.use not in ("people", "leavers")
        ],
    }


def _unusable(text: str, *, as_json: bool = False) -> NoReturn:
    """Say that nothing can be loaded from this, and leave."""
    click.echo(json.dumps({"error": text}, ensure_ascii=False) if as_json else text, err=not as_json)
    sys.exit(UNUSABLE)


COMMANDS = (import_,)
