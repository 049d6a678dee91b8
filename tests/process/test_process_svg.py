"""The picture says what the diagram says, passes the strictest content policy, and shows states without colour."""

import re
from importlib import resources
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.process.diagram import load
from guiyan.process.nodes import Diagram, Kind, NodeState
from guiyan.process.runtime import complete, node_states, receive, start
from guiyan.process.svg import render
from guiyan.process.wrapping import is_upright, width_em, wrap
from tests.process.shipped import NAMES, shipped
from tests.process.sketch import file, simple

DRAWN = {"svg", "title", "desc", "g", "rect", "path", "circle", "text", "tspan"}
NS = "{http://www.w3.org/2000/svg}"


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def group(root: ET.Element, node_id: str) -> ET.Element:
    return next(g for g in root.iter(NS + "g") if g.get("data-node") == node_id)


def words(element: ET.Element) -> str:
    return "".join(span.text or "" for span in element.iter(NS + "tspan"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_well_formed_and_has_nothing_a_strict_policy_forbids(name: str, language: str) -> None:
    svg = render(shipped(name), language=language, states={n.id: NodeState.DONE for n in shipped(name).nodes})
    root = tree(svg)
    assert {element.tag.removeprefix(NS) for element in root.iter()} <= DRAWN
    attributes = {attribute for element in root.iter() for attribute in element.attrib}
    assert not {a for a in attributes if a == "style" or a.startswith("on") or "href" in a}
    assert "url(" not in svg


def test_every_step_arrow_lane_and_name_is_in_the_picture() -> None:
    process = shipped("resignation")
    root = tree(render(process))
    assert [g.get("data-node") for g in root.iter(NS + "g") if g.get("data-node")] == [n.id for n in process.nodes]
    assert len([g for g in root.iter(NS + "g") if (g.get("class") or "").startswith("gy-flow")]) == len(process.flows)
    for node in process.nodes:
        assert words(group(root, node.id)) == node.name
    written = words(root)
    assert all(lane.name in written for lane in process.lanes)
    assert all(scope.name in written for scope in process.scopes)


def test_states_are_classes_and_also_shapes() -> None:
    process = shipped("resignation")
    instance = complete(process, start(process), "manager_ack.1", {"manager_agrees_earlier": False})
    root = tree(render(process, states=node_states(instance), taken=instance.taken))
    done, now, todo = group(root, "manager_ack"), group(root, "hr_ack"), group(root, "certificate")
    assert done.get("class") == "gy-node gy-task gy-is-done"
    assert now.get("class") == "gy-node gy-task gy-is-now"
    assert todo.get("class") == "gy-node gy-task gy-is-todo"
    assert [bool(list(g.iter(NS + "circle"))) for g in (done, now, todo)] == [True, False, False]
    borders = [float(next(g.iter(NS + "rect")).get("stroke-width", "0")) for g in (done, now, todo)]
    assert borders[1] > borders[0] == borders[2]
    stopped = receive(process, instance, "withdrawal.consented")
    root = tree(render(process, states=node_states(stopped), taken=stopped.taken))
    assert group(root, "hr_ack").get("class") == "gy-node gy-task gy-is-interrupted"
    assert next(group(root, "hr_ack").iter(NS + "rect")).get("stroke-dasharray")
    active = [r.get("class") for r in root.iter(NS + "rect") if (r.get("class") or "").startswith("gy-scope")]
    assert sorted(active, key=str) == ["gy-scope", "gy-scope gy-is-active"]


def test_the_followed_arrows_lie_on_top_of_the_others() -> None:
    process = shipped("resignation")
    root = tree(render(process, taken={"arrived_to_split"}))
    flows = [g.get("class") for g in root.iter(NS + "g") if (g.get("class") or "").startswith("gy-flow")]
    assert flows.count("gy-flow gy-is-taken") == 1
    assert flows[-1] == "gy-flow gy-is-taken"


def test_who_does_not_see_the_picture_is_told_how_things_stand() -> None:
    process = shipped("withdrawal")
    root = tree(render(process, states=node_states(start(process, message="withdrawal.received")), ident="case-7"))
    title, desc = root.find(NS + "title"), root.find(NS + "desc")
    assert title is not None and desc is not None and desc.text is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}" == "case-7-title case-7-desc"
    assert title.text == "撤回辞职"
    assert desc.text.startswith("进行中：表示意见；未开始：")
    english = tree(render(process, language="en"))
    assert english.get("lang") == "en"
    assert english.findtext(NS + "title") == "Withdrawal of a resignation"
    assert not re.search(r"[\u4e00-\u9fff]", "".join(english.itertext()))


def test_a_caption_hangs_on_its_step_and_off_the_arrows() -> None:
    process = shipped("resignation")
    root = tree(render(process, captions={"handover_do": "周雨桐 · 12-03 18:00", "hr_ack": "林晓"}))
    for node_id, below in [("handover_do", False), ("hr_ack", True)]:
        box = process.drawing.boxes[node_id]
        tag = next(r for r in group(root, node_id).iter(NS + "rect") if r.get("class") == "gy-tag")
        assert (float(tag.get("y", "0")) > box.y + box.height / 2) is below
    assert "周雨桐 · 12-03 18:00" in words(group(root, "handover_do"))


def test_names_cannot_break_out_of_the_picture() -> None:
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x"
    process = load(file(simple().replace('name="ask"', f'name="{evil}"')))
    svg = render(process, captions={"ask": '<img src=x onerror="x">'}, ident='"><script>')
    root = tree(svg)
    assert {e.tag.removeprefix(NS) for e in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "rect",
        "path",
        "circle",
        "text",
        "tspan",
    }
    assert not any(attribute.startswith("on") for element in root.iter() for attribute in element.attrib)
    assert "alert(1)" in words(root)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_task_name_fits_its_box(name: str, language: str) -> None:
    process = shipped(name)
    for node in process.tasks():
        box = process.drawing.boxes[node.id]
        lines = wrap(node.name if language == "zh" else node.name_en, (box.width - 14) / 12)
        assert len(lines) * 16 <= box.height - 8, node.id
        assert max(width_em(line) * 12 for line in lines) <= box.width - 8, node.id


def test_the_style_sheet_knows_every_class_of_the_picture() -> None:
    css = (resources.files("guiyan.process") / "static" / "process" / "diagram.css").read_text()
    states = dict(zip((n.id for n in shipped("withdrawal").nodes), list(NodeState) * 10, strict=False))
    svg = render(
        shipped("withdrawal"), states=states, taken={"received_to_manager_opinion"}, captions={"hr_decision": "x"}
    )
    classes = {c for found in re.findall(r'class="([^"]*)"', svg) for c in found.split()}
    plain = {"gy-flow", "gy-task", "gy-event", "gy-gateway", "gy-is-todo"}
    assert {c for c in classes if f".{c}" not in css} == plain


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" ，。（"), max_size=60))
def test_wrapping_loses_no_character(text: str) -> None:
    lines = wrap(text, 8)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("出具离职证明", 9, ("出具离职证明",)),
        ("登记提前的最后工作日", 9, ("登记提前的", "最后工作日")),
        ("告知员工：不同意撤回", 9, ("告知员工：", "不同意撤回")),
        ("核对情况（含社保）", 5, ("核对情况", "（含社保）")),
        ("Take back accounts", 6, ("Take back", "accounts")),
        ("", 6, ()),
    ],
)
def test_lines_are_even_and_punctuation_stays_where_it_belongs(text: str, limit: float, lines: tuple[str, ...]) -> None:
    assert wrap(text, limit) == lines


def test_only_chinese_is_set_upright() -> None:
    assert is_upright("直属主管")
    assert not is_upright("HR")
    assert not is_upright("")


# The drawings of the shipped processes.


def boxes(process: Diagram) -> dict[str, tuple[float, float, float, float]]:
    found = process.drawing.boxes
    return {n.id: (found[n.id].x, found[n.id].y, found[n.id].x + found[n.id].width, found[n.id].y + found[n.id].height)
            for n in process.nodes if n.kind is not Kind.BOUNDARY}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_step_lies_on_another_and_each_lies_in_its_lane(name: str) -> None:
    process = shipped(name)
    placed = boxes(process)
    for first, a in placed.items():
        for second, b in placed.items():
            assert first == second or a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (first, second)
    for node in process.nodes:
        if node.id in placed and node.scope == "":
            lane, box = process.drawing.boxes[node.lane], placed[node.id]
            assert lane.y <= box[1] and box[3] <= lane.y + lane.height, node.id


@pytest.mark.parametrize("name", NAMES)
def test_arrows_are_straight_and_cross_neither_a_step_nor_each_other(name: str) -> None:
    process = shipped(name)
    placed = boxes(process)
    pieces: list[tuple[str, str, tuple[float, float, float, float]]] = []
    for flow in process.flows:
        points = process.drawing.lines[flow.id]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, flow.id
            pieces.append((flow.source, flow.target, (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))))
    for source, target, (left, top, right, bottom) in pieces:
        for node_id, box in placed.items():
            through = left < box[2] - 1 and right > box[0] + 1 and top < box[3] - 1 and bottom > box[1] + 1
            assert not through or node_id in {source, target, process.node(source).attached_to}, (
                source,
                target,
                node_id,
            )
    for source, target, a in pieces:
        for other_source, other_target, b in pieces:
            related = {source, target} & {other_source, other_target}
            upright, level = a[0] == a[2], b[1] == b[3]
            crosses = upright and level and b[0] < a[0] < b[2] and a[1] < b[1] < a[3]
            assert related or not crosses, (source, target, other_source, other_target)
