"""What this program sent in secret is shown nowhere, in whatever form it comes back."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import masking
from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import error_text, one_line
from tui.masking import MASK, masked, masked_name

PASSWORD = 'Tr0ub&dor "zebra" <ü>'
TOKEN = base64.b64encode(b"0f9a1b2c-1111-2222-3333-444455556666").decode()
SESSION = "0f9a1b2c-1111-2222-3333-444455556666"


def forget() -> None:
    """Nothing is a secret any more."""
    masking._REGISTRY.__init__()  # type: ignore[misc]


@pytest.fixture(autouse=True)
def _secrets() -> Iterator[None]:
    forget()
    masking.register_credentials(r"NOC\jdoe", PASSWORD)
    masking.register_session(TOKEN, SESSION)
    yield
    forget()


FORMS = {
    "password": PASSWORD,
    "in a URL": quote(PASSWORD, safe=""),
    "in JSON": json.dumps(PASSWORD)[1:-1],
    "in XML": PASSWORD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    "header": "Basic " + base64.b64encode(rf"NOC\jdoe:{PASSWORD}".encode()).decode(),
    "token": TOKEN,
    "session": SESSION,
    "session, upper case": SESSION.upper(),
    "session, bare": SESSION.replace("-", ""),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_masked_at_every_border(form: str) -> None:
    secret = FORMS[form]
    told = f"Request failed: X-Header={secret}; try again"
    assert masked(told).startswith("Request failed: X-Header=")
    for shown in (masked(told), one_line(told), scalars.message(told)):
        assert shown is not None
        assert secret.removeprefix("Basic ") not in shown
        assert MASK in shown
        assert shown.endswith("; try again")
    body = json.dumps({"Message": told}).encode()
    assert secret.removeprefix("Basic ") not in (error_text(body) or "")
    assert secret.removeprefix("Basic ") not in (error_text(told.encode()) or "")


@pytest.mark.parametrize("form", ["token", "session", "session, upper case", "session, bare"])
def test_names_hide_what_is_random(form: str) -> None:
    assert scalars.text(f"vm-{FORMS[form]}") == f"vm-{MASK}"
    assert masked_name("sql02") == "sql02"


def test_a_secret_at_the_place_where_a_text_is_cut() -> None:
    for before in range(scalars.MOST_MESSAGE - 40, scalars.MOST_MESSAGE + 2):
        kept = scalars.message("x" * before + TOKEN + "y" * 100) or ""
        assert TOKEN[:8] not in kept


SHORT = "web01"


@pytest.mark.parametrize(
    "told",
    [
        f"Invalid password: {SHORT}",
        f"Logon failed for user 'jdoe' with the password '{SHORT}'.",
        f"password={SHORT}&grant_type=password",
        f'{{"UserName":"jdoe","Password":"{SHORT.upper()}"}}',
        f"<Password>{SHORT}</Password>",
        f"Das Kennwort {SHORT} ist falsch",
        f"Authorization: Basic jdoe:{SHORT}",
        f"jdoe:{SHORT}@em01 was refused",
        f"Your credentials ({SHORT}) have expired",
        "Basic " + base64.b64encode(f"jdoe:{SHORT}".encode()).decode(),
    ],
)
def test_a_short_password_is_masked_where_the_text_tells_that_it_is_one(told: str) -> None:
    forget()
    masking.register_credentials("jdoe", SHORT)
    shown = masked(told)
    assert SHORT not in shown.lower()
    assert MASK in shown
    assert base64.b64encode(SHORT.encode()).decode().rstrip("=") not in shown


@pytest.mark.parametrize(
    "told",
    [
        f"Failed to start VM {SHORT}",
        f"'{SHORT}' is locked by another job",
        f"em01:{SHORT} does not answer",
        f"The password of {SHORT}2 has expired",
        f"my{SHORT} password",
    ],
)
def test_elsewhere_it_is_a_word_and_masking_would_point_at_it(told: str) -> None:
    forget()
    masking.register_credentials("jdoe", SHORT)
    assert masked(told) == told


def test_a_short_password_that_is_no_word() -> None:
    forget()
    masking.register_credentials("jdoe", "a<&")
    assert masked("password a<& refused") == f"password {MASK} refused"
    assert masked("<Password>a&lt;&amp;</Password>") == f"<Password>{MASK}</Password>"
    masking.register_credentials("demo", "demo")
    assert masked("the demo server refused demo") == "the demo server refused demo"
    assert masked("password demo, password a<&") == f"password {MASK}, password {MASK}"


def test_without_a_password_nothing_is_masked() -> None:
    forget()
    masking.register_credentials("jdoe", "")
    assert masked("password: , jdoe:") == "password: , jdoe:"


def test_only_the_last_logon_sessions_are_remembered() -> None:
    for number in range(1_000):
        masking.register_session(f"token-{number:08}", f"{number:08}-0000-0000-0000-000000000000")
    assert masked("token-00000999") == MASK
    assert masked("token-00000001") == "token-00000001"
    assert masked(PASSWORD) == MASK


@given(st.text(min_size=masking.SHORTEST, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_any_password_anywhere(password: str, before: str, behind: str) -> None:
    try:
        password.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return
    forget()
    masking.register_credentials("jdoe", password)
    assert password not in masked(before + password + behind) or password in MASK
