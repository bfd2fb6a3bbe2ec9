from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tui
from tui import __version__
from tui.manual.blocks import Code, Heading, Term
from tui.manual.generated import GENERATED_PARTS
from tui.manual.lines import PagePainter, page_lines
from tui.manual.names import NAMES
from tui.manual.pages import page, pages, source
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length, plain_text
from tui.settings.reference import tables
from tui.simulator import SCENARIOS

TEXTS = Path(tui.__file__).parent / "manual" / "text"
EVERY_PAGE = pytest.mark.parametrize("name", NAMES)


def test_every_text_is_a_page_and_every_page_has_a_text() -> None:
    assert {file.name for file in TEXTS.iterdir()} == {f"{name}.md" for name in NAMES}


@EVERY_PAGE
def test_a_page_begins_with_its_only_title(name: str) -> None:
    first, *others = page(name).blocks
    assert isinstance(first, Heading)
    assert first.level == 1
    assert page(name).title == first.text
    assert all(not isinstance(each, Heading) or each.level == 2 for each in others)


@EVERY_PAGE
def test_code_fits_a_terminal_of_eighty_cells(name: str) -> None:
    for block in page(name).blocks:
        if isinstance(block, Code):
            assert block.language in ("sh", "toml", "json", "ini", "text", "yaml")
            longest = 100 if block.language == "sh" else 10_000  # a setting may need more
            assert all(len(line) <= longest for line in block.lines)


def test_there_is_no_page_of_another_name() -> None:
    with pytest.raises(KeyError):
        page("../../errors")


@pytest.mark.parametrize("glyphs", [ASCII, UNICODE], ids=["ascii", "unicode"])
@given(width=st.integers(20, 130), name=st.sampled_from(NAMES))
def test_every_line_fits_whatever_the_width(name: str, width: int, glyphs: Glyphs) -> None:
    lines = page_lines(page(name), width, glyphs, whole_code=False)
    assert all(length(line) <= width for line in lines)
    if glyphs.is_ascii:
        assert all(plain_text(line).isascii() for line in lines)


@EVERY_PAGE
def test_the_code_is_whole_where_it_may_be_copied(name: str) -> None:
    shown = {plain_text(line).strip() for line in page_lines(page(name), 30, UNICODE)}
    for block in page(name).blocks:
        if isinstance(block, Code):
            assert {line.strip() for line in block.lines} <= shown


def test_every_generated_part_is_asked_for_by_some_page() -> None:
    asked = set(re.findall(r"<!-- generated: (\S+) -->", "".join(map(source, NAMES))))
    assert asked == set(GENERATED_PARTS)


def test_the_settings_page_has_every_key_of_the_model() -> None:
    blocks = page("settings").blocks
    told = {term for each in blocks if isinstance(each, Term) for term in each.terms}
    assert {setting.name for table in tables() for setting in table.settings} <= told


def test_the_simulator_page_has_every_scenario() -> None:
    told = {
        term for each in page("simulator").blocks if isinstance(each, Term) for term in each.terms
    }
    assert set(SCENARIOS) <= told


def test_the_newest_version_of_the_changes_is_this_one() -> None:
    versions = [each.text for each in page("changes").blocks if isinstance(each, Heading)][1:]
    assert versions[0] == __version__
    assert len(versions) == len(set(versions))


def test_the_list_has_a_row_for_each_page_at_any_width() -> None:
    painter = PagePainter(UNICODE)
    for width in (36, 80, 200):
        columns = painter.columns(width)
        for each in pages():
            cells = painter.cells(each, columns)
            assert [length(cell) for cell in cells] == [column.width for column in columns]
            assert plain_text(cells[0]).strip() == each.name
