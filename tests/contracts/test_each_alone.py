"""Each module can be the first one that is imported: no circle hides behind a lucky order."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, sys
from importlib import import_module
failed = {}
for name in json.loads(sys.argv[1]):
    for loaded in [each for each in sys.modules if each == "tui" or each.startswith("tui.")]:
        del sys.modules[loaded]
    try:
        import_module(name)
    except Exception as error:
        failed[name] = repr(error)
print(json.dumps(failed))
"""


def bottom() -> list[str]:
    """The modules of the lowest layer, which may import each other."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layers,) = (each["layers"] for each in lint["contracts"] if each["id"] == "layers")
    names = [name.strip() for name in layers[-1].split(":")]
    files = [path for name in names for path in (ROOT / "tui").glob(f"{name}.py")]
    files += [path for name in names for path in (ROOT / "tui" / name).glob("*.py")]
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in files
    ]


def test_each_module_of_the_lowest_layer_can_come_first() -> None:
    names = bottom()
    assert "tui.user_names" in names
    assert "tui.settings.remembered" in names
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {}
