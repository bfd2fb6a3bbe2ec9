"""What the log hears of answers that came and were of no use."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from tests.support import bodies
from tests.support.fake_server import asking, client_to, http, serving
from tui.enterprise_manager.decoding import parse_json
from tui.enterprise_manager.request_log import FailedQuestion, RequestRecord
from tui.errors import FailoverMonitorError, UnreadableAnswer, WrongCredentials


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, b'{"Message": "token NDRjZmJk", "StatusCode": 500}', "ServerTrouble"),
        (503, b"", "ServerBusy"),
        (403, b"", "NoPermission"),
        (404, b"", "NotFound"),
        (200, b"{", "UnreadableAnswer"),
        (200, b"<html>", "NotEnterpriseManager"),
    ],
)
async def test_the_log_hears_of_answers_that_are_of_no_use(
    status: int, body: bytes, kind: str
) -> None:
    records: list[RequestRecord] = []
    async with asking(http(status, body), on_request=records.append) as (client, _):
        with pytest.raises(FailoverMonitorError):
            await client.failover_session(bodies.SESSION_ID)
    _logon, exchange, failed, _logoff = records
    assert (exchange.status, exchange.error) == (status, None)
    assert isinstance(failed, FailedQuestion)
    assert (failed.path, failed.error) == ("failover_session", kind)
    assert (failed.method, failed.status, failed.size) == ("", None, 0)
    assert failed.seconds >= exchange.seconds
    assert "NDRjZmJk" not in repr(records)


class _Panic(BaseException):
    """As pyo3 raises it: no Exception, and of a module that cannot be imported."""


_Panic.__module__ = "pyo3_runtime"


@pytest.mark.parametrize("want", [MemoryError, _Panic])
async def test_want_of_memory_costs_that_answer_and_is_said(
    want: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    records: list[RequestRecord] = []
    monkeypatch.setattr("tui.enterprise_manager.decoding.from_json", Mock(side_effect=want))
    async with asking(http(200, b"{}"), on_request=records.append) as (client, _):
        with pytest.raises(UnreadableAnswer, match="not enough memory"):
            await client.failover_session(bodies.SESSION_ID)
        monkeypatch.undo()
        with pytest.raises(UnreadableAnswer, match="which resource it is"):
            await client.failover_session(bodies.SESSION_ID)
    assert [each.error for each in records if isinstance(each, FailedQuestion)] == [
        "UnreadableAnswer",
        "UnreadableAnswer",
    ]


async def test_what_else_passes_every_exception_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.enterprise_manager.decoding.from_json", Mock(side_effect=SystemExit))
    with pytest.raises(SystemExit):
        parse_json(b"{}")


async def test_the_log_hears_of_a_refused_logon() -> None:
    records: list[RequestRecord] = []
    async with (
        serving(lambda _: http(401)) as server,
        client_to(server, on_request=records.append) as client,
    ):
        with pytest.raises(WrongCredentials):
            await client.log_on()
    assert [record.error for record in records] == [None, "WrongCredentials"]
    assert bodies.PASSWORD not in repr(records)
