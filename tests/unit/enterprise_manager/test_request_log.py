"""What the log hears of answers that came and were of no use."""

from __future__ import annotations

import asyncio

import pytest

from tests.support import bodies
from tests.support.fake_server import CREDENTIALS, Received, http, serving
from tests.support.scripted_server import Recorder, always, client_of
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.request_log import FailedQuestion, RequestRecord
from tui.errors import FailoverMonitorError, WrongCredentials


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
    recorder = Recorder(always(body, status))
    async with client_of(recorder, on_request=records.append) as client:
        with pytest.raises(FailoverMonitorError):
            await client.failover_session(bodies.SESSION_ID)
    _logon, exchange, failed, _logoff = records
    assert (exchange.status, exchange.error) == (status, None)
    assert isinstance(failed, FailedQuestion)
    assert (failed.path, failed.error) == ("failover_session", kind)
    assert failed.seconds >= exchange.seconds
    assert "NDRjZmJk" not in repr(records)


async def test_the_log_hears_of_a_refused_logon() -> None:
    records: list[RequestRecord] = []

    async def refusing(_request: Received, _writer: asyncio.StreamWriter) -> bytes:
        return http(401)

    async with serving(refusing) as server:
        client = EnterpriseManager(server.address, CREDENTIALS, on_request=records.append)
        with pytest.raises(WrongCredentials):
            await client.log_on()
        await client.aclose()
    assert [record.error for record in records] == [None, "WrongCredentials"]
    assert bodies.PASSWORD not in repr(records)
