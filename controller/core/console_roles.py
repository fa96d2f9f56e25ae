"""What somebody may do at the console: roles, which a Holder has beside their posts.

Rule 1: a role opens no door; what opens doors are badges, posts and the rules (rules.py).
Rule 2: who may ask for what stands in the table of Askings (askings.py); what is not there is refused.
"""

from __future__ import annotations

from enum import StrEnum


class ConsoleRole(StrEnum):
    """One role; a Holder may have several, and needs two people to be given one."""

    GUARD = "guard"
    CUSTODIAN = "custodian"
    CHIEF = "chief"
    AUDITOR = "auditor"  # reads everything, changes nothing
    INSTALLER = "installer"  # devices, no custody


class Via(StrEnum):
    """How it is known who asks."""

    BOX = ""  # at the gate, as a user of the box: the controller's own
    SESSION = "session"  # signed in at the console; a console that was taken over could say it too
    SIGNATURE = "signature"  # a passkey over exactly this command, which the controller has verified


ROLES = tuple(role.value for role in ConsoleRole)
SEES_SEALED = frozenset({ConsoleRole.CHIEF.value, ConsoleRole.AUDITOR.value})
"""Roles that are shown what is sealed (behaviour 35)."""
