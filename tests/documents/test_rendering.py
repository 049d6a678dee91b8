"""Documents: the same values give the same bytes, no words become markup, and no character is lost in silence."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guiyan.documents import rendering
from guiyan.platform import fonts

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NONCE = "ab" * 32
LETTER: dict[str, Any] = {
    "to": "甲公司",
    "paragraphs": ["本人通知公司解除劳动合同。"],
    "grounds": [],
    "own_words": '家里有事。\n#panic() $x$ #include "/etc/passwd" *粗* `码`',
    "name": "周雨桐",
    "number": "A002",
    "day": "2026年11月23日",
    "note": "到达即起算。",
}


def made(tenant: object, **changed: Any) -> rendering.Document:
    return rendering.render("letter", {**LETTER, **changed}, title="通知", nonce=NONCE, made_at=AT)


def test_the_same_values_give_the_same_bytes_and_others_do_not(tenant: object) -> None:
    first, again = made(tenant), made(tenant)
    assert first == again
    assert len({first.sha256, made(tenant, own_words="别的话").sha256}) == 2
    other = rendering.render("letter", LETTER, title="通知", nonce="cd" * 32, made_at=AT)
    assert other.sha256 != first.sha256


def test_it_is_pdf_a_and_carries_its_nonce(tenant: object) -> None:
    pdf = made(tenant).pdf
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert NONCE.encode() in pdf


def test_words_are_set_as_they_were_written(tenant: object, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(made(tenant).pdf)
    try:
        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        pages = rendering.page_images("letter", LETTER, title="通知", nonce=NONCE, made_at=AT)
        assert len(pages) == 1 and pages[0].startswith(b"\x89PNG")
        return
    assert "#panic() $x$ #include" in text
    assert re.search(r"周\s*雨\s*桐", text)


def test_a_character_without_a_glyph_is_named(tenant: object) -> None:
    with pytest.raises(rendering.MissingGlyph) as caught:
        made(tenant, name="周𪚥桐")
    assert caught.value.characters == "𪚥"


def test_a_nonce_that_is_none_and_too_much_text_are_refused(tenant: object) -> None:
    with pytest.raises(rendering.DocumentError, match="nonce"):
        rendering.render("letter", LETTER, title="通知", nonce="short", made_at=AT)
    with pytest.raises(rendering.DocumentError, match="too much"):
        made(tenant, own_words="字" * rendering.DATA_BYTES_MAX)


def test_missing_fonts_are_said(tenant: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUIYAN_FONT_DIR", str(tmp_path))
    assert fonts.missing()
    with pytest.raises(rendering.FontsMissing, match="Noto Serif SC"):
        made(tenant)


def test_a_simulation_says_so_on_every_page(simulation: object) -> None:
    real_title = rendering._framed(LETTER, "通知", NONCE, AT)
    assert real_title["simulation"] is True
    assert real_title["employer"] == "演示公司"
