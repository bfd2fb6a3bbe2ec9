"""Reading the settings file; what is wrong with it is said by `problems`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import InvalidSettings
from tui.file_permissions import changeable_by_others
from tui.light import dataclass
from tui.settings.lines import name_of, place_of
from tui.settings.unwritten import UNWRITTEN

if TYPE_CHECKING:
    from tui.settings.model import SettingsTable

_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class SettingsFile:
    """A settings file that was read. `text` is kept to name lines in later messages."""

    path: Path
    table: SettingsTable
    text: str = ""
    exists: bool = False

    def at(self, *path: str) -> str:
        """`FILE, line N: KEY in [TABLE]`, to begin a message about a value."""
        return f"{place_of(self.path, self.text, path)}: {name_of(path)}"


def read_settings(path: Path, *, required: bool = False) -> SettingsFile:
    """Read and check a settings file; one that is not there is empty unless required.

    Raises InvalidSettings with the first problem, and how many more there are.
    """
    text = _read_text(path, required=required, named=required)
    if text is None:
        return SettingsFile(path, UNWRITTEN)
    problems = find_problems(path, text)
    if not isinstance(problems, list):
        return SettingsFile(path, problems, text, exists=True)
    more = len(problems) - 1
    raise InvalidSettings(
        problems[0], f"({more} more: failover-monitor config check.)" if more else None
    )


def find_problems(path: Path, text: str) -> SettingsTable | list[str]:
    """The checked table, or a sentence for every problem, in the order of the file."""
    # The models and the library behind them take longer to load than all else that the
    # program needs before its first picture: who has no file does without.
    from tui.settings.problems import problems_in

    return problems_in(path, text)


def read_text(path: Path, *, named: bool = True) -> str:
    """The text of a file that is there, `named` by a person or the usual one.

    Raises InvalidSettings where it cannot be read or believed.
    """
    return _read_text(path, required=True, named=named) or ""


def _read_text(path: Path, *, required: bool, named: bool) -> str | None:
    try:
        with path.open("rb") as file:
            body = file.read(_MAX_BYTES + 1)
        if len(body) > _MAX_BYTES:
            raise InvalidSettings(f"{path} is larger than 1 MiB: no settings file.")
        # Whose it is matters for the one that is read without being named.
        exposed = changeable_by_others(path, whose=not named)
        if exposed is not None:
            raise InvalidSettings(
                f"{path} is not used, since it may name commands and certificates: {exposed}."
            )
        return body.decode("utf-8-sig").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        if not required:
            return None
        raise InvalidSettings(f"{path}: there is no such settings file.") from None
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise InvalidSettings(f"{path}, line {line}: not UTF-8 text.") from None
    except OSError as error:
        raise InvalidSettings(f"{path} cannot be read: {error.strerror}.") from None
