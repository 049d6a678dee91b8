"""Scans that HR hands in: what they are is read from their bytes, never from their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from guiyan.platform.acting import Refused

SCAN_BYTES_MAX: Final = 10 * 1024 * 1024
NAME_MAX: Final = 120
_KINDS: Final = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan or screenshot: its bytes and the name it came with."""

    data: bytes
    name: str


def media_type(scan: Scan) -> str:
    """Return what a scan is. Raises ``Refused`` for anything but PDF, PNG or JPEG, for nothing, and above 10 MB."""
    if not scan.data:
        raise Refused("scan_empty", _("上传的文件是空的。"))
    if len(scan.data) > SCAN_BYTES_MAX:
        raise Refused("scan_too_large", _("文件不能超过 10 MB。"))
    for magic, kind, _ending in _KINDS:
        if scan.data.startswith(magic):
            return kind
    raise Refused("scan_kind", _("只能上传 PDF、PNG 或 JPEG 文件。"))


def ending(kind: str) -> str:
    """Return the ending of a file's name for one of the known media types."""
    return next((each for _magic, known, each in _KINDS if known == kind), "bin")
