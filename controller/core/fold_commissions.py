"""Folds of what two people commission: badges that are made, readers paired, loops learned, the site key.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controller.core.effects import Body
from controller.core.people import Badge
from controller.core.remembered import Issue, Pairing
from controller.core.state import State


def _issue_asked(state: State, entry: Body) -> None:
    state.issues[entry["place"]] = Issue(entry["person"], entry["level"], tuple(entry["who"]), entry["until"])


def _issued(state: State, entry: Body) -> None:
    """The card is this badge now, and no other badge that was made on it before."""
    name, uid = entry["badge"], entry["uid"]
    state.issues.pop(entry["place"], None)
    if uid:
        before = state.uids.get(uid, name)
        if before != name and before in state.badges:
            state.badges[before] = replace(state.badges[before], blocked=True)
        state.uids[uid] = name
    state.badges[name] = Badge(entry["person"], level=entry["level"], uid=uid)


def _not_issued(state: State, entry: Body) -> None:
    """Whatever showed this number was told the keys that go with it, for this person or for nobody."""
    state.issues.pop(entry["place"], None)
    if entry.get("uid") and "person" in entry:
        known = state.begun.get(entry["uid"], entry["person"])
        state.begun[entry["uid"]] = entry["person"] if known == entry["person"] else ""


def _counted(state: State, entry: Body) -> None:
    name = entry["badge"]
    state.badges[name] = replace(state.badges[name], counter=entry["counter"])


def _pairing_asked(state: State, entry: Body) -> None:
    state.pairings[entry["place"]] = Pairing(tuple(entry["who"]), entry["until"])


def _paired(state: State, entry: Body) -> None:
    state.pairings.pop(entry["place"], None)
    state.identities[entry["place"]] = entry["identity"]


def _pairing_failed(state: State, entry: Body) -> None:
    state.pairings.pop(entry["place"], None)


def _loops_asked(state: State, entry: Body) -> None:
    state.learning |= frozenset(entry["lines"])
    state.learners |= dict.fromkeys(entry["lines"], tuple(entry["who"]))


def _loop_learned(state: State, entry: Body) -> None:
    state.learning -= {entry["place"]}
    state.learned[entry["place"]] = entry["ppm"]


def _site_key(state: State, entry: Body) -> None:
    state.site_key = entry["check"]


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "badge_issue_asked": _issue_asked,
    "badge_issued": _issued,
    "badge_not_issued": _not_issued,
    "badge_counted": _counted,
    "pairing_asked": _pairing_asked,
    "reader_paired": _paired,
    "pairing_failed": _pairing_failed,
    "loops_asked": _loops_asked,
    "loop_learned": _loop_learned,
    "site_key_set": _site_key,
}
