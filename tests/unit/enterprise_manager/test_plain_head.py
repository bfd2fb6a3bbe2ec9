"""A head that is read by a pattern says what h11 says of it; and only what is plain is."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.enterprise_manager.kept_connection import joined
from tui.enterprise_manager.plain_head import plain_head

PLAIN = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b"Content-Length: 7\r\nDate: Thu, 26 Nov 2026 12:00:00 GMT\r\n\r\n"
)


def test_what_a_server_answers_is_plain() -> None:
    found = plain_head(PLAIN + b'{"a":1}')
    assert found is not None
    assert found.headers == {
        b"content-type": b"application/json; charset=utf-8",
        b"content-length": b"7",
        b"date": b"Thu, 26 Nov 2026 12:00:00 GMT",
    }
    assert (found.begins, found.size) == (len(PLAIN), 7)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"200 OK", b"401 Unauthorized"),
        (b"200 OK", b"204 No Content"),
        (b"HTTP/1.1", b"HTTP/1.0"),
        (b"HTTP/1.1", b"http/1.1"),
        (b"Content-Length: 7", b"Transfer-Encoding: chunked"),
        (b"Content-Length: 7", b"Content-Length: 7\r\nTransfer-Encoding: chunked"),
        (b"Content-Length: 7", b"Content-Length: 7\r\nContent-Length: 7"),
        (b"Content-Length: 7", b"Content-Length: 7, 7"),
        (b"Content-Length: 7", b"Content-Length: -7"),
        (b"Content-Length: 7", b"Content-Length: 0x7"),
        (b"Content-Length: 7", b"Content-Length: 7777777777777"),
        (b"Content-Length: 7", b"Content-Length : 7"),
        (b"Content-Length: 7\r\n", b""),
        (b"Date: ", b"Connection: close\r\nDate: "),
        (b"Date: ", b"Connection: keep-alive, close\r\nDate: "),
        (b"Date: ", b"Date: x\r\nDATE: "),
        (b"Date: ", b"Date:"),
        (b"Date: ", b"Date:  "),
        (b"Date: ", b" folded: "),
        (b"Date: ", b"Date: \xfc"),
        (b"Date: ", b"Date: \t"),
        (b" GMT", b" GMT "),
        (b"\r\n\r\n", b"\r\n"),
        (b"\r\n\r\n", b"\n\n"),
    ],
)
def test_what_is_not_plain_is_left_to_who_knows_the_law(before: bytes, after: bytes) -> None:
    assert before in PLAIN
    assert plain_head(PLAIN.replace(before, after, 1) + b'{"a":1}') is None


def test_a_head_that_is_long_is_not_plain() -> None:
    assert plain_head(PLAIN.replace(b"Date: ", b"Date: " + b"x" * 20_000)) is None


PIECES = st.sampled_from(
    [b"Date", b"Content-Length", b"content-length", b"Connection", b"Transfer-Encoding", b"X_y",
     b": ", b":", b" ", b"\t", b"7", b"12", b"keep-alive", b"Keep-Alive", b"close", b"chunked",
     b"\r\n", b"\n", b"\r", b"\x00", b"\xfc", b"a", b",", b";"]
)  # fmt: skip
LINES = st.one_of(
    st.sampled_from(PLAIN.split(b"\r\n")[1:4]),
    st.sampled_from([b"Connection: keep-alive", b"Content-Length: 2", b'ETag: "x"', b"A: b c"]),
    st.lists(PIECES, max_size=5).map(b"".join),
)
STARTS = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.1 2000",
     b"HTTP/1.1  200 OK", b"HTTP/1.1 200 \xfc", b"HTTP/1.0 200 OK", b"HTTP/1.1 206 Part"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(STARTS, st.lists(LINES, max_size=5))
def test_a_plain_head_says_what_h11_says(start: bytes, lines: list[bytes]) -> None:
    data = b"\r\n".join([start, *lines, b"", b""])
    found = plain_head(data)
    if found is None:
        return
    by_law = h11.Connection(h11.CLIENT)
    by_law.send(h11.Request(method="GET", target="/", headers=[("Host", "em01")]))
    by_law.send(h11.EndOfMessage())
    by_law.receive_data(data)
    answer = by_law.next_event()
    assert isinstance(answer, h11.Response)
    assert (answer.status_code, joined(answer.headers)) == (200, found.headers)
    # As many bytes as it wants are the body, and the connection goes on.
    by_law.receive_data(b"x" * found.size)
    body = b""
    while isinstance(event := by_law.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    assert len(body) == found.size
    assert by_law.their_state is h11.DONE
