"""Folds of the log's own affairs: erasures, legal holds, signing key, pruning, disk and backup.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controller.core.effects import Body
from controller.core.fold_visits import forget
from controller.core.legal_hold import LegalHold
from controller.core.people import Holder
from controller.core.state import State


def _erased(state: State, entry: Body) -> None:
    """Nothing stays of the person but an id that is taken, and badges that are dead."""
    for person in (entry["person"], *entry.get("also", ())):
        _erase(state, person)


def _erase(state: State, person: str) -> None:
    before = state.people[person]
    forget(state, person)
    state.people[person] = Holder(person, visitor=before.visitor, ended=True, erased=True)
    for name, badge in state.badges.items():
        if badge.holder == person:
            state.badges[name] = replace(badge, blocked=True)


def _hold_set(state: State, entry: Body) -> None:
    (by,) = entry["who"]
    state.holds[entry["hold"]] = LegalHold(entry["person"], by, entry["at"])


def _hold_lifted(state: State, entry: Body) -> None:
    state.holds.pop(entry["hold"], None)


def _rotation_asked(state: State, _: Body) -> None:
    state.rotation_asked = True


def _log_key(state: State, entry: Body) -> None:
    state.log_key = entry["vkey"]


def _key_rotated(state: State, entry: Body) -> None:
    state.log_key, state.rotation_asked = entry["new"], False


def _restored(state: State, _: Body) -> None:
    """The old key is lost; the one that the log goes on with is named next."""
    state.log_key, state.rotation_asked = "", False


def _pruned(state: State, entry: Body) -> None:
    state.kept_from = max(state.kept_from, entry["kept_from"])


def _begins(trouble: str) -> Callable[[State, Body], None]:
    def fold(state: State, _: Body) -> None:
        state.log_troubles |= {trouble}

    return fold


def _ends(*troubles: str) -> Callable[[State, Body], None]:
    def fold(state: State, _: Body) -> None:
        state.log_troubles -= {*troubles}

    return fold


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "erased": _erased,
    "hold_set": _hold_set,
    "hold_lifted": _hold_lifted,
    "key_rotation_asked": _rotation_asked,
    "log_key": _log_key,
    "key_rotated": _key_rotated,
    "restored": _restored,
    "pruned": _pruned,
    "disk_low": _begins("disk_low"),
    "disk_enough": _ends("disk_low", "reserve_used"),
    "reserve_used": _begins("reserve_used"),
    "backup_failed": _begins("backup_failed"),
    "backed_up": _ends("backup_failed"),
}
