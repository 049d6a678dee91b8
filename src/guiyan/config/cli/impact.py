"""``guiyan law impact``: which stored findings the installed rules, or figures of a file, answer otherwise."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guiyan.config.cli import start

if TYPE_CHECKING:
    from guiyan.compliance.queries.comparing import Compared

NONE_CHANGES, UNUSABLE, SOME_CHANGE = 0, 2, 4
FIELDS = {"key", "region", "value", "from", "to", "source", "number", "statistic", "reason"}
NEEDED = {"key", "value", "from", "source"}


@click.command("impact")
@click.option("--tenant", required=True, help="The tenant's code.")
@click.option(
    "--values",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML: a list of figures with key, region, value, from, source; they are not stored.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def impact(tenant: str, values: Path | None, *, as_json: bool) -> None:
    """Judge every stored finding again and say which answers change; nothing is written.

    Without --values: what was stored beside what the rules now installed say. With it: the answers without and with the
    figures of the file, open cases too. Exit status: 0 none changes, 4 some change, 2 the file cannot be used.
    """
    start.database_ready()
    from guiyan.platform import tenancy  # noqa: PLC0415  needs Django
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django

    found = directory.by_code(tenant)
    if found is None:
        raise click.ClickException(f"没有租户 {tenant}。 There is no tenant {tenant}.")
    with tenancy.session(found):
        sys.exit(compare(_rows(values), as_json=as_json))


def compare(figures: list[Any], *, as_json: bool) -> int:
    """Compare everything of the current tenant and print it. Returns the exit status."""
    from guiyan.compliance.enums import ImpactKind  # noqa: PLC0415  needs Django
    from guiyan.compliance.queries import parameters_of_tenant  # noqa: PLC0415  needs Django
    from guiyan.compliance.queries.comparing import compare_all  # noqa: PLC0415  needs Django
    from guiyan.law.version import law_version  # noqa: PLC0415  only this command needs the law
    from guiyan.platform import clock  # noqa: PLC0415  needs Django

    kind = ImpactKind.FIGURES if figures else ImpactKind.LAW
    looked_at = skipped = 0
    changed = []
    for each in compare_all(kind, parameters_of_tenant(), parameters_of_tenant(figures), at=clock.now()):
        looked_at += 1
        skipped += each.before is None
        if each.severity is not None:
            changed.append(_told(each))
    changed.sort(key=lambda one: (one["severity"], one["id"]))
    report = {"law": law_version(), "looked_at": looked_at, "skipped": skipped, "changed": changed}
    click.echo(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _lines(report))
    return SOME_CHANGE if changed else NONE_CHANGES


def _told(each: Compared) -> dict[str, Any]:
    """A change by ids and codes: a terminal shows no names."""
    from guiyan.compliance.judging import differences  # noqa: PLC0415  needs Django

    owner, before, after, worst = each.owner, each.before, each.after, each.severity
    assert before is not None and after is not None and worst is not None  # noqa: PT018  a change has both
    return {
        "finding": each.stored,
        "id": str(each.id),
        "kind": str(owner.kind),
        "topic": owner.topic,
        "as_of": owner.as_of.isoformat(),
        "region": owner.region or None,
        "severity": int(worst),
        "means": worst.name.lower(),
        "before": before.verdict,
        "after": after.verdict,
        "changes": [list(one) for one in differences(before, after)],
    }


def _lines(report: dict[str, Any]) -> str:
    counts = Counter(one["means"] for one in report["changed"])
    head = (
        f"{report['law']}: {report['looked_at']} looked at, {len(report['changed'])} change, {report['skipped']} erased"
    )
    lines = [head, *(f"  {means}: {number}" for means, number in counts.items())]
    lines += [
        f"{one['means']}\t{one['kind']} {one['topic']}\t{one['as_of']} {one['region'] or '-'}\t"
        f"{one['before'] or '-'} → {one['after'] or '-'}\t{one['id']}"
        for one in report["changed"]
    ]
    return "\n".join(lines)


def _rows(path: Path | None) -> list[Any]:
    """The figures of a file, checked as those that are entered. Exits with 2 naming the first that cannot be used."""
    if path is None:
        return []
    import yaml  # noqa: PLC0415  only this option needs it

    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(told, list) or not told:
            raise ValueError("a list of figures is wanted")
        return [_row(each) for each in told]
    except (OSError, ValueError, yaml.YAMLError) as error:
        click.echo(f"{path}: {error}", err=True)
        sys.exit(UNUSABLE)


def _row(each: Any) -> Any:
    from guiyan.compliance.actions import NewFigure, unsaved  # noqa: PLC0415  needs Django
    from guiyan.platform import clock  # noqa: PLC0415  needs Django
    from guiyan.platform.acting import Refused  # noqa: PLC0415  needs Django

    if not isinstance(each, dict) or set(each) - FIELDS or not set(each) >= NEEDED:
        raise ValueError(f"not a figure: {each}")
    if not all(isinstance(each.get(name), date | None) for name in ("from", "to")) or isinstance(each["value"], float):
        raise ValueError(f"days are written 2026-07-01, figures with a fraction as quoted text: {each}")
    figure = NewFigure(
        key=str(each["key"]),
        region=str(each.get("region", "")),
        value=str(each["value"]),
        effective_from=each["from"],
        effective_to=each.get("to"),
        source_title=str(each["source"]),
        source_number=str(each.get("number", "")),
        statistic=str(each.get("statistic", "")),
        reason=str(each.get("reason", "")),
    )
    try:
        return unsaved(figure, clock.now())
    except Refused as refused:
        raise ValueError(f"{refused.text} {each}") from refused
