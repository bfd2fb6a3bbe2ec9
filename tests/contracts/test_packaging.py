"""What is shipped: one wheel with nothing at its top but the package, and its styles inside."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.pythons import build_sdist
from tui import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build_sdist(folder)) as packed:
        packed.extractall(folder, filter="data")
    (found,) = (each for each in folder.iterdir() if each.is_dir())
    return found


def build_wheel(tree: Path, folder: Path) -> Path:
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=tree, check=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as content:
        (entry,) = (name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(content.read(entry).decode())


def files_of(tree: Path) -> dict[str, bytes]:
    """What is in the folders that are shipped as the package, by their names in a wheel."""
    found = {}
    for folder, inside in ((tree / "tui", "tui"), (tree / "styles", "tui/styles")):
        for file in folder.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                found[f"{inside}/{file.relative_to(folder)}"] = file.read_bytes()
    return found


def test_every_file_of_package_and_styles_is_in_the_wheel_and_no_other(wheel: Path) -> None:
    with ZipFile(wheel) as content:
        shipped = {
            name: content.read(name) for name in content.namelist() if ".dist-info/" not in name
        }
    assert shipped == files_of(ROOT)
    kinds = {Path(name).suffix for name in shipped}
    assert {".py", ".tcss", ".yml", ".typed"} <= kinds


def test_the_wheel_made_of_the_source_distribution_is_the_same(
    wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    with ZipFile(wheel) as of_tree, ZipFile(build_wheel(sdist, tmp_path)) as of_sdist:
        assert {name: of_tree.read(name) for name in of_tree.namelist()} == {
            name: of_sdist.read(name) for name in of_sdist.namelist()
        }


def test_the_source_distribution_holds_what_its_own_tests_read(sdist: Path) -> None:
    there = {each.name for each in sdist.iterdir()}
    assert {"tui", "styles", "tests", "README.md", "LICENSE", "pyproject.toml"} <= there
    assert there - {".gitignore", "PKG-INFO"} <= {
        "tui", "styles", "tests", "README.md", "LICENSE", "pyproject.toml", ".ci", ".github",
    }  # fmt: skip
    assert not list(sdist.rglob("__pycache__"))


def test_what_an_index_would_show_is_said(metadata: Message) -> None:
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Keywords"]
    classifiers = metadata.get_all("Classifier", [])
    assert "Typing :: Typed" in classifiers
    assert "Environment :: Console" in classifiers
    # What stands under a licence expression is no classifier any more (PEP 639).
    assert not [each for each in classifiers if each.startswith("License ::")]


def test_the_wheel_has_no_top_level_name_but_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tui"}


def test_the_command_is_installed(wheel: Path) -> None:
    with ZipFile(wheel) as content:
        (entry,) = (name for name in content.namelist() if name.endswith("entry_points.txt"))
        assert "failover-monitor = tui.__main__:main" in content.read(entry).decode()


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
