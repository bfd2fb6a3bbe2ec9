"""What a server can answer that is not what was asked for."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import cache

from tests.faults.scene import PASSWORD
from tui.simulator.exchange import Response

JSON = {"Content-Type": "application/json; charset=utf-8"}
XML = {"Content-Type": "application/xml; charset=utf-8"}
HTML = {"Content-Type": "text/html"}


def error_json(status: int, message: str) -> Response:
    body = {
        "FirstChanceExceptionMessage": None,
        "Message": message,
        "StackTrace": None,
        "Status": "Whatever",
        "StatusCode": status,
    }
    return Response(status, JSON, json.dumps(body).encode())


def error_xml(status: int, message: str) -> Response:
    text = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<Error xmlns="http://www.veeam.com/ent/v1.0" Message="{message}" StatusCode="{status}">'
        "<StackTrace>   at Harbour.Pier.Moor(String rope)</StackTrace></Error>"
    )
    return Response(status, XML, text.encode())


def page(status: int, title: str) -> Response:
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>Sorry.</body></html>"
    return Response(status, HTML, text.encode())


@cache
def bomb() -> Response:
    """100 MiB in 100 kB."""
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    return Response(200, {**JSON, "Content-Encoding": "gzip"}, packed)


def cut_gzip() -> Response:
    """Compressed, and short of its end."""
    packed = gzip.compress(b'{"UID": "x"}' * 100)[:-9]
    return Response(200, {**JSON, "Content-Encoding": "gzip"}, packed)


def gzip_and_more() -> Response:
    """Compressed, whole, and something behind its end."""
    packed = gzip.compress(b'{"UID": "x"}' * 100) + b"and more"
    return Response(200, {**JSON, "Content-Encoding": "gzip"}, packed)


def truncated_json() -> Response:
    return Response(200, JSON, b'{"CloudFailoverTasks":{"CloudFailoverTasks":[{"State":"Wor')


def truncated_xml() -> Response:
    text = b'<CloudFailoverSession xmlns="http://www.veeam.com/ent/v1.0"><State>Wor'
    return Response(200, XML, text)


def other_state() -> Response:
    """JSON, an object, and of nothing that was asked for."""
    return Response(200, JSON, b'{"jobs": [], "version": "11"}')


def redirect() -> Response:
    # The password in the address is bait: nothing of the query may be shown.
    return Response(302, {"Location": f"https://portal.test/login?p={PASSWORD}"})


def without_token() -> Response:
    return Response(201, JSON, b"{}")


EMPTY = Response(200, JSON)
GARBAGE = Response(200, JSON, b"\x93\x00\xfe\x1b[2J garbage \xff" * 40)
A_LIST = Response(200, JSON, b"[1, 2, 3]")
