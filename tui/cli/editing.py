"""`config init|edit`: a settings file made, and changed so that nothing typed is ever lost."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from tui.cli.configuring import problems_of
from tui.cli.launch import config_path
from tui.cli.printing import say
from tui.errors import InvalidInput, InvalidSettings
from tui.exit_codes import ExitCode
from tui.settings.commented import commented_settings
from tui.settings.file import read_text
from tui.whole_files import PRIVATE, replace_file

_EDITORS = ("editor", "nano", "vi")
"""Tried where neither VISUAL nor EDITOR says which one: Debian's choice, then what is there."""

_EMPTIED = "The editor has left nothing in the file, as one does that found the disk full."


def init(config: Path | None, *, force: bool) -> int:
    """Write the commented file, mode 0600. Raises InvalidInput where there is one already."""
    path, _ = config_path(config, os.environ)
    kept = None
    with _sayable(path):
        if os.path.lexists(path):
            _check_file(path)
            if not force:
                raise InvalidInput(
                    f"{path} is there already, and stays as it is.",
                    "failover-monitor config edit changes it; --force puts a new one in its place.",
                )
            kept = path.with_name(f"{path.name}.before")
        _create(path, commented_settings(), kept)
    say(f"{path}: written, with every setting there is and none of them set.")
    if kept is not None:
        say(f"What was there is in {kept}.")
    return ExitCode.SUCCESS


def edit(config: Path | None) -> int:
    """Have a copy edited until it is right, and put it in place; what is typed is never lost."""
    path, _ = config_path(config, os.environ)
    command = _editor(os.environ)
    with _sayable(path):
        _check_file(path)
        before = path.read_bytes() if path.exists() else None
        begun = commented_settings().encode() if before is None else before
        copy = _copy_beside(path, begun)
    ended = 0
    while ended == 0:
        ended = _run(command, copy)
        with _sayable(copy):  # an editor may take it away
            written = copy.read_bytes()
        if written == begun:
            copy.unlink()
            say(f"Nothing was changed; {path} is {'not there' if before is None else 'as before'}.")
            return ExitCode.USAGE if ended else ExitCode.SUCCESS
        problems = [f"The editor ended with {ended}."] if ended else _problems(path, copy)
        if not problems and not written.strip() and begun.strip():
            problems = [_EMPTIED]
        for problem in problems:
            say(problem, err=True)
        if not problems:
            return _put_in_place(path, copy, before)
        if ended == 0 and not _again():
            break
    return _left(path, copy)


def _check_file(path: Path) -> None:
    """FAILOVER_MONITOR_CONFIG=/dev/null is how people have no settings."""
    if path.exists() and not path.is_file():
        raise InvalidInput(f"{path} is no file, so it stays as it is.", "--config names another.")


def _problems(path: Path, copy: Path) -> list[str]:
    """Of the copy's text, told of the file that it is to become."""
    try:
        return problems_of(path, read_text(copy, named=True))
    except InvalidSettings as error:
        return [error.full_text]


def _put_in_place(path: Path, copy: Path, before: bytes | None) -> int:
    try:
        with _sayable(path):
            now = path.read_bytes() if path.exists() else None
            if now != before:
                say("Somebody else has changed the file meanwhile.", err=True)
                return _left(path, copy)
            mode = stat.S_IMODE(path.stat().st_mode) if now is not None else PRIVATE
            replace_file(path, copy.read_bytes(), mode=mode)
    except InvalidInput as error:
        say(error.full_text, err=True)
        return _left(path, copy)
    copy.unlink()
    say(f"{path}: changed, nothing wrong.")
    return ExitCode.SUCCESS


def _left(path: Path, copy: Path) -> int:
    say(f"{path} is as it was; what you wrote is in {copy}.", err=True)
    return ExitCode.USAGE


def _again() -> bool:
    """Whether to open the editor once more; nobody to ask means no."""
    try:
        return click.confirm("Edit again?", default=True, err=True)
    except click.Abort:
        click.echo(err=True)
        return False


def _create(path: Path, text: str, kept: Path | None) -> None:
    """Only where nothing is, whatever happens meanwhile; else what is there becomes `kept`.

    Nothing is moved before the new text is written, and no half of it is left.
    """
    if kept is not None:
        copy = _copy_beside(path, text.encode())
        try:
            path.replace(kept)
            copy.replace(path)
        except OSError:
            copy.unlink(missing_ok=True)
            raise
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), path, text.encode())


def _copy_beside(path: Path, content: bytes) -> Path:
    """In the file's own folder, so that paths that begin there are checked as they will be."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="edited-", suffix=".toml")
    _fill(handle, Path(name), content)
    return Path(name)


def _fill(handle: int, path: Path, content: bytes) -> None:
    """Write a file that we have just made; it goes again where it cannot be written whole."""
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _run(command: Sequence[str], copy: Path) -> int:
    """The editor's exit code. Ctrl+C is the editor's while it is there."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run([*command, str(copy)], check=False).returncode  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _sayable(path: Path) -> Iterator[None]:
    """What the operating system refuses is one sentence."""
    reason = None
    try:
        yield
    except OSError as error:
        reason = error.strerror or "it cannot be written"
    if reason is not None:
        raise InvalidInput(f"{path}: {reason}.")


def _editor(environ: Mapping[str, str]) -> list[str]:
    """The editor's command; VISUAL and EDITOR may hold arguments, such as `code --wait`."""
    for variable in ("VISUAL", "EDITOR"):
        said = environ.get(variable, "").strip()
        if said:
            try:
                words = shlex.split(said)
            except ValueError:
                raise InvalidInput(f"{variable} holds a quote that is not closed.") from None
            if shutil.which(words[0]) is None:
                raise InvalidInput(f"{variable}: there is no program {words[0]!r} to run.")
            return words
    found = next((name for name in _EDITORS if shutil.which(name)), None)
    if found is None:
        raise InvalidInput("No editor was found.", "Set VISUAL or EDITOR to the one you use.")
    return [found]
