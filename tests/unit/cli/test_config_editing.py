"""`config init|edit|schema|keys`: nothing that somebody has written is ever lost."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Outcome

Run = Callable[..., Outcome]
Config = Callable[[str], Path]


@pytest.fixture
def path(home: Path) -> Path:
    return home / "config" / "failover-monitor" / "config.toml"


@pytest.fixture
def editor(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """An editor that writes the first of the texts, then the next one: of which `` is as it was."""

    def is_to_write(*texts: str, code: int = 0) -> None:
        (home / "texts.json").write_text(json.dumps(texts))
        (home / "editor.py").write_text(
            "import json, pathlib, sys\n"
            "store = pathlib.Path(sys.argv[1])\n"
            "text, *rest = json.loads(store.read_text())\n"
            "store.write_text(json.dumps(rest))\n"
            "if text: pathlib.Path(sys.argv[-1]).write_text(text, 'utf-8')\n"
            f"sys.exit({code})\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv(
            "EDITOR", f"{sys.executable} '{home / 'editor.py'}' '{home / 'texts.json'}'"
        )

    return is_to_write


def answers(monkeypatch: pytest.MonkeyPatch, *said: bool) -> None:
    left = list(said)
    monkeypatch.setattr("click.confirm", lambda *_, **__: left.pop(0))


def leftovers(path: Path) -> list[Path]:
    return [each for each in path.parent.iterdir() if each.name.startswith("edited-")]


def test_init_writes_a_file_for_its_owner_only_that_is_right(run: Run, path: Path) -> None:
    made = run("config", "init")
    assert made.code == 0
    assert str(path) in made.out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert run("config", "check").code == 0


def test_init_never_overwrites_and_by_force_puts_aside(run: Run, config: Config) -> None:
    path = config("bell = false\n")
    refused = run("config", "init")
    assert refused.code == 2
    assert "is there already, and stays as it is" in refused.err
    assert path.read_text() == "bell = false\n"
    forced = run("config", "init", "--force")
    assert forced.code == 0
    assert "#bell = true" in path.read_text()
    assert path.with_name("config.toml.before").read_text() == "bell = false\n"


def test_init_takes_a_dangling_link_for_a_file(run: Run, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(path.with_name("elsewhere"))
    assert run("config", "init").code == 2
    assert not path.exists()


@pytest.mark.parametrize("command", [("init",), ("init", "--force"), ("edit",)])
def test_what_is_no_file_stays_what_it_is(
    run: Run, editor: Callable[..., None], command: tuple[str, ...], home: Path
) -> None:
    editor("bell = false\n")
    path = home / "pipe"
    os.mkfifo(path)
    done = run("config", *command, "--config", str(path))
    assert done.code == 2
    assert "is no file, so it stays as it is" in done.err
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_init_says_what_the_system_refuses(run: Run, home: Path) -> None:
    (home / "file").write_text("")
    refused = run("config", "init", "--config", str(home / "file" / "c.toml"))
    assert refused.code == 2
    assert "file/c.toml: " in refused.err
    assert "Traceback" not in refused.err


def test_edit_puts_in_place_what_is_right(
    run: Run, config: Config, editor: Callable[..., None]
) -> None:
    path = config("bell = true\n")
    path.chmod(0o640)
    editor("# mine\nbell = false\n")
    done = run("config", "edit")
    assert (done.code, done.err) == (0, "")
    assert path.read_text() == "# mine\nbell = false\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert leftovers(path) == []


def test_edit_without_a_file_begins_with_the_commented_one(
    run: Run, path: Path, editor: Callable[..., None]
) -> None:
    editor("")
    assert run("config", "edit").code == 0
    assert not path.exists()
    editor("bell = false\n")
    assert run("config", "edit").code == 0
    assert path.read_text() == "bell = false\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_edit_offers_to_go_on_until_it_is_right(
    run: Run, config: Config, editor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config("bell = true\n")
    editor('[defaults]\nuser = "NOC\\dave"\n', "[defaults]\nuser = 'NOC\\dave'\n")
    answers(monkeypatch, True)
    done = run("config", "edit")
    assert done.code == 0
    assert f"{path}, line 2, column " in done.err
    assert "single quotes" in done.err
    assert "NOC\\dave" in path.read_text()
    assert leftovers(path) == []


def test_edit_given_up_loses_nothing(
    run: Run, config: Config, editor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config("bell = true\n")
    editor("bell = maybe\n")
    answers(monkeypatch, False)
    done = run("config", "edit")
    assert done.code == 2
    assert path.read_text() == "bell = true\n"
    (left,) = leftovers(path)
    assert left.read_text() == "bell = maybe\n"
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert str(left) in done.err


def test_an_editor_that_fails_changes_nothing_and_loses_nothing(
    run: Run, config: Config, editor: Callable[..., None]
) -> None:
    path = config("bell = true\n")
    editor("bell = false\n", code=3)
    done = run("config", "edit")
    assert done.code == 2
    assert "The editor ended with 3." in done.err
    assert path.read_text() == "bell = true\n"
    assert [each.read_text() for each in leftovers(path)] == ["bell = false\n"]


def test_a_file_that_the_editor_emptied_is_not_put_in_place(
    run: Run, config: Config, editor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config("bell = false\n")
    editor("\n", "bell = true\n")
    answers(monkeypatch, False)
    ended = run("config", "edit")
    assert ended.code == 2
    assert "The editor has left nothing in the file" in ended.err
    assert path.read_text() == "bell = false\n"
    (copy,) = leftovers(path)
    copy.unlink()
    editor("\n", "bell = true\n")
    answers(monkeypatch, True)
    assert run("config", "edit").code == 0
    assert path.read_text() == "bell = true\n"


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(
    run: Run, config: Config, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config("bell = true\n")
    (home / "both.py").write_text(
        "import pathlib, sys\n"
        f"pathlib.Path({str(path)!r}).write_text('bell = true # theirs\\n')\n"
        "pathlib.Path(sys.argv[1]).write_text('bell = false # mine\\n')\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {home / 'both.py'}")
    done = run("config", "edit")
    assert done.code == 2
    assert "Somebody else has changed the file meanwhile." in done.err
    assert path.read_text() == "bell = true # theirs\n"
    assert [each.read_text() for each in leftovers(path)] == ["bell = false # mine\n"]


def test_an_editor_that_takes_the_copy_away_is_said(
    run: Run, config: Config, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config("bell = true\n")
    (home / "gone.py").write_text("import pathlib, sys\npathlib.Path(sys.argv[1]).unlink()\n")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {home / 'gone.py'}")
    done = run("config", "edit")
    assert done.code == 2
    assert "No such file or directory" in done.err
    assert path.read_text() == "bell = true\n"


@pytest.mark.parametrize(
    ("editor_variable", "says"),
    [("no-such-editor -w", "VISUAL: there is no program 'no-such-editor'"), ("vi '", "a quote")],
)
def test_an_editor_that_is_none_is_said_before_anything_is_written(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, editor_variable: str, says: str
) -> None:
    monkeypatch.setenv("VISUAL", editor_variable)
    done = run("config", "edit")
    assert done.code == 2
    assert says in done.err
    assert not path.parent.exists()


def test_schema_is_json_and_knows_the_bindings(run: Run) -> None:
    shown = run("config", "schema")
    assert shown.code == 0
    keys = json.loads(shown.out)["properties"]["keys"]["properties"]
    assert keys["refresh"]["description"] == "Ask the server now"


def test_keys_lists_each_id_once_with_what_holds(run: Run, config: Config) -> None:
    config("[keys]\nrefresh = ['f6']\n")
    lines = [line.split("\t") for line in run("config", "keys").out.splitlines()]
    told = {name: (keys, about) for name, keys, about in lines}
    assert len(told) == len(lines)
    assert told["refresh"] == ("f6", "Ask the server now")
    assert told["help"][0] == "question_mark, f1"
