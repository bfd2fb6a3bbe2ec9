"""Who besides its owner can change or read a file, where the system tells."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from tui.light import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """Whose a file or folder is, and what its mode lets others do.

    `owner` and `group` are ids; `group_is_owners` says that the group is the owner's alone,
    as many systems give each user one and let it write whatever the user makes.
    """

    mode: int
    owner: int
    group_is_owners: bool

    def is_strangers(self, user: int) -> bool:
        """Whether neither this user nor the system's own (root) has it."""
        return self.owner not in (0, user)

    @property
    def others_change(self) -> str:
        """The chmod that takes it from those who may write; "" where nobody else may."""
        everybody, group = self.mode & stat.S_IWOTH, self.mode & stat.S_IWGRP
        if group and not self.group_is_owners:
            return "go-w"
        return "o-w" if everybody else ""

    @property
    def others_read(self) -> bool:
        """Whether more than the owner may read it."""
        everybody, group = self.mode & stat.S_IROTH, self.mode & stat.S_IRGRP
        return bool(everybody or (group and not self.group_is_owners))


def changeable_by_others(path: Path, *, whose: bool = True) -> str | None:
    """Why the file is not its owner's alone, and how to mend that; None where it is.

    As OpenSSH has it: the file is this user's or root's (with `whose`; not for one that a
    person names, who knows whose it is), and nobody else can write to it, or to its folder,
    and so put another file in its place, unless only owners may there (the sticky bit).
    Systems without such modes, and what is no file or cannot be looked at, give None.
    """
    file = Path(os.path.realpath(path))
    access, folder = _access(file), _access(file.parent)
    if access is None or folder is None or not stat.S_ISREG(access.mode):
        return None
    for what, each, name in ((file, access, "it"), (file.parent, folder, "its folder")):
        if whose and each.is_strangers(os.geteuid()):
            return (
                f"{name} belongs to another user (id {each.owner});"
                f" chown {os.geteuid()} {shlex.quote(str(what))} makes it yours"
            )
        owners_only = each is folder and each.mode & stat.S_ISVTX
        if each.others_change and not owners_only:
            return (
                f"other users can change {name} (mode {stat.S_IMODE(each.mode):04o});"
                f" chmod {each.others_change} {shlex.quote(str(what))} takes that away"
            )
    return None


def readable_by_others(path: Path) -> str | None:
    """The same for reading: why a file that is its owner's secret is none."""
    file = Path(os.path.realpath(path))
    access = _access(file)
    if access is None or not stat.S_ISREG(access.mode) or not access.others_read:
        return None
    return (
        f"other users can read it (mode {stat.S_IMODE(access.mode):04o});"
        f" chmod 600 {shlex.quote(str(file))} takes that away"
    )


def _access(path: Path) -> Access | None:
    if not hasattr(os, "geteuid"):
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    shared = found.st_mode & (stat.S_IWGRP | stat.S_IRGRP)
    alone = bool(shared) and _is_own_group(found.st_uid, found.st_gid)
    return Access(found.st_mode, found.st_uid, alone)


def _is_own_group(user: int, group: int) -> bool:
    """Whether the group is the user's first one, has the user's name, and nobody else in it."""
    try:
        import grp
        import pwd

        account, members = pwd.getpwuid(user), grp.getgrgid(group)
    except (ImportError, KeyError, OSError):
        return False
    return (
        account.pw_gid == group
        and members.gr_name == account.pw_name
        and set(members.gr_mem) <= {account.pw_name}
    )
