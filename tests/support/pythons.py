"""Which Pythons this machine has, and an environment with the product for each of them.

`python -m tests.support.pythons` says what was found; with a file that the end-to-end
tests have written, also which of them ran, and fails where a usable one did not.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PREPARED = "FAILOVER_MONITOR_TEST_PYTHONS"
"""Environment variable: a folder in which environments are kept from one run to the next."""

RAN = "FAILOVER_MONITOR_TEST_RAN"
"""Environment variable: the file to which each Python that has run is added, one a line."""

# Version managers and systems, with what stands for a version's own folder.
_KEPT_BY = (
    (".pyenv/versions", "*/bin"),
    (".local/share/uv/python", "*/bin"),
    (".asdf/installs/python", "*/bin"),
    (".local/share/mise/installs/python", "*/bin"),
    (".local/share/rtx/installs/python", "*/bin"),
    (".rye/py", "*/bin"),
    ("miniconda3/envs", "*/bin"),
)
_ROOTS = (
    ("PYENV_ROOT", "versions"),
    ("UV_PYTHON_INSTALL_DIR", "."),
    ("ASDF_DATA_DIR", "installs/python"),
    ("MISE_DATA_DIR", "installs/python"),
)
_SYSTEM_FOLDERS = (
    ("/usr/bin", "."),
    ("/usr/local/bin", "."),
    ("/opt", "*/bin"),
    ("/opt/homebrew/bin", "."),
    ("/Library/Frameworks/Python.framework/Versions", "*/bin"),
)
_NAME = re.compile(r"python3\.(\d+)")
_ASK = """
import json, sys
try:
    import ctypes, ensurepip, select, sqlite3, ssl, termios, venv, zlib
    missing = ""
except ImportError as error:
    missing = str(error)
final = sys.version_info.releaselevel == "final"
print(json.dumps([sys.version_info[:2], sys.version.split()[0], final, missing]))
"""
_SECONDS_TO_ANSWER = 20


@dataclass(frozen=True)
class Python:
    """An interpreter; `trouble` says why it cannot be used, "" that it can."""

    path: Path
    minor: int
    version: str
    trouble: str = ""

    @property
    def name(self) -> str:
        return f"3.{self.minor}"


def declared() -> list[int]:
    """The minor versions that pyproject.toml says are tested, oldest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    prefix = "Programming Language :: Python :: 3."
    return sorted(int(c.removeprefix(prefix)) for c in project["classifiers"] if prefix in c)


def folders(environ: Mapping[str, str], system: Iterable[tuple[str, str]]) -> Iterator[Path]:
    """Where interpreters may lie: PATH, version managers, the system's places."""
    yield from (Path(folder) for folder in environ.get("PATH", "").split(os.pathsep) if folder)
    home = environ.get("HOME")
    places = [(Path(home, place), inside) for place, inside in _KEPT_BY] if home else []
    places += [
        (Path(environ[root], inside), "*/bin") for root, inside in _ROOTS if environ.get(root)
    ]
    places += [(Path(place), inside) for place, inside in system]
    for place, inside in places:
        yield from sorted(place.glob(inside) if inside != "." else [place])


def find(
    environ: Mapping[str, str] = os.environ,
    system: Iterable[tuple[str, str]] = _SYSTEM_FOLDERS,
) -> list[Python]:
    """One interpreter for each minor version that the product supports, oldest first.

    The first usable one of each; where none is, the first broken one, with its trouble.
    """
    oldest = declared()[0]
    best: dict[int, Python] = {}
    for folder in folders(environ, system):
        for file in _interpreters(folder):
            minor = int(file.name.split(".")[1])
            if minor < oldest or (minor in best and not best[minor].trouble):
                continue
            asked = ask(file)
            if minor not in best or not asked.trouble:
                best[minor] = asked
    return [best[minor] for minor in sorted(best)]


def _interpreters(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name))
    except OSError:
        return []


def ask(file: Path) -> Python:
    """What an interpreter says about itself; one that says nothing is broken."""
    named = int(file.name.split(".")[1])
    try:
        answer = subprocess.run(
            [file, "-I", "-c", _ASK],
            capture_output=True,
            text=True,
            timeout=_SECONDS_TO_ANSWER,
            check=True,
        )
        (_, minor), version, final, missing = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Python(file, named, f"3.{named}", f"does not start ({type(error).__name__})")
    if minor != named:
        return Python(file, named, f"3.{named}", f"is {version}")
    if not final:
        missing = missing or "is no final version"
    return Python(file, minor, version, missing)


def this() -> Python:
    """The interpreter that runs the tests."""
    return Python(Path(sys.executable), sys.version_info.minor, sys.version.split()[0])


def to_be_tested() -> list[Python]:
    """The one that runs the tests, and each usable one of another minor version."""
    others = [p for p in find() if p.minor != sys.version_info.minor and not p.trouble]
    return sorted([this(), *others], key=lambda python: python.minor)


class NotEquipped(Exception):
    """The product's dependencies are not to be had for that Python."""


def equip(python: Python, folder: Path) -> Path:
    """An interpreter with the product in a clean environment, in `folder`.

    It is installed from its source distribution, so that pip makes the wheel, with the
    dependencies that it declares and no other. An environment that is in `folder` already
    is used, with the product put there anew; several processes may ask at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"python{python.name}"
    inside, done = place / "bin" / "python", place / "installed-for"
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with (folder / f"python{python.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and done.read_text() == run:
            return inside
        try:
            _install(python, place, inside)
        except subprocess.CalledProcessError as error:
            raise NotEquipped(error.stderr[-2000:]) from error
        done.write_text(run)
    return inside


def _install(python: Python, place: Path, inside: Path) -> None:
    install: list[str | Path] = [inside, "-m", "pip", "install", "-q"]
    if inside.exists():
        # One of the same version would be kept.
        _run([*install, "--force-reinstall", "--no-deps", packed := build_sdist(place)])
    else:
        _run([python.path, "-m", "venv", place])
        packed = build_sdist(place)
    _run([*install, packed])


def build_sdist(folder: Path) -> Path:
    """The checkout's source distribution, made in `folder`."""
    build = "import sys; from hatchling.build import build_sdist; print(build_sdist(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return folder / done.stdout.split()[-1]


def _run(command: list[str | Path]) -> None:
    environ = {name: v for name, v in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(command, check=True, capture_output=True, text=True, env=environ, timeout=900)


def report(found: list[Python], ran: set[str] | None) -> tuple[list[str], bool]:
    """The lines to print, and whether all is well. `ran` is None before anything has run."""
    lines = []
    for python in found:
        state = f"broken: {python.trouble}" if python.trouble else "usable"
        if ran is not None:
            state += ", ran" if python.name in ran else ", did not run"
        lines.append(f"Python {python.version} at {python.path}: {state}")
    if ran is None:
        return lines, True
    usable = {python.name for python in found if not python.trouble}
    missed = sorted((usable & {f"3.{minor}" for minor in declared()}) - ran)
    newer = {name for name in usable if name != f"3.{declared()[0]}"}
    if missed:
        lines.append(f"These are declared as tested, and are here, but did not run: {missed}")
    elif newer and not newer & ran:
        lines.append("Only the oldest Python ran although this machine has newer ones.")
        missed = sorted(newer)
    return lines, not missed


def _main(arguments: list[str]) -> int:
    ran = None
    if arguments:
        file = Path(arguments[0])
        ran = set(file.read_text("utf-8").split()) if file.exists() else set()
    found = find()
    if sys.version_info.minor not in {python.minor for python in found if not python.trouble}:
        found = sorted([*found, this()], key=lambda python: python.minor)
    lines, well = report(found, ran)
    print("\n".join(lines))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
