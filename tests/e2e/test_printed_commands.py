"""Every command and every block of code in README, manual and `--help` does what is said.

Commands that talk to em01 reach a simulated server over TLS; those that open a screen do so
in a pseudo-terminal; what is not this program's is replaced by a stub that notes its call.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.printed import ROOT, Printed, commands, everything
from tests.support.sandbox import PLAN, USER, Sandbox, sandbox, stub
from tests.support.simulating import SimulateProcess
from tests.support.terminal import Terminal
from tui.cli import main
from tui.cli.commands import front_door
from tui.exit_codes import ExitCode
from tui.hooks.environment import environment
from tui.manual.blocks import Heading, Term
from tui.manual.pages import page
from tui.settings.file import read_settings

HERE = ("config", "help", "info", "journal", "manual", "report", "trust", "completion", "version")
"""Commands that end by themselves and ask no server: they are run in this process."""

ON_SCREEN = ("demo", "replay")
PLAN_NAMED = re.compile(r"""(--wait-for|check .*?) ["']([^"']+)["']""")


def subcommand(printed: Printed) -> str:
    """Its name, "" for the command that needs none."""
    first = next((word for word in printed.words[1:]), "")
    return first if first in front_door.commands else ""


def is_kind(printed: Printed, *, shell: bool, first: tuple[str, ...] | None = None) -> bool:
    if printed.is_stubbed or printed.needs_a_shell is not shell:
        return False
    return first is None or (
        printed.words[0] == "failover-monitor" and subcommand(printed) in first
    )


COMMANDS = [each for each in commands() if not each.is_script]
STUBBED = [each for each in COMMANDS if each.is_stubbed]
IN_PROCESS = [each for each in COMMANDS if is_kind(each, shell=False, first=HERE)]
SCREENS = [each for each in COMMANDS if is_kind(each, shell=False, first=("", *ON_SCREEN))]
SERVING = [each for each in COMMANDS if is_kind(each, shell=False, first=("simulate",))]
IN_A_SHELL = [
    each
    for each in COMMANDS
    if not each.is_stubbed and each not in [*IN_PROCESS, *SCREENS, *SERVING]
]


@pytest.fixture
def furnished(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox as the command needs it: with the plan that it names, a session to come."""
    printed: Printed = request.getfixturevalue("printed")
    plan = PLAN_NAMED.search(printed.text)
    waits = "--wait-for" in printed.text
    with sandbox(tmp_path, plan_name=plan[2] if plan else PLAN, to_come=waits) as found:
        if "FILE" in printed.text or re.search(r"monitor (journal|replay|report)\b", printed.text):
            watched = found.run(f"failover-monitor watch --profile prod {found.session}")
            assert watched.returncode == 0, watched.stderr
        if "config init" in printed.text:
            found.settings.unlink()
        yield found


def test_all_is_run_in_one_way_or_another() -> None:
    kinds = [STUBBED, IN_PROCESS, SCREENS, SERVING, IN_A_SHELL]
    assert sum(map(len, kinds)) == len(COMMANDS)
    assert all(kinds)


@pytest.mark.parametrize("printed", IN_PROCESS, ids=str)
def test_a_command_that_ends_by_itself(
    printed: Printed,
    furnished: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in [name for name in os.environ if name.startswith("FAILOVER_MONITOR_")]:
        monkeypatch.delenv(name)
    for name, value in furnished.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(furnished.folder)
    words = shlex.split(furnished.filled_in(printed.text), comments=True)
    code = main(words[1:])
    shown = capsys.readouterr()
    assert code == printed.exit_code, shown.err
    assert shown.out or shown.err
    _written(words, furnished.folder)


def _written(words: list[str], folder: Path) -> None:
    """What a command was to write is there."""
    if "--output" in words and Path(words[words.index("--output") + 1]).suffix:
        assert (folder / words[words.index("--output") + 1]).stat().st_size


@pytest.mark.parametrize("printed", IN_A_SHELL, ids=str)
def test_a_command_for_a_shell(printed: Printed, furnished: Sandbox) -> None:
    if printed.needed_file:
        needed = furnished.folder / printed.needed_file
        needed.parent.mkdir(parents=True, exist_ok=True)
        needed.touch()
    for program in ("jq",):
        if shutil.which(program) is None:
            stub(furnished.folder, [program])
    done = furnished.run(furnished.filled_in(printed.text))
    codes = {printed.exit_code}
    if subcommand(printed) == "check":
        codes.add(ExitCode.WARNING)  # a verdict of the plan, whose gateways are not all enabled
    assert done.returncode in codes, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("printed", SCREENS, ids=str)
def test_a_command_that_opens_a_screen(printed: Printed, furnished: Sandbox) -> None:
    text = furnished.filled_in(printed.text)
    if "http://127.0.0.1" in text:
        with SimulateProcess(env=furnished.env) as simulating:
            address = re.sub(r"http://127\.0\.0\.1:\d+", simulating.url, text)
            _look(shlex.split(address, comments=True)[1:], furnished)
    else:
        _look(shlex.split(text, comments=True)[1:], furnished)


def _look(arguments: list[str], furnished: Sandbox) -> None:
    """Whatever screen it opens says that it only reads, or asks who is there; it can be left."""
    env = dict(furnished.env)
    if "--user" not in arguments and "--profile" not in arguments:
        del env["FAILOVER_MONITOR_PASSWORD"]
    program = [str(furnished.program), *arguments]
    with Terminal(program, env, folder=furnished.folder) as terminal:
        terminal.until(
            lambda: terminal.shows("RO", "Help") or terminal.shows("Password"), what="a screen"
        )
        terminal.keys("ctrl+c")
        assert terminal.wait().code == 0
        assert terminal.is_restored


@pytest.mark.parametrize("printed", SERVING, ids=str)
def test_a_command_that_serves(printed: Printed, furnished: Sandbox) -> None:
    words = shlex.split(furnished.filled_in(printed.text), comments=True)
    with SimulateProcess(*words[2:], env=furnished.env, folder=furnished.folder) as simulating:
        tls = any(word.startswith("--tls") for word in words)
        assert simulating.url.startswith("https:" if tls else "http:")
        if not tls:
            watched = furnished.run(
                f"FAILOVER_MONITOR_PASSWORD={simulating.password} failover-monitor watch"
                f" --server {simulating.url} --user {shlex.quote(simulating.user)} --interval 2"
                " latest --no-journal | head -n 1"
            )
            assert watched.stdout, watched.stderr


@pytest.mark.parametrize("printed", STUBBED, ids=str)
def test_a_command_of_which_only_the_call_is_looked_at(
    printed: Printed, furnished: Sandbox
) -> None:
    parts = [shlex.split(part, comments=True) for part in printed.text.split("&&")]
    stub(furnished.folder, [part[0] for part in parts])
    done = furnished.run(printed.text)
    assert (done.returncode, done.stderr) == (0, "")
    called = [words for words, _ in furnished.stubs_called]
    assert [each[1:] for each in called] == [part[1:] for part in parts]
    for each in called:
        _is_right([Path(each[0]).name, *each[1:]])


def _is_right(words: list[str]) -> None:
    """What an installer is to install is this project; what is run by another is a command."""
    if "install" in words:
        wanted = words[-1]
        extras = re.fullmatch(r"\.(?:\[(.+)\])?", wanted)
        assert extras, f"{wanted} is not this folder"
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        if extras[1]:
            assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    programs = [Path(word).name for word in words]
    if "failover-monitor" in programs:
        inner = words[programs.index("failover-monitor") + 1 :]
        name = inner[0] if inner and inner[0] in front_door.commands else "monitor"
        command = front_door.commands[name]
        arguments = inner[1:] if name != "monitor" else inner
        with click.Context(front_door) as outer:
            command.make_context(name, arguments, parent=outer, resilient_parsing=True)


BLOCKS = [each for each in everything() if each.language != "sh"]


@pytest.mark.parametrize("printed", BLOCKS, ids=str)
def test_a_block_that_is_no_command_is_right(printed: Printed, tmp_path: Path) -> None:
    file = tmp_path / f"printed.{printed.language}"
    file.write_text(printed.text, "utf-8")
    file.chmod(0o600)
    match printed.language:
        case "toml":
            assert read_settings(file, required=True).table
        case "json":
            assert json.loads(printed.text)
        case "ini":
            unit = configparser.ConfigParser(strict=False, interpolation=None)
            unit.optionxform = str  # type: ignore[assignment,method-assign]
            unit.read_string(printed.text)
            _is_right(shlex.split(unit["Service"]["ExecStart"]))
        case _:
            assert printed.language == "text", "nobody looks whether this is right"


EVENT = next(each for each in BLOCKS if each.place == "manual hooks" and each.language == "json")
HOOKS = [
    pytest.param(hook["command"], id=name)
    for each in BLOCKS
    if each.language == "toml"
    for name, hook in tomllib.loads(each.text).get("hooks", {}).items()
]


@pytest.mark.parametrize("command", HOOKS)
def test_a_hook_of_the_manual_hands_on_what_it_got(command: list[str], tmp_path: Path) -> None:
    event = json.loads(EVENT.text)
    with sandbox(tmp_path) as furnished:
        sent = "mail" if "mail -s" in command[-1] else "curl"
        stub(tmp_path, [sent] if shutil.which("jq") else [sent, "jq"])
        told = environment({**furnished.env, "WEBHOOK_URL": "https://x.example"}, event)
        done = subprocess.run(
            command,
            input=json.dumps(event),
            env={**told, "STUBS_CALLED": furnished.env["STUBS_CALLED"], "WEBHOOK_URL": "https://x"},
            text=True,
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        words, got = next(each for each in furnished.stubs_called if Path(each[0][0]).name == sent)
        if sent == "mail":
            assert words[1:] == ["-s", "Failover: task failed", "noc@example.org"]
            assert got == f"{event['text']}\n"
        elif "jq" not in command[-1]:
            assert json.loads(got) == event
        elif shutil.which("jq"):
            assert json.loads(got) == {"text": event["text"]}


DOCUMENTS = {
    "list": "list --limit 2",
    "status": "status latest --rto 1m --rpo 1m",
    "plans": "plans",
    "check": f"check '{PLAN}'",
    "watch": "watch latest --rto 1m --no-journal",
}


@pytest.mark.parametrize(("name", "command"), DOCUMENTS.items(), ids=DOCUMENTS)
def test_every_member_of_a_document_is_told_in_the_manual(
    name: str, command: str, tmp_path: Path
) -> None:
    with sandbox(tmp_path) as furnished:
        done = furnished.run(f"failover-monitor {command} --profile prod --output json || true")
    titles = [each.text for each in page("schemas").blocks if isinstance(each, Heading)]
    told = {
        term for each in page("schemas").blocks if isinstance(each, Term) for term in each.terms
    }
    documents = done.stdout.splitlines() if name == "watch" else [done.stdout]
    for document in map(json.loads, documents):
        assert any(document["schema"] in title for title in titles), document["schema"]
        assert members(document) - ENVELOPES <= told


ENVELOPES = {"sessions", "plans", "server", "as_of", "counts", "vms", "total"}
"""What stands around the objects; their names are told in the titles."""


def members(value: object) -> set[str]:
    """The names of all members, but of those that are counts by status."""
    if isinstance(value, dict):
        counts = {"counts", "vms"} if not isinstance(value.get("vms"), list) else {"counts"}
        inner = (members(each) for name, each in value.items() if name not in counts)
        return set(value).union(*inner)
    return set().union(*map(members, value)) if isinstance(value, list) else set()


def test_the_user_of_the_sandbox_is_the_one_that_is_printed() -> None:
    assert any(USER in each.text for each in COMMANDS)
