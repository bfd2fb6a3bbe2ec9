"""Who may import whom, as `[tool.importlinter]` in pyproject.toml says it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The linter in a process of its own, since it takes `tui` from the current folder."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_import_contract_is_kept() -> None:
    report = lint(ROOT)
    assert report.returncode == 0, report.stdout + report.stderr
    assert "0 broken" in report.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "tui", folder / "tui", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("layers", "monitor/clock.py", "import tui.presentation.text"),
        ("layers", "settings/paths.py", "import tui.enterprise_manager.address"),
        ("layers", "newcomer.py", "ANSWER = 42"),
        ("two-readings", "simulator/facts.py", "import tui.enterprise_manager.scalars"),
        ("two-readings", "enterprise_manager/tasks.py", "import tui.simulator.wire"),
        ("pure", "analysis/drill.py", "import tui.enterprise_manager.client"),
        ("pure", "analysis/stall.py", "def late():\n    import tui.settings.durations"),
        ("pure", "analysis/newcomer.py", "import asyncio"),
        ("headless", "presentation/times.py", "def late():\n    import textual.strip"),
        ("headless", "monitor/state.py", "import tui.theme"),
        ("textual", "cli/options.py", "from textual.app import App"),
        (
            "screens",
            "screens/picker.py",
            "import tui.enterprise_manager.client",
        ),
        ("screens", "monitor/site.py", "def late():\n    import tui.enterprise_manager.client"),
        ("http", "monitor/history.py", "import httpx"),
        ("http", "simulator/service.py", "import httpx"),
    ],
)
def test_a_breach_is_seen(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / "tui" / module
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n\n{line}\n", encoding="utf-8")
    try:
        report = lint(copy, "--contract", contract)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    assert report.returncode == 1, report.stdout + report.stderr
    if before is not None:
        broken = "tui." + module.removesuffix(".py").replace("/", ".")
        assert broken in report.stdout


def test_the_copy_itself_is_sound(copy: Path) -> None:
    report = lint(copy)
    assert report.returncode == 0, report.stdout + report.stderr
