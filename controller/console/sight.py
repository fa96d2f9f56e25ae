"""What the console's desk may know of the room: who may sign in, and with what.

    people     {"zhao": ["chief"]}: those who may sign in, with their roles
    passkeys   {credential: {"person", "key", "label", "since"}}
    codes      {"li": {"check": SHA-256, "until": room time}}, those that are still good
    chiefs     how many of them are chiefs
    signs      whether what must be signed is heard signed alone (controller/core/chiefs.py)

Rule: the loop alone looks; what leaves here are plain values, nothing of the state itself.
"""

from __future__ import annotations

from typing import Any

from controller.core.chiefs import chiefs_in_force, may_sign_in, signs
from controller.core.state import State


def sight(state: State) -> dict[str, Any]:
    """What the desk may know now, as plain values; ``people`` are only those who may sign in, with roles."""
    known = {person: may_sign_in(state, state.at, person) for person in state.people}
    return {
        "at": state.at,
        "wall_ms": state.wall,
        "people": {person: list(holder.roles) for person, holder in known.items() if holder},
        "passkeys": {
            name: {"person": key.person, "key": key.key, "label": key.label, "since": key.since}
            for name, key in state.passkeys.items()
        },
        "codes": {
            person: {"check": code.check, "until": code.until}
            for person, code in state.sign_in_codes.items()
            if state.at < code.until
        },
        "chiefs": chiefs_in_force(state, state.at),
        "size": state.size,
        "signs": signs(state, state.at),
    }
