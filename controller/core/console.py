"""Who may sign at the console, and what its desk tells: passkeys, one-time codes, sign-ins.

Rule 1: a passkey counts once two chiefs have signed it, or once a code from the box has brought it.
Rule 2: a kind of news stands in ``CONSOLE_NEWS`` with its fields, or it is not written.

    {"kind": "passkey_enrolled", "who": ["li", "wang"], "person": "zhao", "credential": "…", "key": "…",
     "label": "blue key", …}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from controller.core import panels
from controller.core.chiefs import may_sign_in, signs
from controller.core.console_roles import ConsoleRole, Via
from controller.core.events import Asking, ConsoleNews
from controller.core.legible import deceives, legible
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

CODE_MS = 15 * 60_000
"""How long a one-time code may be used."""
COMMAND_MS = panels.WAITS_MS
"""How long a command waits for its second signature."""
MOST_PASSKEYS = 10
"""Of one person."""
LONGEST_KEY = 2_000
LONGEST_LABEL = 60
ALARMING = frozenset({"locked", "counter", "flood"})
"""Refused sign-ins that call the guard: somebody guesses, or a passkey was copied."""
BY_CODE = "password_by_code"
"""What was changed where a code of the box brought a password and an authenticator app."""

_letters = re.compile(r"[A-Za-z0-9_-]{1,2000}").fullmatch  # base64url without padding, RFC 4648 section 5
_digest = re.compile(r"[0-9a-f]{64}").fullmatch
Fields = Mapping[str, Any]
Against = Callable[[Turn, ConsoleNews], Reason | None]


def _free(_turn: Turn, _news: ConsoleNews) -> Reason | None:
    return None


def _by_code(turn: Turn, news: ConsoleNews) -> Reason | None:
    """Without two chiefs a passkey counts only for whom a code was made that is still good."""
    (person,) = news.who if len(news.who) == 1 else ("",)
    if not _code_counts(turn, person):
        return Reason.EXPIRED
    return _against_key(turn.state, turn.at, {"person": person, **news.fields})


def _changed(turn: Turn, news: ConsoleNews) -> Reason | None:
    """A change by a session has been proved to the desk; one by a code takes the code."""
    (person,) = news.who if len(news.who) == 1 else ("",)
    free = news.fields["what"] != BY_CODE or _code_counts(turn, person)
    return None if free else Reason.EXPIRED


def _code_counts(turn: Turn, person: str) -> bool:
    code = turn.state.sign_in_codes.get(person)
    return code is not None and turn.at < code.until


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of news: its fields and their types, and what may speak against it."""

    fields: Mapping[str, type]
    against: Against = _free


CONSOLE_NEWS: dict[Kind, Row] = {
    Kind.SIGNED_IN: Row({"how": str, "seat": str}),
    Kind.SIGN_IN_REFUSED: Row({"how": str, "why": str, "seat": str, "times": int, "wait_s": int}),
    Kind.SIGNED_OUT: Row({"why": str}),
    Kind.SIGN_IN_CHANGED: Row({"what": str}, _changed),
    Kind.COMMAND_EXPIRED: Row({"ask": str, "digest": str, "code": str, "why": str}),
    Kind.PASSKEY_ENROLLED: Row({"credential": str, "key": str, "label": str}, _by_code),
}


def told(turn: Turn, news: ConsoleNews) -> None:
    """Write down what the console's desk tells; news of another kind or shape is a defect of the desk.

    Whoever nobody knows stands in ``asked_by``, as whoever claims a name in an Asking that is refused.
    """
    row = CONSOLE_NEWS.get(news.kind)
    if row is None or not _fits(row, news):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif reason := row.against(turn, news):
        turn.deny(reason)
    else:
        _write(turn, news)
        turn.accept()


def _write(turn: Turn, news: ConsoleNews) -> None:
    known = [p for p in news.who if p in turn.state.people]
    claimed = [legible(p) for p in news.who if p not in turn.state.people]
    more: dict[str, Any] = {"asked_by": claimed} if claimed else {}
    if news.kind is Kind.PASSKEY_ENROLLED:
        more |= {"person": known[0], "by_code": True}
    turn.write(news.kind, "", known, **news.fields, **more)
    if news.kind is Kind.SIGN_IN_REFUSED and news.fields["why"] in ALARMING:
        turn.alarm(AlarmKind.CONSOLE, turn.plan.name)
    if news.kind is Kind.COMMAND_EXPIRED:
        panels.taken_back(turn, news.fields["code"])


def _fits(row: Row, news: ConsoleNews) -> bool:
    return news.fields.keys() == row.fields.keys() and all(
        type(value) is row.fields[name] and (type(value) is not str or _writable(value))
        for name, value in news.fields.items()
    )


def _writable(text: str) -> bool:
    return (
        len(text) <= LONGEST_KEY
        and not any("\ud800" <= sign <= "\udfff" for sign in text)
        and not deceives(text)
    )


def enrol_passkey(turn: Turn, ask: Asking) -> None:
    """Let a passkey count from now on; two chiefs, and neither for themselves."""
    person = str(ask.fields.get("person", ""))
    if person in {ask.by, ask.second}:
        turn.deny(Reason.ONESELF)
    elif reason := _against_key(turn.state, turn.at, ask.fields):
        turn.deny(reason)
    else:
        key = {name: ask.fields[name] for name in ("credential", "key", "label")}
        turn.write(Kind.PASSKEY_ENROLLED, "", (ask.by, ask.second), person=person, **key)
        turn.accept()


def _against_key(state: State, at: int, fields: Fields) -> Reason | None:
    """What speaks against a new passkey, None for nothing."""
    person, credential, key, label = (fields.get(n) for n in ("person", "credential", "key", "label"))
    texts = [one for one in (person, credential, key, label) if isinstance(one, str)]
    if len(texts) < len(("person", "credential", "key", "label")) or not _is_key(*texts[1:]):
        return Reason.NOT_UNDERSTOOD
    if credential in state.passkeys:
        return Reason.NOTHING_TO_DO
    if may_sign_in(state, at, texts[0]) is None:
        return Reason.NOT_ALLOWED
    own = sum(one.person == person for one in state.passkeys.values())
    return Reason.TOO_MANY if own >= MOST_PASSKEYS else None


def _is_key(credential: str, key: str, label: str) -> bool:
    return bool(_letters(credential) and _letters(key) and len(label) <= LONGEST_LABEL and _writable(label))


def remove_passkey(turn: Turn, ask: Asking) -> None:
    """Let a passkey count no longer; one's own, or as a chief anybody's."""
    key = turn.state.passkeys.get(str(ask.fields.get("credential", "")))
    asker = turn.state.people[ask.by]
    if key is None:
        turn.deny(Reason.NOTHING_TO_DO)
    elif key.person != ask.by and ConsoleRole.CHIEF not in asker.roles:
        turn.deny(Reason.NOT_ALLOWED)
    else:
        credential = ask.fields["credential"]
        turn.write(Kind.PASSKEY_REMOVED, "", [ask.by], person=key.person, credential=credential)
        turn.accept()


def enrolment_code(turn: Turn, ask: Asking) -> None:
    """Take a code that the box has made for somebody's sign-in.

    Free until the house signs, that is until two chiefs have had passkeys. From then on it takes the names of
    two people in force, and calls the guard: whoever keeps the box could say any names.
    """
    set_up = signs(turn.state, turn.at)
    if set_up and (ask.by == ask.second or not all(_in_force(turn, p) for p in (ask.by, ask.second))):
        turn.deny(Reason.NEEDS_SECOND)
        return
    _take_code(turn, ask)
    if set_up and turn.answer is not None and turn.answer.accepted:
        # Whoever gets the code does not silence this; the two names are claimed at the box, and bar nobody.
        turn.alarm(AlarmKind.CONSOLE, turn.plan.name, by=[str(ask.fields["person"])])


def invite(turn: Turn, ask: Asking) -> None:
    """Take a code that two chiefs have signed for somebody who has no passkey yet, or none any more."""
    if str(ask.fields.get("person", "")) in {ask.by, ask.second}:
        turn.deny(Reason.ONESELF)
    else:
        _take_code(turn, ask)


def _take_code(turn: Turn, ask: Asking) -> None:
    person, check = str(ask.fields.get("person", "")), str(ask.fields.get("check", ""))
    if not _digest(check):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif may_sign_in(turn.state, turn.at, person) is None:
        turn.deny(Reason.NOT_ALLOWED)
    else:
        who = [p for p in (ask.by, ask.second) if p in turn.state.people]
        until, at_box = turn.at + CODE_MS, ask.via == Via.BOX
        turn.write(Kind.ENROLMENT_CODE, "", who, person=person, check=check, until=until, at_box=at_box)
        turn.accept(until=until)


def signed_by(state: State, ask: Asking) -> bool:
    """Tell whether the passkeys that signed count now, and are of exactly those who ask, in their order."""
    keys = [state.passkeys.get(str(one.get("credential"))) for one in ask.proof.get("signatures", ())]
    return [key and key.person for key in keys] == list(filter(None, (ask.by, ask.second)))


def waited_in_vain(turn: Turn, why: str = "time") -> None:
    """Commands that no second person has signed in time, or before the controller ended, are over."""
    for digest, once in list(turn.state.signed_once.items()):
        if why == "restart" or turn.at >= once.until:
            about = {"ask": once.ask, "digest": digest, "code": once.code, "why": why}
            turn.write(Kind.COMMAND_EXPIRED, once.place, [once.by], **about)
            panels.taken_back(turn, once.code)


def _in_force(turn: Turn, person: str) -> bool:
    holder = turn.state.people.get(person)
    return holder is not None and not holder.visitor and holder.in_force(turn.at + turn.state.offset)
