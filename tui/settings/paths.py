"""Where the program keeps its files, by the platform's own rules."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

APPLICATION = "failover-monitor"

_NO_HOME = Path(os.devnull) / "this user has no home folder"
"""Where nothing is and nothing can be made: read as absent, and said when it is to be written."""


def expanded(path: Path) -> Path:
    """With a leading `~` or `~user` made a folder; as it is where there is no such user."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def default_config_file() -> Path:
    """The settings file that is read unless another one is named."""
    from platformdirs import user_config_path

    return _own(user_config_path) / "config.toml"


def default_known_servers() -> Path:
    """The file of accepted certificates. State, not configuration: the program writes it."""
    from platformdirs import user_state_path

    return _own(user_state_path) / "known_servers"


def default_theme_file() -> Path:
    """The file with the theme that was chosen last."""
    from platformdirs import user_state_path

    return _own(user_state_path) / "theme"


def default_last_logon_file() -> Path:
    """The file with the server and the user of the last logon."""
    from platformdirs import user_state_path

    return _own(user_state_path) / "last_logon"


def default_journal_folder() -> Path:
    """The folder of the journals: a folder for each server, a file for each session."""
    from platformdirs import user_state_path

    return _own(user_state_path) / "journal"


def _own(folder: Callable[..., Path]) -> Path:
    """The program's own folder of that kind.

    A user without HOME and without an entry in the list of users (a container's, often)
    has none.
    """
    try:
        found = folder(APPLICATION, appauthor=False)
    except RuntimeError:
        return _NO_HOME
    return _NO_HOME if found.parts[0].startswith("~") else found
