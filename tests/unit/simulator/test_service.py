from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ElementTree
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asking import Caller, basic, log_on
from tests.support.simulated import SimulatedServer, SteppedClock, build_service
from tui.simulator.exchange import Request, Response
from tui.simulator.logons import Account
from tui.simulator.wire import Api

LIST = "type=CloudFailoverSession&format=Entities"


@pytest.fixture
def service(clock: SteppedClock) -> SimulatedServer:
    return build_service("failures", clock=clock)


def test_a_logon_gives_the_token_as_header_and_cookie(service: SimulatedServer) -> None:
    response = log_on(service)
    body = json.loads(response.body)
    token = response.headers["X-RestSvcSessionId"]
    assert response.status == 201
    assert response.headers["Set-Cookie"] == f"X-RestSvcSessionId={token}; Path=/api;"
    assert base64.b64decode(token).decode() == body["SessionId"]
    assert any(link["Type"] == "CloudConnectService" for link in body["Links"])
    assert [link["Href"] for link in body["Links"] if link["Rel"] == "Delete"] == [body["Href"]]
    assert (service.open_logons, service.logons, service.writes) == (1, 1, 0)


@pytest.mark.parametrize("user", ["demo", "DEMO", "NOC\\demo", "demo@noc.example"])
def test_a_domain_before_or_after_the_name_is_accepted(service: SimulatedServer, user: str) -> None:
    assert log_on(service, user).status == 201


@pytest.mark.parametrize(
    "authorization",
    [basic(password="wrong"), basic("nobody"), basic(password=""), "", "Bearer x", "Basic %%%"],
)
def test_a_wrong_password_is_401_with_a_challenge(
    service: SimulatedServer, authorization: str
) -> None:
    headers = {"authorization": authorization, "content-length": "0"}
    response = service.handle(Request("POST", "/api/sessionMngr/", "v=latest", headers))
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Basic Realm=RestSvc"
    assert "X-RestSvcSessionId" not in response.headers
    assert (service.open_logons, service.logons) == (0, 0)


def test_names_and_passwords_are_utf_8(clock: SteppedClock) -> None:
    service = build_service(clock=clock, users={"Jörg": Account("pässwörd:ключ")})
    assert log_on(service, "jörg", "pässwörd:ключ").status == 201


def test_a_post_without_a_length_is_411(service: SimulatedServer) -> None:
    request = Request("POST", "/api/sessionMngr/", "v=latest", {"authorization": basic()})
    assert service.handle(request).status == 411


def test_an_unsupported_version_is_401_and_no_version_is_the_latest(
    service: SimulatedServer,
) -> None:
    headers = {"authorization": basic(), "content-length": "0"}
    statuses = [
        service.handle(Request("POST", "/api/sessionMngr", query, headers)).status
        for query in ("v=v1_4", "v=v1_7", "")
    ]
    assert statuses == [401, 201, 201]


def test_the_root_needs_no_logon_and_the_rest_does(service: SimulatedServer) -> None:
    assert service.handle(Request("GET", "/api/")).status == 200
    for path in ("/api/query", "/api/cloud", "/api/backupServers", "/api/nonsense"):
        assert service.handle(Request("GET", path)).status == 401


def test_a_logon_expires_after_idle_time_and_each_request_renews_it(
    service: SimulatedServer, clock: SteppedClock
) -> None:
    caller = Caller(service)
    for _ in range(3):
        clock.advance(899)
        assert caller.ask("backupServers", "format=Entity").status == 200
    clock.advance(901)
    assert service.open_logons == 0
    assert caller.ask("backupServers", "format=Entity").status == 401


def test_a_restart_forgets_who_is_logged_on(service: SimulatedServer) -> None:
    caller = Caller(service)
    service.forget_logons()
    assert caller.ask("cloud").status == 401


def test_one_logs_off_oneself_and_nobody_else(service: SimulatedServer) -> None:
    mine, other = Caller(service), Caller(service)
    assert mine.ask(f"logonSessions/{other.id}", method="DELETE").status == 403
    assert service.writes == 1
    response = mine.ask(f"logonSessions/{mine.id}", method="DELETE")
    assert (response.status, response.body) == (204, b"")
    assert "Content-Type" not in response.headers
    assert (service.open_logons, service.logoffs) == (1, 1)
    assert mine.ask(f"logonSessions/{mine.id}", method="DELETE").status == 401
    assert other.ask("cloud").status == 200


def test_the_cookie_wins_over_the_header_even_when_stale(service: SimulatedServer) -> None:
    caller = Caller(service)
    assert caller.ask("cloud", cookie="X-RestSvcSessionId=c3RhbGU=").status == 401
    good, caller.token = caller.token, "nonsense"
    assert caller.ask("cloud", cookie=f"a=b; X-RestSvcSessionId={good}").status == 200


def test_an_account_without_permission_is_403_on_cloud_resources_only(
    service: SimulatedServer,
) -> None:
    caller = Caller(service, "auditor", "auditor")
    assert caller.ask("query", LIST).status == 403
    assert caller.ask(f"cloud/failoverSessions/{service.featured_session}").status == 403
    assert caller.ask("backupServers", "format=Entity").status == 200


def test_without_cloud_connect_the_logon_has_no_link_to_it(clock: SteppedClock) -> None:
    service = build_service(clock=clock, cloud_connect=False)
    kinds = {link["Type"] for link in json.loads(log_on(service).body)["Links"]}
    assert "CloudConnectService" not in kinds
    assert Caller(service).ask("query", LIST).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_nothing_is_written_and_trying_is_counted(service: SimulatedServer, method: str) -> None:
    caller = Caller(service)
    path = f"cloud/cloudFailoverPlans/{service.world.plans[0].uid}"
    assert caller.ask(path, "action=start", method=method).status == 405
    assert service.writes == 1
    assert (service.log[-1].method, service.log[-1].status) == (method, 405)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("cloud/failoverSessions/null", "format=Entity", 400),
        ("cloud/failoverSessions/00000000-0000-0000-0000-000000000000", "format=Entity", 404),
        ("cloud/vmReplicaPoints/00000000-0000-0000-0000-000000000000", "", 404),
        ("cloud/nonsense", "", 404),
        ("tasks/task-1", "", 404),
        ("query", "type=Nonsense", 400),
        ("query", f"{LIST}&pageSize=0", 400),
        ("query", f"{LIST}&page=x", 400),
        ("query", f"{LIST}&sortAsc=Progress", 400),
        ("query", f"{LIST}&filter=Progress>1", 400),
    ],
)
def test_a_senseless_request_gets_an_error_body(
    service: SimulatedServer, path: str, query: str, status: int
) -> None:
    caller = Caller(service)
    response = caller.ask(path, query)
    body = json.loads(response.body)
    assert response.status == body["StatusCode"] == status
    assert body["Message"]
    root = ElementTree.fromstring(caller.ask(path, query, json=False).body)
    assert root.tag == "{http://www.veeam.com/ent/v1.0}Error"
    assert root.attrib["StatusCode"] == str(status)


def test_an_unavailable_server_is_503_to_everything(service: SimulatedServer) -> None:
    caller = Caller(service)
    service.unavailable = True
    assert caller.ask("cloud").status == log_on(service).status == 503
    service.unavailable = False
    assert caller.ask("cloud").status == 200


def test_a_fault_may_answer_instead(service: SimulatedServer) -> None:
    caller = Caller(service)
    service.fault = lambda request: Response(418) if "query" in request.path else None
    assert caller.ask("query", LIST).status == 418
    assert service.log[-1].status == 418
    assert caller.ask("cloud").status == 200


def test_xml_is_the_default_and_both_say_what_they_are(service: SimulatedServer) -> None:
    caller = Caller(service)
    headers = {"x-restsvcsessionid": caller.token}
    plain = service.handle(Request("GET", "/api/cloud", "", headers))
    assert plain.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert plain.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert caller.ask("cloud").headers["Content-Type"] == "application/json; charset=utf-8"


def test_the_date_header_is_the_server_s_own_time(
    service: SimulatedServer, clock: SteppedClock
) -> None:
    clock.advance(3600)
    date = Caller(service).ask("cloud").headers["Date"]
    assert parsedate_to_datetime(date) == clock()


def test_hrefs_name_another_host_than_the_one_asked(service: SimulatedServer) -> None:
    session = Caller(service).featured()
    assert session["Href"].startswith("https://em01.cloud.example:9398/api/cloud/failoverSessions/")


def test_paths_are_read_without_regard_to_case_and_doubled_slashes(
    service: SimulatedServer,
) -> None:
    caller = Caller(service)
    assert caller.ask(f"/CLOUD//failoversessions/{service.featured_session}").status == 200


@pytest.mark.parametrize(("api", "digits"), [("v12", 3), ("v13", 6)])
def test_times_have_the_digits_of_their_generation(api: Api, digits: int) -> None:
    caller = Caller(build_service(clock=SteppedClock(), api=api))
    uid = caller.service.featured_session
    root = caller.xml(f"cloud/failoverSessions/{uid}", "format=Entity")
    times = [
        item.text or "" for item in root.iter("{http://www.veeam.com/ent/v1.0}CreationTimeUTC")
    ]
    fractions = [text.rstrip("Z").partition(".")[2] for text in times]
    assert "" in fractions
    assert max(map(len, fractions)) == digits
    assert not any(fraction.endswith("0") for fraction in fractions)


def test_no_secret_shows_in_a_repr(service: SimulatedServer) -> None:
    caller = Caller(service)
    request = Request("GET", "/api/", "", {"authorization": basic(), "cookie": caller.token})
    response = log_on(service)
    shown = repr((request, response, Account("s3cret"), service.log[-1], service))
    for secret in (basic(), caller.token, caller.id, response.headers["Set-Cookie"], "s3cret"):
        assert secret not in shown


def test_a_logoff_is_logged_without_the_id_of_the_session(service: SimulatedServer) -> None:
    caller = Caller(service)
    caller.ask(f"logonSessions/{caller.id}", method="DELETE")
    assert service.log[-1].path == "/api/logonSessions/…"


CLIENT = Caller(build_service("failures", clock=SteppedClock()))
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "X"]),
    path=st.one_of(
        TEXT,
        TEXT.map("/api/{}".format),
        TEXT.map("/api/cloud/failoverSessions/{}".format),
        st.sampled_from(["/api/query", "/api/sessionMngr/", "/api/logonSessions/x"]),
    ),
    query=st.one_of(
        TEXT,
        TEXT.map("type=CloudFailoverSession&filter={}".format),
        TEXT.map("type=CloudFailoverSession&filter=CreationTime>{}".format),
        TEXT.map("type=CloudVmReplicaPoint&sortAsc=Name&page={}".format),
    ),
    authorization=TEXT,
    json=st.booleans(),
)
def test_whatever_arrives_is_answered(
    method: str, path: str, query: str, authorization: str, json: bool
) -> None:
    headers = {
        "authorization": f"Basic {authorization}",
        "content-length": "0",
        "x-restsvcsessionid": CLIENT.token,
        "accept": "application/json" if json else "",
    }
    response = CLIENT.service.handle(Request(method, path, query, headers))
    assert response.status in {200, 400, 401, 403, 404, 405}
    assert response.body


def test_a_date_beyond_the_calendar_is_refused() -> None:
    condition = "filter=CreationTime>0001-01-01T00:00:00%2B23:00"
    assert CLIENT.ask("query", f"{LIST}&{condition}").status == 400
