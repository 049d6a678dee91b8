"""The files of the matrix: complete, strict, in two languages, and equal in structure to the table counsel reviewed."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from guiyan.kernel.results import Words
from guiyan.law import matrix as package
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground
from guiyan.law.matrix.loading import FILES, exhibit_kinds, matrix, matrix_ground, read_cite, read_ground, step_kinds
from guiyan.law.matrix.model import Event, Fact, Grade, GroundMatrix, Level, MatrixGround
from guiyan.law.matrix.proving import Weakness
from guiyan.law.parameters import RULES_CHECKED_ON

REVIEWED = json.loads((Path(__file__).parent / "structure.json").read_text("utf-8"))
DATA = Path(package.__file__).parent / "data"
PROBATION = {"YES(only)": "only", "YES": "yes", "NO(21)": "no", "n/a": "not_applicable"}
HALF_WIDTH = re.compile(r"[一-鿿）》][,;:?!()]|[,;:?!(][一-鿿《（]|[一-鿿]\.$")


def test_the_twenty_grounds_and_their_elements_are_those_that_were_reviewed() -> None:
    assert [entry["ground"] for entry in REVIEWED] == [ground.value for ground in matrix()]
    assert sum(len(entry["elements"]) for entry in REVIEWED) == 77


@pytest.mark.parametrize("reviewed", REVIEWED, ids=lambda entry: entry["ground"])
def test_a_ground_has_the_structure_that_was_reviewed(reviewed: dict[str, Any]) -> None:
    entry = matrix()[MatrixGround(reviewed["ground"])]
    assert [{"id": one.id, "level": one.level.value} for one in entry.elements] == reviewed["elements"]
    assert list(entry.sufficiency.all_of) == reviewed["sufficiency"]["all_of"]
    assert [list(group) for group in entry.sufficiency.any_of] == reviewed["sufficiency"]["any_of"]
    stages = [stage.stage for stage in entry.stages]
    assert stages == sorted(stages)
    assert set(stages) == set(range(1, reviewed["stages"] + 1))
    assert entry.union_first is reviewed["union"]
    assert entry.probation.value == PROBATION[reviewed["probation"]]
    assert entry.confidence.value == reviewed["confidence"]


def test_a_dismissal_tells_the_union_before_the_notice() -> None:
    for ground, entry in matrix().items():
        kinds = [stage.kind.kind for stage in entry.stages]
        if entry.union_first and ground is not MatrixGround.G41:
            assert kinds.index("union_notice") < kinds.index("written_notice")
        else:
            assert "union_notice" not in kinds


def test_every_kind_and_every_question_is_used() -> None:
    """A vocabulary that holds more than the grounds use has gone stale."""
    entries = matrix().values()
    named = {kind for entry in entries for one in entry.elements for kind in (*one.exhibits, *one.clues)}
    idle = {kind for kind in exhibit_kinds() if kind not in named}
    assert {kind for kind in idle if not exhibit_kinds()[kind].proves_any} == {
        "screenshot",
        "unsigned_table",
        "employer_statement",
    }
    assert {stage.kind.kind for entry in entries for stage in entry.stages} == set(step_kinds())


def test_no_element_can_be_proved_by_a_kind_that_is_weak_by_nature_alone() -> None:
    for entry in matrix().values():
        for element in entry.elements:
            assert any(exhibit_kinds()[kind].best <= Grade.G2 for kind in element.exhibits), element.id
            assert all(exhibit_kinds()[kind].best <= Grade.G3 for kind in element.exhibits), element.id


def test_every_entry_is_found_by_its_grounds() -> None:
    for ground, entry in matrix().items():
        assert all(matrix_ground(one) is ground for one in entry.grounds)
    covered = [one for entry in matrix().values() for one in entry.grounds]
    assert len(covered) == len(set(covered))
    with pytest.raises(ValueError, match="no entry for ground 71"):
        matrix_ground(Ground.G71)


def sentences(entry: GroundMatrix) -> list[Words]:
    found = [entry.notice_words, entry.gate_words, entry.if_insufficient, *([entry.note] if entry.note else [])]
    for element in entry.elements:
        found += [element.prove, element.missing]
    return found + [stage.missed for stage in entry.stages]


def test_every_sentence_reads_well_in_both_languages() -> None:
    spoken = [words for entry in matrix().values() for words in sentences(entry)]
    spoken += [kind.missed for kind in step_kinds().values()] + [one.words for one in Weakness]
    assert len(spoken) > 300
    for words in spoken:
        assert words.zh.endswith("。"), words.zh
        assert words.en.endswith("."), words.en
    names = [kind.name for kind in exhibit_kinds().values()] + [kind.does for kind in step_kinds().values()]
    names += [entry.title for entry in matrix().values()]
    asked = [one.asks for one in (*Event, *Fact)]
    for words in spoken + names + asked:
        assert re.search(r"[一-鿿]", words.zh), words
        assert not re.search(r"[一-鿿]", words.en), words
        assert not HALF_WIDTH.search(words.zh), words.zh
    assert all(words.zh.endswith("？") and words.en.endswith("?") for words in asked)


def test_every_authority_is_in_force_on_the_day_on_which_the_rules_were_checked() -> None:
    for entry in matrix().values():
        cites = [*entry.cites, *(cite for one in entry.elements for cite in one.cites)]
        cites += [cite for stage in entry.stages for cite in stage.kind.cites]
        assert all(cite.source.in_force_on(RULES_CHECKED_ON) for cite in cites)


@pytest.mark.parametrize(
    ("text", "cite"),
    [
        ("LCL 47", Cite("LCL", 47)),
        ("LCL 47.2", Cite("LCL", 47, 2)),
        ("LCL 39(1)", Cite("LCL", 39, item=1)),
        ("LCL 26.1(1)", Cite("LCL", 26, 1, 1)),
        ("LAYOFF447", Cite("LAYOFF447")),
    ],
)
def test_a_citation_is_written_as_lawyers_abbreviate_it(text: str, cite: Cite) -> None:
    assert read_cite(text, "here") == cite


@pytest.mark.parametrize("text", ["LCL", "XYZ 4", "LCL 39 (1)", "第39条", "LCL 39(a)", ""])
def test_a_citation_of_nothing_is_refused(text: str) -> None:
    if text == "LCL":
        assert read_cite(text, "here") == Cite("LCL")
    else:
        with pytest.raises(ValueError, match="here"):
            read_cite(text, "here")


def the_file(ground: MatrixGround = MatrixGround.G39_4) -> dict[str, Any]:
    row: dict[str, Any] = yaml.safe_load((DATA / f"{FILES[ground]}.yaml").read_text("utf-8"))
    return row


def spoiled(path: list[Any], change: Any) -> dict[str, Any]:
    row = copy.deepcopy(the_file())
    place = row
    for key in path[:-1]:
        place = place[key]
    if change is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = change
    return row


@pytest.mark.parametrize(
    ("path", "change", "names"),
    [
        (["title"], KeyError, "title"),
        (["remark"], "?", "remark"),
        (["key"], "39(9)", "39"),
        (["grounds"], ["39(9)"], "grounds"),
        (["pay"], "a lot", "pay"),
        (["probation"], True, "probation"),
        (["union_first"], "yes", "union_first"),
        (["gate", "asked"], KeyError, "asked"),
        (["notice", "rule"], "soon", "notice"),
        (["exposure"], ["ruin"], "exposure"),
        (["collect_by", "latest"], {"event": "doomsday", "before": 1, "unit": "calendar_days"}, "collect_by"),
        (["elements", 0, "level"], "OPTIONAL", "39_4.E1, level"),
        (["elements", 0, "level"], "STRONG", "sufficiency"),
        (["elements", 0, "exhibits"], ["hearsay"], "hearsay"),
        (["elements", 0, "cites"], [], "39_4.E1"),
        (["elements", 0, "cites"], ["XYZ 1"], "XYZ"),
        (["elements", 0, "prove"], {"zh": "有。"}, "en"),
        (["elements", 0, "prove"], {"zh": "", "en": "x."}, "prove"),
        (["elements", 0, "weight"], 3, "weight"),
        (["elements", 1, "when"], {"mood": True}, "when"),
        (["elements", 1, "when"], {"union_exists": "yes"}, "when"),
        (["elements", 1, "dated"], {}, "dated"),
        (["elements", 1, "id"], "39_4.E1", "twice"),
        (["sufficiency", "any_of"], [["39_4.A"]], "sufficiency"),
        (["sufficiency", "all_of"], [], "sufficiency"),
        (["steps", 0, "kind"], "pray", "pray"),
        (["steps", 0, "stage"], 0, "stage"),
        (["steps", 1, "serves"], "39_1.E1", "serves"),
        (["steps", 2, "deadlines", 0, "effect"], KeyError, "legal deadline"),
        (["steps", 2, "deadlines", 0, "effect"], "sad", "effect"),
        (["steps", 2, "deadlines", 0, "before"], -1, "count"),
        (["steps", 2, "deadlines", 0, "before"], "no.such.figure", "no.such.figure"),
        (["steps", 2, "deadlines", 0, "after"], 3, "before and after"),
        (["steps", 2, "deadlines", 0, "unit"], "weeks", "unit"),
        (["steps", 2, "deadlines", 0, "step"], "pray", "pray"),
        (["steps", 2, "deadlines", 0, "cure_until"], "never", "cure_until"),
        (["steps", 2, "deadlines"], {}, "deadlines"),
    ],
)
def test_a_file_not_well_formed_is_refused_and_the_place_named(path: list[Any], change: Any, names: str) -> None:
    assert read_ground(MatrixGround.G39_4, the_file()) == matrix()[MatrixGround.G39_4]
    with pytest.raises(ValueError, match=re.escape(names)):
        read_ground(MatrixGround.G39_4, spoiled(path, change))


def test_the_levels_say_what_must_be_proved() -> None:
    for entry in matrix().values():
        assert entry.sufficiency.all_of
        for element in entry.elements:
            relied = element.id in {*entry.sufficiency.all_of, *(one for g in entry.sufficiency.any_of for one in g)}
            assert relied is (element.level in {Level.REQUIRED, Level.ANY_OF})
