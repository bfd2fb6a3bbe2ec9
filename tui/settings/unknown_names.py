"""Names in the settings file that only the screen can judge: themes and binding ids.

The file is checked before the screen is loaded, so that these are told as notices
when it starts, and everything else goes on to hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable


def unknown_theme(
    theme: str | None, known: Collection[str], origin: str = "The settings file"
) -> str | None:
    """A sentence if `theme` is none of the `known` ones; None if all is well."""
    if theme is None or theme in known:
        return None
    return f"{origin} names an unknown theme, {theme!r}. There are {', '.join(known)}."


def unknown_bindings(ids: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """A sentence for each id under [keys] that is the id of no binding."""
    return tuple(
        f"[keys] in the settings file: there is no binding {name!r}.{_meant(name, known)}"
        for name in ids
        if name not in known
    )


def _meant(name: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
