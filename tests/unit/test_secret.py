from __future__ import annotations

import pickle

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.secret import SecretStr


@given(st.text(), st.text())
def test_it_behaves_as_pydantic_s(one: str, other: str) -> None:
    ours, theirs = SecretStr(one), pydantic.SecretStr(one)
    assert type(ours) is not type(theirs)
    assert (repr(ours), str(ours), len(ours)) == (repr(theirs), str(theirs), len(theirs))
    assert f"{ours}" == f"{theirs}"
    assert ours.get_secret_value() == theirs.get_secret_value() == one
    assert hash(ours) == hash(theirs)
    assert (ours == SecretStr(other)) is (one == other)
    assert ours == theirs
    assert ours != one


def test_it_shows_nowhere() -> None:
    secret = SecretStr("hunter2")
    assert "hunter2" not in f"{secret!r} {secret} {[secret]} {vars(type(secret))}"
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(secret)
