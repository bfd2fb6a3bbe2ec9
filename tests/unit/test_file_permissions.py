"""Files that others can change are not believed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from tests.support.certificates import issue, named
from tui import file_permissions
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.ca_file import verifying
from tui.enterprise_manager.certificate import describe
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import InvalidSettings, TlsTrouble
from tui.file_permissions import Access, _is_own_group, changeable_by_others, readable_by_others
from tui.settings.file import read_settings, read_text


@pytest.mark.parametrize(
    ("file", "folder", "own_group", "said"),
    [
        (0o600, 0o700, False, None),
        (0o644, 0o755, False, None),
        (0o664, 0o755, False, "change it (mode 0664); chmod go-w"),
        (0o664, 0o775, True, None),
        (0o666, 0o755, True, "change it (mode 0666); chmod o-w"),
        (0o600, 0o777, True, "change its folder (mode 0777); chmod o-w"),
        (0o600, 0o775, False, "change its folder (mode 0775); chmod go-w"),
        (0o600, 0o1777, False, None),
    ],
)
def test_who_can_change_a_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: int,
    folder: int,
    own_group: bool,
    said: str | None,
) -> None:
    monkeypatch.setattr(file_permissions, "_is_own_group", lambda user, group: own_group)
    path = tmp_path / "own folder" / "file"
    path.parent.mkdir()
    path.touch()
    path.chmod(file)
    path.parent.chmod(folder)
    link = tmp_path / "link"
    link.symlink_to(path)
    for each in (path, link):
        found = changeable_by_others(each)
        assert (found is None) if said is None else (said in (found or ""))


@pytest.mark.parametrize(
    ("mode", "own_group", "said"),
    [
        (0o600, False, None),
        (0o640, True, None),
        (0o640, False, "read it (mode 0640)"),
        (0o644, True, "read it (mode 0644)"),
        (0o604, True, "read it (mode 0604)"),
    ],
)
def test_who_can_read_a_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mode: int,
    own_group: bool,
    said: str | None,
) -> None:
    monkeypatch.setattr(file_permissions, "_is_own_group", lambda user, group: own_group)
    path = tmp_path / "pass word"
    path.touch()
    path.chmod(mode)
    found = readable_by_others(path)
    assert (found is None) if said is None else (said in (found or ""))
    assert found is None or f"chmod 600 '{path}'" in found, "as a shell takes it"


@pytest.mark.parametrize("path", ["/dev/null", "none/there"])
def test_what_is_no_file_is_nobody_elses(tmp_path: Path, path: str) -> None:
    assert changeable_by_others(tmp_path / path) is None
    assert readable_by_others(tmp_path / path) is None


@pytest.mark.parametrize(
    ("owner", "user", "strangers"),
    [(0, 1000, False), (1000, 1000, False), (1001, 1000, True), (1000, 0, True), (0, 0, False)],
)
def test_whose_it_is(owner: int, user: int, strangers: bool) -> None:
    assert Access(0o600, owner, group_is_owners=True).is_strangers(user) is strangers


def test_a_group_is_the_owners_own_where_nobody_else_is_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Names:
        pw_name = gr_name = "jdoe"
        pw_gid = 1000
        gr_mem: ClassVar = ["jdoe"]

    monkeypatch.setattr("pwd.getpwuid", lambda user: Names)
    monkeypatch.setattr("grp.getgrgid", lambda group: Names)
    assert _is_own_group(1000, 1000)
    assert not _is_own_group(1000, 1001), "another group than the user's first one"
    monkeypatch.setattr(Names, "gr_mem", ["jdoe", "eve"])
    assert not _is_own_group(1000, 1000)
    monkeypatch.setattr(Names, "gr_mem", [])
    monkeypatch.setattr(Names, "gr_name", "users")
    assert not _is_own_group(1000, 1000), "whose first group it is, is not told by gr_mem"
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "grp", None)
    assert not _is_own_group(os.getuid(), os.getgid()), "nobody knows: then it is not"


@pytest.fixture
def of_a_stranger(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Gives a file and its folder to somebody else, or this process, where it may not."""

    def give(path: Path) -> None:
        if os.geteuid() == 0:
            for each in (path, path.parent):
                os.chown(each, 4711, -1)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: 4711)

    return give


def test_settings_of_somebody_else_are_refused_unless_named(
    tmp_path: Path, of_a_stranger: Callable[[Path], None]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "dark"\n')
    assert read_settings(path).table.theme == "dark"
    of_a_stranger(path)
    with pytest.raises(InvalidSettings, match="it belongs to another user"):
        read_settings(path)
    assert read_settings(path, required=True).table.theme == "dark", "as with ssh -F"
    assert read_text(path)


def test_accepted_certificates_of_somebody_else_do_not_count(
    tmp_path: Path, of_a_stranger: Callable[[Path], None]
) -> None:
    path = tmp_path / "folder" / "known"
    known = KnownServers(path)
    known.add(describe(issue(named("em01.example")).der, ServerAddress("https", "em01")))
    of_a_stranger(path)
    found, why = known.find("em01", 9398)
    assert found is None
    assert "cannot be believed: it belongs to another user" in why
    assert "chown" in why


def test_a_ca_file_that_others_can_add_to_vouches_for_nobody(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text(issue(named("em01.example")).pem)
    assert verifying(path)
    path.chmod(0o666)
    with pytest.raises(TlsTrouble, match=r"is not used.* other users can change it \(mode 0666\)"):
        verifying(path)
    path.chmod(0o644)
    assert verifying(path)


def test_settings_that_others_can_change_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("")
    path.chmod(0o666)
    for read in (read_settings, read_text):
        with pytest.raises(InvalidSettings, match=r"other users can change it .*chmod o-w"):
            read(path)
    path.chmod(0o644)
    assert read_settings(path).exists


def test_certificates_that_others_could_have_accepted_are_asked_about_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "known"
    known = KnownServers(path)
    certificate = describe(issue(named("em01.example")).der, ServerAddress("https", "em01"))
    known.add(certificate)
    path.chmod(0o622)
    found, why = known.find("em01", 9398)
    assert found is None
    assert "cannot be believed: other users can change it (mode 0622)" in why
    with pytest.raises(InvalidSettings, match="cannot be believed"):
        known.entries()
    assert known.accept(certificate) is None, "a new file, for its owner only"
    assert known.find("em01", 9398)[1] == ""
    tmp_path.chmod(0o777)
    assert "its folder" in known.find("em01", 9398)[1]
    assert "Trusted for this run only" in (known.accept(certificate) or "")
