"""Bodies in every documented shape -> resources, and no resource from anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import bodies
from tui.enterprise_manager import readers
from tui.enterprise_manager.decoding import parse
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.sessions import LastReading
from tui.errors import NotEnterpriseManager, UnreadableAnswer

Form = Callable[[Any], bytes]
JSON: list[Form] = [bodies.v12, bodies.v13, bodies.v95]


def xml(tree: Any) -> bytes:
    return bodies.xml("CloudFailoverSession", tree)


def prefixed(tree: Any) -> bytes:
    return bodies.xml("CloudFailoverSession", tree, prefix="v")


def read(body: bytes, session_id: str = bodies.SESSION_ID) -> FailoverSession:
    return LastReading(session_id).read(body)


FAILED = bodies.task(
    "sql02",
    State="Stopped",
    Result="Failed",
    Progress=38,
    EndTimeUTC="2026-03-01T08:04:10Z",
    FailureMessage="No space on <DS-07> & more",
)


@pytest.mark.parametrize("form", [*JSON, xml, prefixed])
def test_a_running_session_reads_the_same_in_every_form(form: Form) -> None:
    session = read(form(bodies.session(bodies.wrapped(bodies.task("web01"), FAILED))))
    assert session.id == bodies.SESSION_ID
    assert (session.name, session.plan_name) == ("Harbour plan", "Harbour plan")
    assert session.backup_server == "vbr07"
    assert session.created == datetime(2026, 3, 1, 8, 0, 0, 123_000, tzinfo=UTC)
    assert session.ended is None
    assert (session.state, session.result, session.progress) == ("Working", "None", 0)
    web, sql = session.tasks
    assert (web.vm_name, web.progress, web.failure_message) == ("web01", 40, None)
    assert web.replica_point is not None
    assert web.replica_point.id == bodies.POINT_ID
    assert web.replica_point.name == "web01@Feb 19 2025  3:33AM"
    assert (sql.result, sql.failure_message) == ("Failed", "No space on <DS-07> & more")
    assert sql.ended == datetime(2026, 3, 1, 8, 4, 10, tzinfo=UTC)


ONE = bodies.task("web01")


@pytest.mark.parametrize(
    ("tasks", "names"),
    [
        ({"CloudFailoverTasks": [ONE, FAILED]}, ["web01", "sql02"]),
        ({"CloudFailoverTask": [ONE]}, ["web01"]),
        ({"Links": None, "Whatever": [ONE]}, ["web01"]),
        ({"CloudFailoverTasks": ONE}, ["web01"]),
        ([ONE, FAILED], ["web01", "sql02"]),
        ([ONE, None], ["web01"]),
        (ONE, ["web01"]),
        ({"CloudFailoverTasks": []}, []),
        ({"CloudFailoverTasks": None}, []),
        ({}, []),
        ([], []),
        (None, []),
        ("", []),
    ],
)
@pytest.mark.parametrize("form", [bodies.v12, bodies.v13])
def test_the_task_list_in_every_shape(form: Form, tasks: Any, names: list[str]) -> None:
    assert [task.vm_name for task in read(form(bodies.session(tasks))).tasks] == names


def test_no_task_list_at_all() -> None:
    tree = bodies.session(None)
    del tree["CloudFailoverTasks"]
    assert read(bodies.v12(tree)).tasks == ()
    assert read(xml(tree)).tasks == ()


@pytest.mark.parametrize(
    "tasks",
    [["web01"], [1], 5, "web01", True, {"CloudFailoverTasks": "many"}, {"Message": "no"},
     {"A": [ONE], "B": [ONE]}, [{"Colour": "red"}], [[ONE]]],
)  # fmt: skip
def test_a_task_list_that_cannot_be_told_is_no_number(tasks: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        read(bodies.v12(bodies.session(tasks)))


@pytest.mark.parametrize("ended", [None, "undefined", "", "1753-01-01T00:00:00Z", {}])
def test_every_way_to_say_not_ended(ended: Any) -> None:
    assert read(bodies.v12(bodies.session(None, EndTimeUTC=ended))).ended is None


def test_unknown_states_and_fields_are_kept_and_ignored() -> None:
    tree = bodies.session(None, State="Pausing", Result="Odd", Colour={"deep": [1]}, Progress="7")
    session = read(bodies.v13(tree))
    assert (session.state, session.result, session.progress) == ("Pausing", "Odd", 7)


def test_a_task_without_vm_name_takes_it_from_its_point() -> None:
    nameless = bodies.task("web01", VmName=None)
    (task,) = read(bodies.v12(bodies.session([nameless]))).tasks
    assert task.vm_name == "web01"


def test_hostile_text_is_data() -> None:
    name = "VM[prod] [/foo] \x1b[2J \u202e" + "x" * 900
    (task,) = read(bodies.v12(bodies.session([bodies.task(name)]))).tasks
    assert task.vm_name == name


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("space", [b"", b" \r\n\t"])
def test_byte_order_mark_and_blanks_in_front(bom: bytes, space: bytes) -> None:
    for body in (bodies.v12(bodies.session(None)), xml(bodies.session(None))):
        assert read(bom + space + body).name == "Harbour plan"


@pytest.mark.parametrize("encoding", ["utf-16"])
def test_utf_16(encoding: str) -> None:
    for body in (bodies.v12(bodies.session(None)), xml(bodies.session(None))):
        assert read(body.decode().encode(encoding)).name == "Harbour plan"


def error(**members: Any) -> bytes:
    return bodies.v12({"FirstChanceExceptionMessage": None, "Message": "No.", **members})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"OK",
        b"null",
        b"[]",
        b"{}",
        b"[1, 2]",
        b'"text"',
        b"{",
        b"\xff\xfe\x00",
        b'{"a": "\xff"}',
        b"{" * 10,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"Progress": ' + b"9" * 10_000 + b"}",
        b"<a>" * 100_000,
        b"<a",
        b"<a></b>",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b"<a>\xff\xff</a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<html><head><title>Proxy</title></head></html>",
        error(StatusCode=500),
        bodies.v12(bodies.query("CloudFailoverSessions", [bodies.session(None)])),
        bodies.v12([bodies.session(None)]),
        bodies.v12(bodies.session(None, Type="CloudFailoverSessionReference", State=None)),
        bodies.v12(bodies.session(None, State=None)),
        bodies.v12(bodies.session(None, State="")),
        bodies.v12(bodies.session(None, session_id=bodies.OTHER_ID)),
        bodies.v12(bodies.session(None, UID=f"urn:veeam:BackupServer:{bodies.SESSION_ID}")),
        bodies.v12(bodies.session(None, UID=None, Href=None, Links=None)),
        bodies.xml("EntityRef", bodies.session(None, Type="CloudFailoverSessionReference")),
        bodies.xml("Error", {"Message": "No.", "StatusCode": 200}),
        bodies.v12(bodies.session([ONE]))[:-200],
        xml(bodies.session([ONE]))[:-40],
    ],
)
def test_anything_else_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        read(body)
    assert caught.value.full_text.isprintable()
    assert len(caught.value.full_text) < 500
    assert caught.value.__cause__ is None


def test_a_web_page_is_said_to_be_one() -> None:
    page = b"\xef\xbb\xbf\n<!DOCTYPE html><html><title>Sign in\x1b[2J</title>"
    with pytest.raises(NotEnterpriseManager, match="Sign in"):
        read(page)


def test_entities_are_never_expanded() -> None:
    bomb = b"<!DOCTYPE l [" + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(12)
    )
    with pytest.raises(UnreadableAnswer, match="document type"):
        read(bomb + b"]><CloudFailoverSession>&l11;</CloudFailoverSession>")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["State", "UID", "CloudFailoverTasks", "VmName", "Links", "Rel", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_read_or_refused(tree: Any) -> None:
    for value in (tree, bodies.session(tree), bodies.session([tree]), {"Entities": tree}):
        try:
            session = read(json.dumps(value).encode())
        except UnreadableAnswer:
            continue
        assert session.id == bodies.SESSION_ID


@given(json_values)
def test_any_json_is_a_page_or_refused(tree: Any) -> None:
    for value in (tree, {"Entities": tree}, {"Entities": {"CloudFailoverSessions": tree}}):
        try:
            page = readers.session_page(parse(json.dumps(value).encode()), 1)
        except UnreadableAnswer:
            continue
        assert page.pages >= 1


@given(st.binary())
def test_any_bytes_are_refused(body: bytes) -> None:
    for start in (b"", b"{", b"[", b"<", b"<a>"):
        with pytest.raises(UnreadableAnswer):
            read(start + body)


@pytest.mark.parametrize("form", [*JSON, lambda tree: bodies.xml("QueryResult", tree)])
def test_a_page_of_sessions(form: Form) -> None:
    items = [bodies.session(None), bodies.session(None, session_id=bodies.OTHER_ID)] * 2
    tree = bodies.query("CloudFailoverSessions", items, "CloudFailoverSession", pages=3)
    page = readers.session_page(parse(form(tree)), 2)
    assert [session.id for session in page.sessions] == [bodies.SESSION_ID, bodies.OTHER_ID]
    assert (page.page, page.pages) == (2, 3)


@pytest.mark.parametrize(
    "tree",
    [
        bodies.query("CloudFailoverSessions", None),
        bodies.query("CloudFailoverSessions", []),
        {"Refs": None, "Entities": None, "PagingInfo": {"PagesCount": 0}},
        {"Entities": {"CloudFailoverSessions": None}, "PagingInfo": {}},
        {"Entities": {}, "PagingInfo": None},
    ],
)
def test_an_empty_page(tree: Any) -> None:
    for form in (bodies.v12, bodies.v13):
        page = readers.session_page(parse(form(tree)), 1)
        assert (page.sessions, page.pages) == ((), 1)
    assert readers.session_page(parse(b"<QueryResult><Entities/></QueryResult>"), 1).pages == 1


@pytest.mark.parametrize(
    "tree",
    [
        {"Refs": {"Refs": [{"UID": "x"}]}, "Entities": None},
        {"Refs": {"Refs": [{"UID": "x"}]}, "PagingInfo": {}},
        {"Entities": {"Jobs": {"Jobs": []}}},
        {"Entities": []},
        [],
        {"Message": "No.", "StatusCode": 500},
        bodies.query("CloudFailoverSessions", [bodies.session(None, State=None)]),
        bodies.query("CloudFailoverSessions", [bodies.session(None, Type="BackupJobSession")]),
        bodies.query("CloudFailoverSessions", ["x"]),
    ],
)
def test_a_page_of_something_else_is_unreadable(tree: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        readers.session_page(parse(bodies.v12(tree)), 1)


def test_one_session_without_a_state_does_not_hide_the_others() -> None:
    items = [bodies.session(None), bodies.session(None, session_id=bodies.OTHER_ID, State=None)]
    page = readers.session_page(parse(bodies.v12(bodies.query("CloudFailoverSessions", items))), 1)
    assert [session.state for session in page.sessions] == ["Working", ""]


@pytest.mark.parametrize("nine", ["VMNAME", "vmName", "vmname"])
def test_keys_of_tasks_are_read_in_any_case_and_any_mixture(nine: str) -> None:
    odd = {key if key != "VmName" else nine: value for key, value in FAILED.items()}
    odd["ENDTIMEUTC"] = odd.pop("EndTimeUTC")
    odd["VmReplicaPointLink"] = {
        key.swapcase(): value for key, value in odd["VmReplicaPointLink"].items()
    }
    (usual,) = read(json.dumps(bodies.session([FAILED])).encode()).tasks
    _, mixed = read(json.dumps(bodies.session([bodies.task("web01"), odd])).encode()).tasks
    assert mixed == usual
    assert usual.vm_name == "sql02"
    assert usual.ended is not None


@given(json_values)
def test_json_reads_the_same_fast_and_patiently(tree: Any) -> None:
    text = json.dumps({"VmName": tree, "List": [tree, {"Inner": tree}]})
    # The tasks keep their keys; `tasks.py` reads them in any case.
    body = text.replace("CloudFailoverTasks", "Others").encode()
    patient = json.dumps({"Odd": float("nan"), **json.loads(body)}).encode()
    told = parse(patient).content
    assert told.pop("odd") is None
    assert parse(body).content == told


def test_unchanged_tasks_are_the_same_objects() -> None:
    reading = LastReading(bodies.SESSION_ID)
    tasks = [bodies.task(f"vm{number}") for number in range(5)]
    before = reading.read(bodies.v12(bodies.session(tasks)))
    tasks[2] = bodies.task("vm2", Progress=41)
    after = reading.read(bodies.v12(bodies.session(list(reversed(tasks)))))
    kept = [task for task in after.tasks if any(task is old for old in before.tasks)]
    assert [task.vm_name for task in kept] == ["vm4", "vm3", "vm1", "vm0"]
    assert after.tasks[2].progress == 41


def test_equal_content_in_other_bytes_is_the_same_session() -> None:
    reading = LastReading(bodies.SESSION_ID)
    before = reading.read(bodies.v12(bodies.session([ONE])))
    assert reading.read(bodies.v13(bodies.session([ONE]))) is before


def test_after_an_unreadable_body_the_last_good_one_still_counts() -> None:
    reading = LastReading(bodies.SESSION_ID)
    body = bodies.v12(bodies.session([ONE]))
    before = reading.read(body)
    with pytest.raises(UnreadableAnswer):
        reading.read(body[:-9])
    assert reading.same(body) is before
