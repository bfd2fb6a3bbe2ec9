"""Files that others can change are not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.certificates import issue, named
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import describe
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import InvalidSettings
from tui.file_permissions import changeable_by_others
from tui.settings.file import read_settings, read_text


@pytest.mark.parametrize(
    ("file", "folder", "group", "said"),
    [
        (0o600, 0o700, True, None),
        (0o644, 0o755, True, None),
        (0o664, 0o755, True, "change it (mode 0664)"),
        (0o664, 0o775, False, None),
        (0o666, 0o755, False, "change it (mode 0666)"),
        (0o600, 0o777, False, "change its folder (mode 0777)"),
        (0o600, 0o1777, True, None),
    ],
)
def test_who_can_change_a_file(
    tmp_path: Path, file: int, folder: int, group: bool, said: str | None
) -> None:
    path = tmp_path / "own" / "file"
    path.parent.mkdir()
    path.touch()
    path.chmod(file)
    path.parent.chmod(folder)
    link = tmp_path / "link"
    link.symlink_to(path)
    for each in (path, link):
        found = changeable_by_others(each, group=group)
        assert (found is None) if said is None else (said in (found or ""))


def test_a_file_that_is_not_there_is_nobody_elses(tmp_path: Path) -> None:
    assert changeable_by_others(tmp_path / "none", group=True) is None


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
