"""`metrics dashboard|alerts`: what the package holds for the monitoring of a site."""

from __future__ import annotations

from importlib.resources import files

import click

from tui.exit_codes import ExitCode


def print_dashboard() -> int:
    """Print the dashboard for Grafana."""
    return _print("dashboard.json")


def print_alerts() -> int:
    """Print the alert rules for Prometheus."""
    return _print("alerts.yml")


def _print(name: str) -> int:
    click.echo((files("tui.metrics") / name).read_text(encoding="utf-8"), nl=False)
    return ExitCode.SUCCESS
