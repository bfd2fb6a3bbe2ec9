"""A profile added to a settings file, which stays as its owner wrote it: the table goes last."""

from __future__ import annotations

import stat
from collections.abc import Container
from pathlib import Path

from tui.errors import InvalidSettings
from tui.server_address import DEFAULT_PORT, ServerAddress
from tui.settings.file import find_problems, read_settings
from tui.settings.toml import toml_key, toml_value
from tui.whole_files import PRIVATE, replace_file


def add_profile(path: Path, server: ServerAddress, user: str) -> str:
    """Write a profile for that account to the file, made where there is none; the name it got.

    Nothing is written unless the whole file is right with it. Raises InvalidSettings, with
    the lines to write by hand.
    """
    known = read_settings(path).table.profiles
    name = profile_name(server, user, known)
    lines = profile_lines(name, server, user)
    if path.exists() and not path.is_file():
        raise InvalidSettings(f"{path} is no file.", _by_hand(lines))
    try:
        before = path.read_bytes() if path.exists() else b""
        new_line = "\r\n" if b"\r\n" in before else "\n"
        between = "" if not before or before.endswith(b"\n") else new_line
        text = between + (new_line if before else "") + new_line.join([*lines, ""])
        content = before + text.encode()
        _check(path, content, lines)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(path.stat().st_mode) if before else PRIVATE
        replace_file(path, content, mode=mode)
    except OSError as error:
        reason = error.strerror or "it cannot be written"
    else:
        return name
    raise InvalidSettings(f"{path}: {reason}.", _by_hand(lines))


def profile_name(server: ServerAddress, user: str, known: Container[str]) -> str:
    """A name that is not taken: the host's first label, with the user's name, with a number."""
    is_address = ":" in server.host or server.host.replace(".", "").isdigit()
    host = server.host if is_address else server.host.partition(".")[0].lower()
    account = user.rpartition("\\")[2].partition("@")[0]
    wanted = [host, f"{host}-{account}", *(f"{host}-{number}" for number in range(2, 100))]
    return next((name for name in wanted if name not in known), f"{host} {user}")


def profile_lines(name: str, server: ServerAddress, user: str) -> list[str]:
    """The table, as a person would write it."""
    https = server.host if server.port == DEFAULT_PORT else server.host_and_port
    address = server.url if server.is_plain_http or ":" in server.host else https
    return [
        f"[profiles.{toml_key(name)}]",
        f"server = {toml_value(address)}",
        f"user = {toml_value(user)}",
    ]


def _check(path: Path, content: bytes, lines: list[str]) -> None:
    """A file that holds its profiles in one line, `profiles = {…}`, takes no further table."""
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if isinstance(find_problems(path, text), list):
        raise InvalidSettings(
            f"{path} does not take the profile as it is written.", _by_hand(lines)
        )


def _by_hand(lines: list[str]) -> str:
    return f"Nothing was written; by hand: {'  '.join(lines)}"
