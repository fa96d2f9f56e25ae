"""The orders of the console: what somebody may ask that is signed or that concerns the whole site, in words.

Rule 1: who may give one is written here so that nobody is shown what is not theirs; the controller judges,
and a test compares this table with the controller's (controller/core/askings.py).
Rule 2: a text is English here and is translated where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controller.core.console_roles import ConsoleRole
from web.i18n import N_

GUARD, CUSTODIAN, CHIEF = ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF
INSTALLER = ConsoleRole.INSTALLER
CHIEFS, DESK, CUSTODY = (CHIEF,), (GUARD, CHIEF), (CUSTODIAN, CHIEF)
DEVICES, STAFF = (INSTALLER, CHIEF), (GUARD, CUSTODIAN, CHIEF)
SIGNERS = (*STAFF, INSTALLER)
TWO = 2


class Pick(StrEnum):
    """What a field takes; what may be chosen is worked out in choices.py."""

    TEXT = "text"
    NUMBER = "number"
    DOOR = "door"
    INTERLOCKED = "interlocked"
    ROOM = "room"
    CABINET = "cabinet"
    STAFF = "staff"  # people of the house whose rights go on
    ANYBODY = "anybody"  # or nobody: then it is about the whole log
    ENDED = "ended"  # people whose rights have ended and who were not erased
    INSIDE = "inside"  # any number of people
    HOLD = "hold"
    POLICY = "policy"
    OFFERED = "offered"
    PASSKEY = "passkey"
    READER = "reader"
    LINES = "lines"
    CAMERAS = "cameras"

    @property
    def is_many(self) -> bool:
        """Whether any number may be ticked."""
        return self in {Pick.INSIDE, Pick.LINES, Pick.CAMERAS}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an order: its name in the Asking, its label, and what it takes."""

    name: str
    label: str
    pick: Pick
    hint: str = ""
    least: int = 0
    most: int = 500
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """One order: ``happens`` is said before, ``said`` in one sentence with its fields when it is signed.

    ``agree`` is said where it takes more than the number of people, ``first`` what to do there beforehand.
    """

    name: str
    title: str
    happens: str
    said: str
    fields: tuple[Field, ...] = ()
    roles: tuple[ConsoleRole, ...] = CHIEFS
    people: int = 1
    signed: bool = True
    agree: str = ""
    first: str = ""
    icon: str = "signature"

    def is_for(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles may give it."""
        return bool({role.value for role in self.roles} & roles)


@dataclass(frozen=True, slots=True)
class Group:
    """Orders that belong together."""

    title: str
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is signed on another page; here it is only told when it waits or was signed."""

    title: str
    roles: tuple[ConsoleRole, ...]
    said: str = ""


def reason(hint: str = "") -> Field:
    """The field for why; it stands in the log."""
    return Field("reason", N_("Reason"), Pick.TEXT, hint or N_("It stays in the log. Write no names."))


ELSEWHERE: dict[str, Elsewhere] = {
    "enrol": Elsewhere(N_("Enrol a person"), CHIEFS, N_("Enrol %(person)s")),
    "change_person": Elsewhere(N_("Change a person"), CHIEFS, N_("Change rights or data of %(person)s")),
    "end_person": Elsewhere(N_("End all rights"), CHIEFS, N_("End all rights and badges of %(person)s")),
    "issue_badge": Elsewhere(N_("Make a badge"), CHIEFS, N_("Make a badge for %(person)s")),
    "invite": Elsewhere(N_("Invite to the console"), CHIEFS, N_("A one-time code for %(person)s")),
    "approve_visit": Elsewhere(N_("Approve a visit"), STAFF, N_("Approve the visit %(visit)s")),
    "unblock_visitor": Elsewhere(N_("Let somebody visit again"), CHIEFS),
    "move_carrier": Elsewhere(N_("Move a carrier"), CUSTODY, N_("Move carrier %(carrier)s to %(state)s")),
    "close_day": Elsewhere(N_("Close the day"), STAFF, N_("Close the day of %(room)s")),
    "correct_entry": Elsewhere(N_("Correct an entry"), STAFF, N_("Correct entry %(n)s")),
    "sign_off": Elsewhere(N_("Sign entries off"), CHIEFS, N_("Sign off the entries %(ranges)s.")),
    "export_evidence": Elsewhere(N_("Export evidence"), (CHIEF, ConsoleRole.AUDITOR)),
}
"""What is signed on the pages of people, visitors and review, and in scripts."""
