"""Where the program keeps its files, by the platform's own rules."""

from __future__ import annotations

from pathlib import Path

APPLICATION = "failover-monitor"


def default_config_file() -> Path:
    """The settings file that is read unless another one is named."""
    from platformdirs import user_config_path

    return user_config_path(APPLICATION, appauthor=False) / "config.toml"


def default_known_servers() -> Path:
    """The file of accepted certificates. State, not configuration: the program writes it."""
    from platformdirs import user_state_path

    return user_state_path(APPLICATION, appauthor=False) / "known_servers"


def default_journal_folder() -> Path:
    """The folder of the journals: a folder for each server, a file for each session."""
    from platformdirs import user_state_path

    return user_state_path(APPLICATION, appauthor=False) / "journal"
