"""`info --bundle FILE`: one file for a bug report, with nothing secret in it."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tui.cli.printing import printable, say
from tui.errors import FailoverMonitorError, InvalidInput
from tui.exit_codes import ExitCode
from tui.masking import masked, register_credentials
from tui.password_sources import PASSWORD_VARIABLE
from tui.whole_files import PRIVATE, replace_file

MOST_LINES: Final = 1_000
"""Of the log, the last ones."""

_MOST_BYTES: Final = 1024 * 1024
_LINE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
"""How a line of this program's log begins. Another file may have been named as the log."""

_README: Final = """\
failover-monitor info --bundle, made {made}.

info.json      versions, paths, terminal and locale
settings.toml  what holds, as `config show` prints it, or what is wrong with the settings file
log.txt        the last lines of the request log, where there is one

There is no password, no token and no argument of a command in it, and of proxies no user.
There are names in it: of servers, users, profiles, plans, of folders of this machine.
Read it before you send it: tar xzf FILE
"""


def write_bundle(
    path: Path, facts: Mapping[str, Any], settings: Callable[[], list[str]], log_file: Path | None
) -> int:
    """Write it, readable by its owner only, and say what is in it.

    `settings` gives the lines of `config show`, or raises. Raises InvalidInput for a file that
    is there already, or cannot be written.
    """
    if path.exists():
        raise InvalidInput(f"--bundle: {path} is there already.", "Name a file that is not.")
    password = os.environ.get(PASSWORD_VARIABLE)
    if password:
        register_credentials("", password)
    made = datetime.now(UTC).replace(microsecond=0)
    contents = {
        "README.txt": _README.format(made=made.isoformat()),
        "info.json": json.dumps(facts, indent=2) + "\n",
        "settings.toml": _of_settings(settings),
        "log.txt": _log(log_file),
    }
    kept = {name: masked(printable(text)) for name, text in contents.items() if text is not None}
    try:
        replace_file(path, _packed(kept, made), mode=PRIVATE, sync=False)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput(f"--bundle: {path} cannot be written: {reason}.") from None
    say(f"{path}, for your eyes only (mode 0600), holds:")
    for name, text in kept.items():
        lines = text.count("\n")
        say(f"  {name:<14} {lines} line{'' if lines == 1 else 's'}")
    say("No password, token or argument of a command is in it; names of servers and users are.")
    return ExitCode.SUCCESS


def _of_settings(settings: Callable[[], list[str]]) -> str:
    """A file that is wrong is what the report may be about: then it is told what is wrong."""
    try:
        return "\n".join(settings()) + "\n"
    except FailoverMonitorError as error:
        return f"# {error.full_text}\n"


def _log(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _MOST_BYTES))
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return f"{path}: {error.strerror or type(error).__name__}\n"
    ours = [line for line in text.splitlines() if _LINE.match(line)]
    return "".join(f"{line}\n" for line in ours[-MOST_LINES:])


def _packed(contents: Mapping[str, str], made: datetime) -> bytes:
    """A tar.gz with one folder in it, whose files nobody else may read."""
    data = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=data, mode="wb", mtime=int(made.timestamp())) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, text in contents.items():
            body = text.encode("utf-8", "replace")
            entry = tarfile.TarInfo(f"failover-monitor-info/{name}")
            entry.size, entry.mode, entry.mtime = len(body), PRIVATE, int(made.timestamp())
            archive.addfile(entry, io.BytesIO(body))
    return data.getvalue()
