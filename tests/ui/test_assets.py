"""Front-end files are verified one by one; a changed file is refused and a second run does nothing."""

import hashlib
import json
from pathlib import Path

import pytest

from guiyan.ui import assets

SVG = '<svg><path stroke="none" d="M0 0h24v24H0z" fill="none" /><path d="M1 1" /></svg>'
SCRIPT = b"go()\n//# sourceMappingURL=go.js.map\n"
SERVED = b"go()\n"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose npm has already installed one library and one icon; asking npm again is an error."""

    def no_npm(root: Path, arguments: list[str]) -> None:
        raise assets.AssetsError("npm was asked")

    (tmp_path / "node_modules/lib/dist").mkdir(parents=True)
    (tmp_path / "node_modules/lib/dist/go.js").write_bytes(SCRIPT)
    (tmp_path / "node_modules/@tabler/icons/icons/outline").mkdir(parents=True)
    (tmp_path / "node_modules/@tabler/icons/icons/outline/dot.svg").write_text(SVG, encoding="utf-8")
    monkeypatch.setattr(assets, "_project_root", lambda: tmp_path)
    monkeypatch.setattr(assets, "_npm", no_npm)
    return tmp_path


def lock(*, source: bytes = SCRIPT, served: bytes = SERVED) -> assets.Lock:
    drawing = '<path d="M1 1"/>'
    icons = json.dumps({"dot": drawing}, separators=(",", ":")).encode()
    file = assets.VendorFile("lib", "dist/go.js", "lib/go.js", digest(source), digest(served))
    return assets.Lock((file,), {"dot": digest(drawing.encode())}, digest(icons))


def test_files_are_copied_without_their_source_map_and_icons_without_their_box(project: Path) -> None:
    vendor = project / "vendor"
    assert assets.ensure(vendor=vendor, lock=lock()) is True
    assert (vendor / "lib/go.js").read_bytes() == SERVED
    assert json.loads((vendor / "icons.json").read_text()) == {"dot": '<path d="M1 1"/>'}


def test_a_second_run_does_nothing_and_needs_no_npm(project: Path) -> None:
    vendor = project / "vendor"
    assets.ensure(vendor=vendor, lock=lock())
    (project / "node_modules/lib/dist/go.js").unlink()
    assert assets.ensure(vendor=vendor, lock=lock()) is False


def test_a_served_file_that_was_changed_is_put_right(project: Path) -> None:
    vendor = project / "vendor"
    assets.ensure(vendor=vendor, lock=lock())
    (vendor / "lib/go.js").write_bytes(b"evil()")
    assert assets.ensure(vendor=vendor, lock=lock()) is True
    assert (vendor / "lib/go.js").read_bytes() == SERVED


def test_a_library_that_differs_from_the_lock_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(assets, "_npm", lambda root, arguments: asked.append(arguments))
    with pytest.raises(assets.AssetsError, match="not the file that was locked"):
        assets.ensure(vendor=project / "vendor", lock=lock(source=b"other", served=b"other"))
    assert asked[0][:2] == ["ci", "--ignore-scripts"]
    assert not (project / "vendor/lib/go.js").exists()


def test_an_icon_that_differs_from_the_lock_is_refused(project: Path) -> None:
    (project / "node_modules/@tabler/icons/icons/outline/dot.svg").write_text(SVG.replace("M1 1", "M2 2"))
    with pytest.raises(assets.AssetsError, match="icon dot is not the one"):
        assets.ensure(vendor=project / "vendor", lock=lock())


def test_the_lock_names_no_registry_and_every_package_has_its_integrity() -> None:
    root = next(folder for folder in assets.HERE.parents if (folder / "package-lock.json").is_file())
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    libraries = {name: entry for name, entry in packages.items() if name}
    assert len(libraries) > 8
    assert [name for name, entry in libraries.items() if "resolved" in entry or "integrity" not in entry] == []


def test_every_locked_file_has_both_digests() -> None:
    current = assets.read_lock()
    assert all(len(file.sha256) == len(file.source_sha256) == 64 for file in current.files)
    assert all(len(value) == 64 for value in current.icons.values())
