from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.journal import chain
from tui.journal.chain import START, Wholeness, follow, hash_of, line_of, record_of, verify

_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_records = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name not in ("prev", "sum", "torn")), _values
)


def chained(records: Sequence[dict[str, object]]) -> list[bytes]:
    lines, last = [], START
    for record in records:
        line = line_of(record, last)
        last = hash_of(line)
        lines.append(line + b"\n")
    return lines


THREE = chained([{"kind": "a"}, {"kind": "b", "text": "ä"}, {"kind": "c"}])


@given(st.lists(_records, min_size=1, max_size=5))
def test_what_is_written_is_read_back_and_is_whole(records: list[dict[str, object]]) -> None:
    lines = chained(records)
    assert [link.record for link in follow(lines)] == records
    assert all(line.count(b"\n") == 1 for line in lines)
    found = verify(lines)
    assert (found.wholeness, found.lines, found.at) == (Wholeness.WHOLE, len(records), None)
    assert found.last_hash == hash_of(lines[-1][:-1])


def test_a_line_is_json_that_any_reader_understands() -> None:
    read = json.loads(THREE[1])
    assert read["prev"] == hash_of(THREE[0][:-1])
    assert read["text"] == "ä"
    assert len(read["sum"]) == 16


def test_no_line_at_all_is_empty() -> None:
    assert verify([]).wholeness is Wholeness.EMPTY


@given(st.data())
def test_one_altered_byte_is_found_at_its_line(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(0, len(THREE[number]) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b not in (THREE[number][place], 10)))
    altered = bytearray(THREE[number])
    altered[place] = byte
    found = verify([*THREE[:number], bytes(altered), *THREE[number + 1 :]])
    assert (found.wholeness, found.at) == (Wholeness.ALTERED, number + 1)
    assert found.lines == number


@given(st.integers(0, sum(map(len, THREE)) - 1))
def test_a_byte_turned_into_a_line_break_is_found(place: int) -> None:
    content = bytearray(b"".join(THREE))
    before = bytes(content)
    content[place] = 10
    if bytes(content) != before:
        found = verify(bytes(content).splitlines(keepends=True))
        assert found.wholeness is Wholeness.ALTERED


@pytest.mark.parametrize("gone", [0, 1])
def test_a_missing_line_is_found_at_the_next_one(gone: int) -> None:
    found = verify(line for number, line in enumerate(THREE) if number != gone)
    assert (found.wholeness, found.at) == (Wholeness.ALTERED, gone + 1)


def test_lines_in_another_order_are_found() -> None:
    assert verify([THREE[0], THREE[2], THREE[1]]).at == 2


def test_a_line_whose_sum_was_mended_is_found_at_the_next_one() -> None:
    forged = line_of({"kind": "z"}, hash_of(THREE[0][:-1])) + b"\n"
    assert verify([THREE[0], forged, THREE[2]]).at == 3


@given(st.integers(1, len(THREE[2]) - 2))
def test_a_last_line_cut_short_is_torn_and_loses_nothing_before_it(kept: int) -> None:
    found = verify([*THREE[:2], THREE[2][:kept]])
    assert (found.wholeness, found.at, found.lines) == (Wholeness.TORN, 3, 2)
    assert found.last_hash == hash_of(THREE[1][:-1])


def test_a_last_line_that_lacks_its_line_break_only_is_whole() -> None:
    assert verify([*THREE[:2], THREE[2][:-1]]).wholeness is Wholeness.WHOLE


def test_a_fragment_with_a_line_break_that_nothing_explains_is_altered() -> None:
    assert verify([*THREE[:2], b'{"prev":"00\n']).wholeness is Wholeness.ALTERED


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=3))
def test_a_journal_goes_on_after_torn_lines(fragments: list[bytes]) -> None:
    fragment = b"\n".join(fragments)
    last = hash_of(THREE[1][:-1])
    after = line_of({"kind": "opened"}, last, torn=fragment) + b"\n"
    content = b"".join(THREE[:2]) + fragment + b"\n" + after
    found = verify(content.split(b"\n")[i] + b"\n" for i in range(content.count(b"\n")))
    assert (found.wholeness, found.lines, found.torn_within) == (Wholeness.WHOLE, 3, (3,))


def test_a_torn_line_may_not_be_altered_afterwards() -> None:
    after = line_of({"kind": "opened"}, hash_of(THREE[1][:-1]), torn=b"frag") + b"\n"
    found = verify([*THREE[:2], b"frog\n", after])
    assert (found.wholeness, found.at) == (Wholeness.ALTERED, 3)


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"\xff\xfe", b'{"prev":1,"sum":"x"}'])
def test_what_is_no_line_of_a_journal_holds_no_record(line: bytes) -> None:
    assert record_of(line) is None


def test_lone_surrogates_do_not_stop_the_journal() -> None:
    (link,) = follow([line_of({"text": "a\ud800b"}, START) + b"\n"])
    assert link.record is not None
    assert link.record["text"] == "a\ud800b"


def test_the_start_is_no_hash_of_anything_likely() -> None:
    assert chain.START == "0" * 64
