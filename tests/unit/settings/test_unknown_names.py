from __future__ import annotations

from tui.settings.unknown_names import unknown_bindings, unknown_theme

THEMES = ("dark", "light", "contrast")


def test_a_known_theme_or_none_is_no_news() -> None:
    assert unknown_theme(None, THEMES) is None
    assert unknown_theme("light", THEMES) is None


def test_an_unknown_theme_is_told_with_those_that_exist() -> None:
    said = unknown_theme("drak", THEMES)
    assert said == (
        "The settings file names an unknown theme, 'drak'. There are dark, light, contrast."
    )


def test_each_unknown_binding_is_told_with_the_one_that_was_meant() -> None:
    said = unknown_bindings(["quit", "qiut", "zzz"], {"quit", "filter"})
    assert said == (
        "[keys] in the settings file: there is no binding 'qiut'. Did you mean 'quit'?",
        "[keys] in the settings file: there is no binding 'zzz'.",
    )


def test_known_bindings_are_no_news() -> None:
    assert unknown_bindings(["quit"], {"quit"}) == ()
