"""Users of the box as the log names them: ``os:`` and the name the system knows them by.

Rule: the name comes from a uid that the kernel told, never from what somebody says of themselves.
"""

from __future__ import annotations

import pwd
from dataclasses import replace
from typing import TypeVar

from controller.core.enrolment import SYSTEM_USER
from controller.core.events import Asking

Said = TypeVar("Said")


def os_user(uid: int) -> str:
    """How the log names a user: "os:auditor", or by number who has no name that can be written."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = ""
    return f"{SYSTEM_USER}{name if name.isprintable() and name else uid}"


def asked_by(content: Said, uid: int) -> Said:
    """The same, but a look at evidence is asked for by the user at the other end, whoever it claims."""
    if isinstance(content, Asking) and content.name == "read_evidence":
        return replace(content, by=os_user(uid), second="")
    return content
