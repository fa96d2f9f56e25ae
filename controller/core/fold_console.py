"""Folds of what the console is allowed to do: passkeys.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core.effects import Body
from controller.core.remembered import Passkey
from controller.core.state import State


def _enrolled(state: State, entry: Body) -> None:
    key = Passkey(entry["person"], entry["key"], entry.get("label", ""), entry["at"])
    state.passkeys[entry["credential"]] = key


def _removed(state: State, entry: Body) -> None:
    state.passkeys.pop(entry["credential"], None)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "passkey_enrolled": _enrolled,
    "passkey_removed": _removed,
}
