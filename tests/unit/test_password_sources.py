from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.support.fake_server import http, proper, serving, session_body
from tui import password_sources
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.errors import CredentialsUnavailable
from tui.password_sources import (
    PASSWORD_VARIABLE,
    PasswordCommand,
    command_of,
    exposed_file,
    from_environment,
    from_file,
    from_keyring,
    from_stream,
)
from tui.server_address import ServerAddress
from tui.settings import SavedProfile


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(CredentialsUnavailable) as caught:
        call()
    shown = "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in shown
    assert caught.value.__context__ is None
    return caught.value.sentence


def test_environment_gives_it_once() -> None:
    environ = {"FAILOVER_MONITOR_PASSWORD": "hunter2", "OTHER": "x"}
    secret = from_environment(environ)
    assert secret is not None
    assert secret.get_secret_value() == "hunter2"
    assert environ == {"OTHER": "x"}
    assert from_environment(environ) is None
    assert from_environment({"FAILOVER_MONITOR_PASSWORD": ""}) is None


@pytest.mark.parametrize(
    ("content", "password"),
    [
        (b"hunter2", "hunter2"),
        (b"hunter2\n", "hunter2"),
        (b"hunter2\r\nsecond", "hunter2"),
        (b" with blanks \n", " with blanks "),
        ("\ufeffpässwörd\n".encode(), "pässwörd"),
    ],
)
def test_the_first_line_of_a_file_or_stream(tmp_path: Path, content: bytes, password: str) -> None:
    path = tmp_path / "pw"
    path.write_bytes(content)
    assert from_file(path).get_secret_value() == password
    assert from_stream(io.BytesIO(content)).get_secret_value() == password


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\nhunter2", "empty"),
        (b"hunter2\xff\n", "not UTF-8"),
        (b"hunter2" * 1000, "longer than 4096"),
    ],
    ids=["nothing", "empty-line", "not-utf-8", "too-long"],
)
def test_unusable_contents(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "pw"
    path.write_bytes(content)
    assert says in refusal(lambda: from_file(path))
    assert says in refusal(lambda: from_stream(io.BytesIO(content)))


def test_unreadable_files(tmp_path: Path) -> None:
    assert "No such file" in refusal(lambda: from_file(tmp_path / "none"))
    assert "directory" in refusal(lambda: from_file(tmp_path))


def test_a_command_prints_it() -> None:
    secret = PasswordCommand(python("print('hunter2'); print('second')")).run()
    assert secret.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(secret)


def test_no_shell_sees_the_command() -> None:
    assert PasswordCommand(["printf", "%s", "$HOME;`id`"]).run().get_secret_value() == "$HOME;`id`"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (
            python("import sys; sys.exit('\\nvault is \\x1b[2Jlocked\\nmore')"),
            "vault is �[2Jlocked",
        ),
        (python("print('hunter2'); raise SystemExit(3)"), "it ended with 3"),
        (python("pass"), "its first line is empty"),
        (["/nowhere/pass"], "'pass' gave no password: No such file"),
        (["pa\0ss"], "it cannot be run"),
        ([], "it cannot be run"),
    ],
)
def test_failing_commands_say_why(command: list[str], says: str) -> None:
    sentence = refusal(lambda: PasswordCommand(command).run())
    assert says in sentence
    assert "more" not in sentence


def test_a_command_that_hangs_is_ended() -> None:
    begun = time.monotonic()
    code = "import time; print('hunter2', flush=True); time.sleep(60)"
    sentence = refusal(lambda: PasswordCommand(python(code), timeout=0.3).run())
    assert "within 0.3 s" in sentence
    assert time.monotonic() - begun < 10


def test_a_command_that_ends_is_not_waited_for_any_longer_than_that(tmp_path: Path) -> None:
    """An agent that it leaves behind holds its pipes for as long as it lives."""
    pid = tmp_path / "pid"
    script = f"echo hunter2; sleep 60 & echo $! > {pid}"
    try:
        command = PasswordCommand(["sh", "-c", script], timeout=20)
        assert command.run().get_secret_value() == "hunter2"
        assert Path(f"/proc/{pid.read_text().strip()}").exists(), "it is left alone"
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)


def test_an_agent_left_behind_by_a_command_that_failed_hides_no_reason(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f"sleep 60 & echo $! > {pid}; echo the vault is sealed >&2; exit 3"
    try:
        sentence = refusal(PasswordCommand(["sh", "-c", script], timeout=20).run)
        assert "it ended with 3: the vault is sealed." in sentence
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)


@pytest.mark.parametrize("command", [["yes"], ["cat", "/dev/zero"], ["sh", "-c", "yes & wait"]])
def test_output_without_end_is_ended(command: list[str]) -> None:
    running = PasswordCommand(command)
    assert "it printed more than 64 KiB and was ended." in refusal(running.run)
    assert running._process is not None
    assert running._process.returncode == -signal.SIGKILL


def test_complaints_without_end_are_bounded_and_told() -> None:
    sentence = refusal(PasswordCommand(["sh", "-c", "yes no >&2"], timeout=0.3).run)
    assert sentence.endswith("it did not end within 0.3 s: no.")


def test_what_it_asked_is_told_where_nobody_answered() -> None:
    script = "printf 'Passphrase for vault: ' >&2; exec sleep 60"
    sentence = refusal(PasswordCommand(["sh", "-c", script], timeout=0.5).run)
    assert sentence.endswith("it did not end within 0.5 s: Passphrase for vault:.")


def test_what_is_waited_for_and_how_long() -> None:
    assert PasswordCommand(["/opt/bin/pass", "hunter2"]).under_way == (
        "Waiting for the password command 'pass', 30 s at most."
    )


def test_under_a_screen_a_command_cannot_read_keys() -> None:
    code = "import sys; print(repr(sys.stdin.read()))"
    assert PasswordCommand(python(code)).run().get_secret_value() == "''"


class FakeKeyring:
    def __init__(self, failure: Exception | None = None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.failure = failure

    def get_password(self, service_name: str, username: str) -> str | None:
        if self.failure:
            raise self.failure
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        if self.failure:
            raise self.failure
        self.kept[service_name, username] = password


def test_the_command_of_a_profile_serves_its_own_server_only() -> None:
    own, other = ServerAddress("https", "em01", 9398), ServerAddress("https", "em02", 9398)
    command = tuple(python("print('hunter2')"))
    saved = SavedProfile(name="prod", server=own, password_command=command)
    mine = command_of(saved, own)
    assert mine is not None
    assert mine.run().get_secret_value() == "hunter2"
    assert command_of(saved, other) is None
    assert command_of(SavedProfile(name="prod", server=own), own) is None


def test_stopping_a_command_ends_what_it_has_started_too(tmp_path: Path) -> None:
    child = "import os,time; open('pid','w').write(str(os.getpid())); time.sleep(60)"
    starts = f"import os,subprocess,sys; os.chdir({str(tmp_path)!r});"
    starts += f" subprocess.run([sys.executable, '-S', '-c', {child!r}])"
    command = PasswordCommand(python(starts))
    sentences: list[str] = []
    running = threading.Thread(target=lambda: sentences.append(refusal(command.run)))
    running.start()
    pid = tmp_path / "pid"
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.01)
    command.stop()
    running.join(10)
    assert not running.is_alive()
    assert "it ended with -9" in sentences[0]
    state = Path(f"/proc/{pid.read_text()}/stat")
    while state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        time.sleep(0.01)


def test_stopped_before_it_began_it_does_not_stay() -> None:
    command = PasswordCommand(python("import time; time.sleep(60)"))
    command.stop()
    assert "it ended with -9" in refusal(command.run)


def test_a_password_file_that_others_can_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    file.chmod(0o644)
    assert f"chmod 600 {file}" in (exposed_file(file) or "")
    file.chmod(0o622)
    assert "is used, but other users can change it" in (exposed_file(file) or "")
    file.chmod(0o600)
    assert exposed_file(file) is None
    assert exposed_file(tmp_path / "none") is None


def test_the_keyring_keeps_a_password_for_one_user_at_one_server() -> None:
    keyring = FakeKeyring()
    password_sources.to_keyring("https://em01:9398", "u", SecretStr("hunter2"), keyring)
    found = password_sources.from_keyring("https://em01:9398", "u", keyring)
    assert found is not None
    assert found.get_secret_value() == "hunter2"
    assert password_sources.from_keyring("https://em02:9398", "u", keyring) is None
    assert password_sources.from_keyring("https://em01:9398", "v", keyring) is None


def test_a_keyring_in_trouble_is_explained() -> None:
    locked = FakeKeyring(RuntimeError("locked, hunter2"))
    secret = SecretStr("hunter2")
    assert "RuntimeError" in refusal(lambda: password_sources.from_keyring("x", "u", locked))
    assert "RuntimeError" in refusal(lambda: password_sources.to_keyring("x", "u", secret, locked))


def test_without_the_extra_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_sources, "keyring_available", lambda: False)
    assert password_sources.from_keyring("x", "u") is None
    secret = SecretStr("hunter2")
    assert "not installed" in refusal(lambda: password_sources.to_keyring("x", "u", secret))


# One cleaning, for every source. ---------------------------------------------------

SENT = {
    "pw-as-it-is": "pw-as-it-is",
    "pw\n": "pw",
    "pw\r\n": "pw",
    "\ufeffpw": "pw",
    "\ufeffpw\r\n": "pw",
    "pw\u200b": "pw",
    " p w ": " p w ",
    "ä€漢": "ä€漢",
}
NEVER = ["\n", "\r\n", "\ufeff", "\ufeff\n", "p\x00w", "p\tw", "p\x1b[Aw", "p\x7fw", "p\x85w",
         "\x1b[200~pw\x1b[201~", "p\ufffdw", "p\rw"]  # fmt: skip


class Held:
    def __init__(self, password: str) -> None:
        self.password = password

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.password

    def set_password(self, service_name: str, username: str, password: str) -> None:
        raise AssertionError


def given(source: str, text: str, tmp_path: Path) -> SecretStr | None:
    path = tmp_path / "kept"
    path.write_bytes(text.encode())
    if source == "environment":
        return from_environment({PASSWORD_VARIABLE: text})
    if source == "file":
        return from_file(path)
    if source == "stream":
        return from_stream(io.BytesIO(text.encode()))
    if source == "command":
        return PasswordCommand(["cat", str(path)]).run()
    return from_keyring("https://em01:9398", "jdoe", Held(text))


SOURCES = ["environment", "file", "stream", "command", "keyring"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("text", SENT)
def test_one_cleaning_for_every_source(source: str, text: str, tmp_path: Path) -> None:
    password = given(source, text, tmp_path)
    assert password is not None
    assert password.get_secret_value() == SENT[text]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("text", NEVER)
def test_nothing_empty_or_with_control_characters_is_ever_sent(
    source: str, text: str, tmp_path: Path
) -> None:
    with pytest.raises(CredentialsUnavailable) as caught:
        given(source, text, tmp_path)
    assert caught.value.full_text.isprintable()
    assert "pw" not in caught.value.full_text


@pytest.mark.parametrize("text", ["", *NEVER[4:]])
async def test_the_client_itself_refuses_to_send_it(text: str) -> None:
    async with serving(proper(http(200, session_body()))) as server:
        client = EnterpriseManager(server.address, Credentials("jdoe", SecretStr(text)))
        with pytest.raises(CredentialsUnavailable):
            await client.log_on()
        await client.aclose()
    assert server.requests == []


def test_a_keyring_that_does_not_answer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_sources, "KEYRING_SECONDS", 0.05)
    never = threading.Event()

    def asks_on_another_desk(_url: str, _user: str) -> SecretStr | None:
        never.wait(30)
        return None

    with pytest.raises(CredentialsUnavailable, match="did not answer within"):
        password_sources.within_seconds(asks_on_another_desk, "https://em01:9398", "jdoe")
    never.set()
    monkeypatch.setattr(password_sources, "KEYRING_SECONDS", 30.0)
    given = password_sources.within_seconds(lambda *_: SecretStr("pw"), "x", "y")
    assert given is not None
    assert given.get_secret_value() == "pw"
