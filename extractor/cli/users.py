"""``extractor users``: accounts of the workspace, for whoever may log in on its machine."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.arguments import UsageError
from extractor.cli.workspace_folder import opened

if TYPE_CHECKING:
    from extractor.workspace.people import People

ACTOR = "command line"


def run(options: argparse.Namespace) -> int:
    """Does what ``options.action`` names."""
    with opened(Path(options.data), options.database, make=options.action == "add") as workspace:
        people = workspace.people
        if options.action == "list":
            _list(people)
        elif options.action == "add":
            user = people.add(options.name, _password(), options.role, ACTOR, options.display, by_hand=True)
            sys.stdout.write(f"已新建 / added: {user.name} ({user.role})\n")
        elif options.action == "password":
            people.set_password(options.name, _password(), ACTOR)
            sys.stdout.write(f"密码已改 / password set: {options.name}\n")
        else:
            active = options.action == "enable"
            people.change(options.name, ACTOR, active=active)
            sys.stdout.write(f"{'已启用 / enabled' if active else '已停用 / disabled'}: {options.name}\n")
    return 0


def _list(people: People) -> None:
    for user in people.users():
        state = "" if user.active else "  停用 / disabled"
        sys.stdout.write(f"{user.name}  {user.role}  {user.display}{state}\n")


def _password() -> str:
    """Typed twice on a terminal; else the first line of stdin."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码 / password: ")
    if getpass.getpass("再输一次 / again: ") != first:
        raise UsageError("两次输入的密码不一样 / the passwords differ")
    return first
