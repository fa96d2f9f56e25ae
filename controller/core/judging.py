"""Whether somebody is heard who asks for something, and what becomes of it.

Rule 1: what is not in the table (askings.py) cannot be asked; an Asking is judged here first.
Rule 2: a refusal is an Entry as well, with names only (refused_askings.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from controller.core import console, panels
from controller.core.asking_rows import Row, can_be_signed, write_signed
from controller.core.askings import ASKINGS, sign_command
from controller.core.chiefs import TWO, chiefs_in_force, chiefs_with_passkeys, signs
from controller.core.console_roles import Via
from controller.core.events import Asking
from controller.core.legible import deceives
from controller.core.people import Holder
from controller.core.refused_askings import told_of
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

EXACT = 2**53  # larger integers are not the same everywhere (RFC 8785, 3.2.2.3)


def in_force(turn: Turn, person: str) -> bool:
    """Tell whether somebody may ask for anything: staff, enrolled, and within their rights' time."""
    holder: Holder | None = turn.state.people.get(person)
    return holder is not None and not holder.visitor and holder.in_force(turn.at + turn.state.offset)


def _writable(ask: Asking) -> bool:
    """Tell whether all that is said can stand in the log: texts that read as they stand, and no fractions."""
    try:
        return _plain([ask.by, ask.second]) and _plain(dict(ask.fields))
    except UnicodeEncodeError:
        return False


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        value.encode()
        return not deceives(value)
    if isinstance(value, dict):
        return all(_plain(k) and _plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_plain, value))
    return (
        value is None or isinstance(value, bool | datetime) or (isinstance(value, int) and abs(value) < EXACT)
    )


def _unheard(turn: Turn, row: Row, ask: Asking) -> Reason | None:
    """Why nobody listens to an Asking that came this way, None where somebody does.

    Whoever keeps the box could say any names at its gate, so what must be signed is not heard there any
    more once two people can sign it, and never again once the house signs (chiefs.py); a site without them
    has no console yet and is run at the gate.
    """
    if ask.via == Via.BOX:
        can = signs(turn.state, turn.at) or can_be_signed(turn.state, turn.at, row)
        return Reason.NEEDS_SIGNATURE if row.signed and can else None
    if row.signed and ask.via != Via.SIGNATURE:
        return Reason.NEEDS_SIGNATURE
    if ask.via == Via.SIGNATURE and not console.signed_by(turn.state, ask):
        return Reason.NEEDS_SIGNATURE
    return None if _have_its_roles(turn, row, ask) else Reason.NOT_ALLOWED


def _have_its_roles(turn: Turn, row: Row, ask: Asking) -> bool:
    """Whether whoever asks has a role for it, and the second person one that is right beside theirs."""
    first, second = (turn.state.people.get(p) for p in (ask.by, ask.second))
    if first is None or not {*first.roles} & {*row.roles}:
        return False
    if row.takes(ask.fields) < TWO or not ask.second:
        return True
    roles = row.of_second(first.roles, chiefs_in_force(turn.state, turn.at))
    return second is not None and bool({*second.roles} & {*roles})


def _carry_out(turn: Turn, row: Row, ask: Asking) -> None:
    """Carry an Asking out; the Entry of a signature stands before those of what it ordered.

    Where it leaves fewer than two chiefs who can sign, the guard is called, and where an heir has signed in
    the place of a chief, too: not to be silenced by those who did it, nor by whom it is about.
    """
    could = chiefs_with_passkeys(turn.state, turn.at) >= TWO
    heir = _is_by_an_heir(turn, row, ask)
    if ask.via == Via.SIGNATURE and row.do is not sign_command:
        write_signed(turn, ask, ask.fields)
    row.do(turn, ask)
    if ask.via == Via.SIGNATURE:
        panels.told(turn, ask)
    heir = heir and (turn.answer is None or turn.answer.reason is None)
    if heir or (could and chiefs_with_passkeys(turn.state, turn.at) < TWO):
        theirs = [
            str(p) for p in (ask.by, ask.second, ask.fields.get("person", "")) if p in turn.state.people
        ]
        turn.alarm(AlarmKind.CONSOLE, turn.plan.name, by=theirs)


def _is_by_an_heir(turn: Turn, row: Row, ask: Asking) -> bool:
    second = turn.state.people.get(ask.second)
    return bool(ask.via == Via.SIGNATURE and row.heirs and second and not {*second.roles} & {*row.roles})


def judge(turn: Turn, ask: Asking) -> None:
    """Judge an Asking and carry it out, or refuse it with its reason."""
    row = ASKINGS.get(ask.name)
    if row is None or not _writable(ask):
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif reason := _unheard(turn, row, ask):
        turn.deny(reason)
    elif row.people >= 1 and not in_force(turn, ask.by):
        turn.deny(Reason.NOT_ALLOWED)
    elif row.takes(ask.fields) > 1 and (ask.second in {"", ask.by} or not in_force(turn, ask.second)):
        turn.deny(Reason.ONESELF if row.own else Reason.NEEDS_SECOND)
    else:
        _carry_out(turn, row, ask)
    if turn.answer is not None and turn.answer.reason is not None:
        who = [p for p in (ask.by, ask.second) if p in turn.state.people]
        turn.write(
            Kind.REFUSED,
            turn.plan.name,
            who,
            turn.answer.reason,
            asking=ask.name[:40] if ask.name in ASKINGS else "",
            **told_of(ask, turn.state.people),
        )
