"""The processes the product brings along, for tests."""

from importlib import resources

from guiyan.process.diagram import load
from guiyan.process.nodes import Diagram

NAMES = ("resignation", "withdrawal")


def source(name: str) -> bytes:
    return (resources.files("guiyan.process") / "processes" / f"{name}.bpmn").read_bytes()


def shipped(name: str) -> Diagram:
    return load(source(name))
