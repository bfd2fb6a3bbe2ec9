"""One module a screen: layout, keys and messages.

What lies behind the logon is loaded when it is first named, so that the login screen
is there sooner: `screens.SessionScreen`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.certificate import CertificateScreen
    from tui.screens.help import HelpScreen
    from tui.screens.palette import Palette
    from tui.screens.password import PasswordScreen
    from tui.screens.picker import PickerScreen
    from tui.screens.replay import ReplayScreen
    from tui.screens.session import SessionScreen
    from tui.screens.standby import StandbyScreen

__all__ = [
    "CertificateScreen",
    "HelpScreen",
    "Palette",
    "PasswordScreen",
    "PickerScreen",
    "ReplayScreen",
    "SessionScreen",
    "StandbyScreen",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{name.removesuffix('Screen').lower()}")
    return getattr(module, name)
