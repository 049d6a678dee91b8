"""The shipped processes are files of the standard, complete in both languages."""

import re

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from tests.process.shipped import NAMES, shipped, source


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_valid_bpmn_file_that_other_tools_can_open(name: str) -> None:
    BpmnValidator().validate(etree.ElementTree(etree.fromstring(source(name))))


@pytest.mark.parametrize("name", NAMES)
def test_every_word_on_it_is_chinese_and_has_an_english_counterpart(name: str) -> None:
    process = shipped(name)
    named = [
        process,
        *process.lanes,
        *process.scopes,
        *(n for n in process.nodes if n.name),
        *(f for f in process.flows if f.name),
    ]
    for thing in named:
        assert thing.name_en, thing.id
        assert not re.search(r"[\u4e00-\u9fff]", thing.name_en), thing.id
        assert not re.search(r"[,.:;?()]", thing.name), thing.id
    for node in process.nodes:
        assert bool(node.doc) is bool(node.doc_en), node.id
    assert all(node.name for node in process.tasks())


def test_nothing_in_the_exit_is_named_as_if_a_resignation_needed_leave() -> None:
    names = " ".join(n.name for n in shipped("resignation").nodes)
    assert not re.search("审批|批准|核准|同意辞职|同意离职", names)


def test_every_late_task_is_told_to_somebody() -> None:
    for name in NAMES:
        for node in shipped(name).tasks():
            assert node.due is not None
            assert node.due.escalate_to or node.role == "hr_lead", node.id
