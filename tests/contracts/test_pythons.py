"""The Pythons that README, package and CI name are the same, and the search finds them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.support import pythons
from tests.support.pythons import ROOT, Python, declared, find, report


def test_readme_package_and_ci_name_the_same_versions() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (said,) = re.findall(r"\(tested on ([^)]*)\)", readme)
    versions = [f"3.{minor}" for minor in declared()]
    assert re.findall(r"3\.\d+", said) == versions
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert pyproject["project"]["requires-python"] == f">={versions[0]}"
    assert f"Python {versions[0]} or newer" in readme
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert f"Python {versions[0]} or newer" in ci
    # The versions themselves CI takes from the package.
    assert ci.count("python3 -m tests.support.pythons\n") == 1
    assert 'python -m tests.support.pythons "$ran"\n' in ci
    assert f'export {pythons.RAN}="$ran"\n' in ci


def _interpreter(folder: Path, name: str, says: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{says}\n")
    file.chmod(0o755)


def _answer(minor: int, *, final: bool = True, missing: str = "") -> str:
    return f"echo '{json.dumps([[3, minor], f'3.{minor}.1', final, missing])}'"


def test_one_usable_interpreter_of_each_version_is_found(tmp_path: Path) -> None:
    home, path, system = tmp_path / "home", tmp_path / "path", tmp_path / "system"
    _interpreter(path, "python3.12", "exit 127")  # a shim of a version that is not active
    _interpreter(path, "python3.8", _answer(8))
    _interpreter(home / ".pyenv/versions/3.12.1/bin", "python3.12", _answer(12))
    _interpreter(home / ".pyenv/versions/3.13.0/bin", "python3.13", _answer(13, missing="no ssl"))
    _interpreter(home / ".local/share/uv/python/cpython-3.14/bin", "python3.14", _answer(14))
    _interpreter(system, "python3.11", _answer(11))
    _interpreter(system, "python3.15", _answer(15, final=False))
    _interpreter(system, "python3.11-config", "exit 0")
    environ = {"HOME": str(home), "PATH": f"{tmp_path / 'nowhere'}:{path}"}
    found = {python.name: python for python in find(environ, [(str(system), ".")])}
    assert list(found) == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    assert [name for name, python in found.items() if not python.trouble] == [
        "3.11",
        "3.12",
        "3.14",
    ]
    assert found["3.12"].path.is_relative_to(home)
    assert found["3.13"].trouble == "no ssl"


def test_a_machine_with_one_python_is_enough(tmp_path: Path) -> None:
    _interpreter(tmp_path, "python3.11", _answer(11))
    found = find({"PATH": str(tmp_path)}, [])
    assert [python.name for python in found] == ["3.11"]
    assert report(found, {"3.11"}) == (
        [f"Python 3.11.1 at {tmp_path}/python3.11: usable, ran"],
        True,
    )


@pytest.mark.parametrize(
    ("usable", "broken", "ran", "well"),
    [
        ([11], [], {"3.11"}, True),
        ([11], [12, 13], {"3.11"}, True),
        ([11, 12, 13], [], {"3.11", "3.12", "3.13"}, True),
        ([11, 12, 13], [], {"3.11"}, False),
        ([11, 12, 13], [], {"3.11", "3.13"}, False),
        ([11, 99], [], {"3.11"}, False),
        ([11, 13, 99], [], {"3.11", "3.13"}, True),
        ([11], [], set(), False),
    ],
)
def test_ci_fails_where_a_usable_python_did_not_run(
    usable: list[int], broken: list[int], ran: set[str], well: bool
) -> None:
    found = [Python(Path("p"), minor, f"3.{minor}.1") for minor in usable]
    found += [Python(Path("p"), minor, f"3.{minor}.1", "no ssl") for minor in broken]
    lines, verdict = report(found, ran)
    assert verdict is well
    assert sum("broken: no ssl" in line for line in lines) == len(broken)
