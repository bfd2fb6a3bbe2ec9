"""A command line as bash reads it, and values as it takes them: compared with bash itself."""

from __future__ import annotations

import shlex
import shutil
import string
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.shell_words import quoted, words_of

TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=30)
TRICKY = [
    *(f"a{character}b" for character in string.punctuation + " "),
    *(f"{character}" for character in string.punctuation),
    'plan:ABC Company\'s "West" $Plan',
    "~root",
    "$(true)`true`",
    "Jörg & Söhne 🔥",
    "-n",
    "",
]


@given(TEXTS, st.sampled_from(["", "'", '"']))
def test_what_is_quoted_is_read_back(value: str, quote: str) -> None:
    line = f"x --y {quote}{quoted(value, quote)}"
    read = words_of(line)
    assert (read.before, read.word) == (("x", "--y"), value)
    if value or quote:
        assert read.quote == quote


@given(TEXTS)
def test_without_a_quote_python_reads_it_as_well(value: str) -> None:
    assert shlex.split(f"x {quoted(value)}") == ["x", value] if value else True


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_bash_takes_each_as_one_argument(quote: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here, so that it was not asked")
    wanted = [value for value in TRICKY if value or quote]
    words = " ".join(f"{quote}{quoted(value, quote)}{quote}" for value in wanted)
    done = subprocess.run(
        [bash, "--norc", "-c", f"set +H; printf '%s\\0' {words}"], capture_output=True, check=True
    )
    assert done.stdout.decode().split("\0")[:-1] == wanted


@pytest.mark.parametrize(
    ("line", "before", "word", "quote"),
    [
        ("", (), "", ""),
        ("x", (), "x", ""),
        ("x ", ("x",), "", ""),
        ("x 'a b' ", ("x", "a b"), "", ""),
        ("x '' ", ("x", ""), "", ""),
        (r"x a\ b", ("x",), "a b", ""),
        (r'x "a\"b', ("x",), 'a"b', '"'),
        (r'x "a\nb"', ("x",), r"a\nb", ""),
        (r"x 'a\'", ("x",), "a\\", ""),
        ("x a'b'\"c d", ("x",), "abc d", '"'),
        ("x a\\", ("x",), "a\\", ""),
    ],
)
def test_how_a_line_is_read(line: str, before: tuple[str, ...], word: str, quote: str) -> None:
    read = words_of(line)
    assert (read.before, read.word, read.quote) == (before, word, quote)


def test_where_bash_breaks_a_word() -> None:
    assert words_of("x plan:a:b", ":=").breaks == (5, 7)
    assert words_of(r"x plan\:a", ":=").breaks == ()
    assert words_of("x 'plan:a", ":=").breaks == ()
    assert words_of("x --server=em01:93", ":=").breaks == (9, 14)
