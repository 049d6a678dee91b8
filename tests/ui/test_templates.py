"""Every template of the product compiles: an undeclared prop, slot, tag or choice anywhere fails here."""

from django.template.loader import get_template

from guiyan.ui.lint import PACKAGE


def test_every_template_compiles() -> None:
    names = [
        file.relative_to(root).as_posix()
        for root in sorted(PACKAGE.glob("*/templates"))
        for file in sorted(root.rglob("*.html"))
    ]
    assert len(names) > 90
    for name in names:
        get_template(name)
