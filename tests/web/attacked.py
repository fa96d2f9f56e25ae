"""Somebody with every role, so that nothing but the attack itself is refused."""

from __future__ import annotations

from controller.core.console_roles import ConsoleRole
from tests.web.conftest import ROOM
from tests.web.peer import Peer, person


def everybody(peer: Peer) -> None:
    peer.answers["who"] = person(*(role.value for role in ConsoleRole))
    peer.answers["room"] = {"view": {**ROOM["view"], "at": 0, "wall_ms": 1_772_413_200_000}}
