"""Which departments the rows mean. The same department only by an exact name or a stated alias; likeness is a
question.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from .desk import Draft, choice, settle
from .known import KnownPeople
from .layout import Codes
from .model import Choice
from .reads import Ask, Fix, Read, use
from .words import parse_label

_SUFFIX = re.compile(r"(?:事业部|部门|中心|团队|总部|部|处|室|科|组|课|股|队)$")
_ORDINAL = frozenset("一二三四五六七八九十零两0123456789甲乙丙丁东西南北前后中上下左右内外大小男女新老ABCDEFGHabcdefgh")
_PATH = re.compile(r"\s*(?:/|\\|>|＞|→|\||｜)\s*")
_COMPARED_MAX = 400
"""With more names than this the column holds something else than departments; likeness is not searched."""
_LEVELS = ("department_1", "department_2", "department_3")


def resolve_departments(drafts: list[Draft], codes: Codes, known: KnownPeople) -> None:
    """Set `values["department"]` of every row to a path, asking where a name may be another spelling of a known one."""
    first_level = {path[0] for path in known.departments}
    reference = set(codes.departments) | first_level
    aliases = {**codes.aliases, **known.department_aliases}
    for draft in drafts:
        _split_path(draft, reference)
    _level(drafts, 0, {(): reference}, aliases, codes=bool(codes.departments))
    for depth in (1, 2):
        below: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for path in known.departments:
            if len(path) > depth:
                below[path[:depth]].add(path[depth])
        _level(drafts, depth, below, aliases)
    for draft in drafts:
        levels = [draft.values.get(name) for name in _LEVELS]
        draft.values["department"] = tuple(str(part) for part in levels if part)


def _split_path(draft: Draft, reference: set[str]) -> None:
    text = draft.values.get("department_1")
    if not isinstance(text, str) or "department_2" in draft.columns:
        return
    parts = [part for part in _PATH.split(text) if part]
    if len(parts) < 2 and text not in reference:
        left, dash, right = text.partition("-")
        parts = (
            [left.strip(), *(part.strip() for part in right.split("-"))]
            if dash and left.strip() in reference
            else parts
        )
    if 2 <= len(parts) <= 3:
        for name, part in zip(_LEVELS, parts, strict=False):
            draft.values[name] = part
        draft.repair("department_1", (Fix("department_path", "rule"),), "/".join(parts))


def _level(
    drafts: list[Draft],
    depth: int,
    references: Mapping[tuple[str, ...], set[str]],
    aliases: Mapping[str, str],
    codes: bool = False,
) -> None:
    field = _LEVELS[depth]
    groups: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if isinstance(draft.values.get(field), str):
            parent = tuple(str(draft.values.get(name) or "") for name in _LEVELS[:depth])
            groups[parent].append(draft)
    for parent, members in groups.items():
        reference = references.get(parent, set())
        _aliases(members, field, aliases)
        counts = Counter(str(draft.values[field]) for draft in members)
        doubts = {name: found for name in counts if (found := likes(name, counts, reference))}
        for draft in members:
            name = str(draft.values[field])
            if name in reference:
                continue
            if name in doubts:
                _ask(draft, field, "department_alias", name, doubts[name])
            elif codes:
                _ask(draft, field, "department_not_in_codes", name, tuple(sorted(reference)))
            elif depth == 0 and reference:
                draft.find("department_new", "notice", written=name)


def _aliases(members: list[Draft], field: str, aliases: Mapping[str, str]) -> None:
    for draft in members:
        full = aliases.get(str(draft.values[field]))
        if full and full != draft.values[field]:
            draft.values[field] = full
            draft.repair(field, (Fix("department_alias", "rule"),), full)


def likes(name: str, counts: Counter[str], reference: set[str]) -> tuple[str, ...]:
    """Names that `name` may be another spelling of, the most used first. Names of the reference are never in doubt;
    between two others the rarer one is.
    """
    if name in reference:
        return ()
    others = {*counts, *reference} - {name}
    found = [
        other
        for other in (others if len(others) <= _COMPARED_MAX else ())
        if (other in reference or (counts[other], name) > (counts[name], other))
        and _alike(name, other, counts, reference)
    ]
    return tuple(sorted(found, key=lambda other: (-counts[other], other)))[:5]


def _alike(name: str, other: str, counts: Counter[str], reference: set[str]) -> bool:
    stem, other_stem = _SUFFIX.sub("", name), _SUFFIX.sub("", other)
    if len(stem) >= 2 and stem.lower() == other_stem.lower():
        return True
    if name.lower() == other.lower():
        return True
    length = 3 if other in reference else 4
    if min(len(name), len(other)) < length or (other not in reference and counts[name] > max(2, counts[other] // 20)):
        return False
    changed = one_edit(name, other)
    return changed is not None and not (set(changed) & _ORDINAL)


def one_edit(first: str, second: str) -> str | None:
    """The characters that differ when two texts are one edit (replace, insert, delete, swap of neighbours) apart."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return None
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    left, right = first[start : len(first) - end], second[start : len(second) - end]
    if len(left) <= 1 and len(right) <= 1:
        return left + right
    return left + right if len(left) == 2 and left == right[::-1] else None


def _ask(draft: Draft, field: str, kind: str, name: str, like: tuple[str, ...]) -> None:
    new = choice("new_department", "use")
    choices: tuple[Choice, ...] = (*(use(other) for other in like[:20]), new)
    facts = (("written", name), ("like", "、".join(like)))

    def apply(effect: str, found: Read) -> str:
        if effect == "set":
            draft.values[field] = found.value
        return ""

    settle(
        draft,
        field,
        Ask(kind, choices, facts, optional=False),
        lambda text: parse_label(text, draft.bench.context),
        apply,
        before=name,
    )
