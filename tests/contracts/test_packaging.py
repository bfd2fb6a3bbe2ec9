"""What is shipped: one wheel with nothing at its top but the package, and its styles inside."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_has_no_top_level_name_but_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tui"}


def test_every_stylesheet_is_in_the_wheel(wheel: Path) -> None:
    shipped = {name for name in ZipFile(wheel).namelist() if name.startswith("tui/styles/")}
    assert shipped == {f"tui/styles/{sheet.name}" for sheet in (ROOT / "styles").iterdir()}


def test_the_command_is_installed(wheel: Path) -> None:
    with ZipFile(wheel) as content:
        (entry,) = (name for name in content.namelist() if name.endswith("entry_points.txt"))
        assert "failover-monitor = tui.cli:main" in content.read(entry).decode()


def test_every_dependency_is_bounded_on_both_sides() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    for requirement in (*project["dependencies"], *extras):
        assert re.search(r">=[\d.]+,<\d", requirement), requirement


def test_no_lock_file_and_nothing_unexpected_at_the_top() -> None:
    known = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if known.returncode != 0:
        pytest.skip("not a git checkout")
    tops = {line.split("/")[0] for line in known.stdout.splitlines()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "tui", "styles", "tests"}
    assert {top for top in tops if not top.startswith(".")} == wanted
