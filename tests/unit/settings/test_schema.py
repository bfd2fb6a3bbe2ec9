"""The schema for editors says of a file what the program says of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest

from tests.unit.settings.test_file import GOOD
from tui.settings.commented import commented_settings
from tui.settings.file import find_problems
from tui.settings.model import SettingsTable
from tui.settings.schema import settings_schema

SCHEMA = settings_schema({"quit": "Leaves"}, ("auto", "dark"))
ALL_SET = re.sub(r"^#(?! )", "", commented_settings(), flags=re.M)


def takes(text: str) -> bool:
    data = tomllib.loads(text)
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    return bool(jsonschema.Draft7Validator(SCHEMA).is_valid(data))


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD,
        ALL_SET,
        "stall_after = '1 h 04 min'",
        "[targets]\nrto = '1h'\n[targets.rpo]\nrto = '5m'",
        "[keys]\nquit = 'q,f10'\nno-such = ['x']",
        "[journal]\nmax_size = '500MB'\nmax_age = '1D'",
    ],
)
def test_it_takes_what_the_program_takes(text: str) -> None:
    assert isinstance(find_problems(Path("c.toml"), text), SettingsTable)
    assert takes(text)


@pytest.mark.parametrize(
    "text",
    [
        "thme = 'dark'",
        "bell = 'yes'",
        "stall_after = 10",
        "stall_after = '10'",
        "stall_after = ''",
        "[defaults]\ninterval = 1",
        "[defaults]\nbell = true",
        "[profiles.a]\nbanner = 'pink'",
        "[profiles.a]\nno_mouse = true",
        "[profiles.a]\npassword = 'hunter2'",
        "[profiles.a]\nuser = ''",
        "[profiles.a]\npassword_command = 'x'",
        "[profiles.a]\nfingerprint = '12'",
        "[targets]\nrto = 5",
        "[targets.ABC]\nrta = '5m'",
        "[keys]\nquit = []",
        "[journal]\nmax_size = '500'",
        "profiles = 3",
    ],
)
def test_it_refuses_what_the_program_refuses(text: str) -> None:
    assert isinstance(find_problems(Path("c.toml"), text), list)
    assert not takes(text)


def test_each_key_tells_an_editor_what_it_is_for() -> None:
    for name, definition in SCHEMA["definitions"].items():
        for key, about in definition.get("properties", {}).items():
            assert "Allowed: " in about["description"], (name, key)
    assert SCHEMA["properties"]["keys"]["properties"]["quit"]["description"] == "Leaves"
    assert not {"null", "built_in"} & set(re.findall(r"[a-z_]+", json.dumps(SCHEMA)))


def test_taplo_reads_it(tmp_path: Path) -> None:
    taplo = shutil.which("taplo")
    if taplo is None:
        pytest.skip("no taplo here, so that an editor's own checker was not asked")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text(f"#:schema ./schema.json\n{ALL_SET}", "utf-8")
    wrong.write_text("#:schema ./schema.json\n[defaults]\ninterval = 1\n", "utf-8")
    done = {
        path: subprocess.run(
            [taplo, "check", "--cache-path", str(tmp_path / "cache"), str(path)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        for path in (right, wrong)
    }
    assert done[right].returncode == 0, done[right].stderr
    assert done[wrong].returncode != 0
    assert "1 is less than the minimum" in done[wrong].stderr
