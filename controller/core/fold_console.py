"""Folds of what the console is allowed to do: passkeys, codes, and commands half signed.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core.chiefs import remember_whether_it_signs
from controller.core.effects import Body
from controller.core.remembered import Passkey, SignedOnce, SignInCode
from controller.core.state import State


def _enrolled(state: State, entry: Body) -> None:
    key = Passkey(entry["person"], entry["key"], entry.get("label", ""), entry["at"])
    state.passkeys[entry["credential"]] = key
    remember_whether_it_signs(state)
    if entry.get("by_code"):
        state.sign_in_codes.pop(entry["person"], None)


def _removed(state: State, entry: Body) -> None:
    state.passkeys.pop(entry["credential"], None)


def _changed(state: State, entry: Body) -> None:
    if entry["what"] == "password_by_code":
        for person in entry.get("who", ()):
            state.sign_in_codes.pop(person, None)


def _code_made(state: State, entry: Body) -> None:
    state.sign_in_codes[entry["person"]] = SignInCode(entry["check"], entry["until"])


def _signed(state: State, entry: Body) -> None:
    remember_whether_it_signs(state)
    if "until" in entry:
        first = entry["who"][0]
        once = SignedOnce(entry["ask"], entry["code"], first, entry.get("place", ""), entry["until"])
        state.signed_once[entry["digest"]] = once
    else:
        _command_over(state, entry)


def _command_over(state: State, entry: Body) -> None:
    state.signed_once.pop(entry["digest"], None)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "passkey_enrolled": _enrolled,
    "passkey_removed": _removed,
    "sign_in_changed": _changed,
    "enrolment_code": _code_made,
    "command_signed": _signed,
    "command_expired": _command_over,
}
