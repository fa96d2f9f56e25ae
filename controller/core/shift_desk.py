"""What is written at a desk about the work there: a shift handed over, notes on Entries, a signed review.

Rule 1: nothing here opens, secures or silences anything.
Rule 2: the core keeps no Entries. Whether a signed set is of Entries that were seen, and whether some of them
are the signer's own, is found in the log before it is asked (controller/ledger/sign_off.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from controller.core import alarm_desk
from controller.core.console_roles import ConsoleRole, Via
from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.portions import portions
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

LONGEST_NOTE = 500
MOST_RANGES = 1_000
MOST_EXCEPTIONS = 1_000
DIGEST = re.compile(r"[0-9a-f]{64}")
DESK = frozenset({ConsoleRole.GUARD.value, ConsoleRole.CHIEF.value})

Ranges = list[list[int]]


def hand_over(turn: Turn, ask: Asking) -> None:
    """Hand the shift over, with a list of what is open; alarms that were taken go to who takes over."""
    to, note = ask.fields.get("to"), ask.fields.get("note", "")
    if not isinstance(to, str) or not isinstance(note, str) or to not in turn.state.people:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif to == ask.by:
        turn.deny(Reason.ONESELF)
    elif not _keeps_the_desk(turn, ask, to):
        turn.deny(Reason.NOT_ALLOWED)
    else:
        for part in portions(_open_now(turn.state)):
            turn.write(
                Kind.SHIFT_HANDED_OVER, "", [ask.by, to], note=note[:LONGEST_NOTE], **_sorted_out(part)
            )
        _pass_alarms(turn, ask.by, to)
        turn.accept()


def _keeps_the_desk(turn: Turn, ask: Asking, to: str) -> bool:
    """Tell whether somebody may take over; at the box nobody needs a role at the console."""
    holder = turn.state.people[to]
    rights = not holder.visitor and holder.in_force(turn.at + turn.state.offset)
    return rights and (ask.via == Via.BOX or bool(DESK & {*holder.roles}))


def _pass_alarms(turn: Turn, by: str, to: str) -> None:
    """What the one had taken the other has; alarms of a room that the other opened stay where they are."""
    mine = [alarm for alarm in turn.state.alarms.values() if alarm.taken_by == by]
    for alarm in mine:
        if not alarm_desk.opened_it(turn, alarm, to):
            alarm_desk.taken(turn, alarm, to, handed_over_by=by)


def _open_now(state: State) -> Iterator[str]:
    """Everything that is open, each as the list it belongs to and its name; of duress nothing is said."""
    yield from (f"alarms {key}" for key, alarm in state.alarms.items() if alarm.kind != AlarmKind.DURESS)
    visitors = {v for room in state.rooms.values() for v in room.visitors} | state.visits.keys()
    yield from (f"visitors {one}" for one in sorted(visitors))
    for name, room in state.rooms.items():
        if room.unknown or room.inside or room.visitors:
            yield f"rooms {name}"
    broken = {name for name, condition in state.cameras.items() if condition != "back"}
    faults = {*state.lost, *state.suspects, *state.noisy, *broken, *state.log_troubles}
    yield from (f"faults {one}" for one in sorted(faults))


def _sorted_out(part: list[str]) -> Body:
    """One portion as the lists of an Entry."""
    lists: Body = {"alarms": [], "visitors": [], "rooms": [], "faults": []}
    for one in part:
        which, _, name = one.partition(" ")
        lists[which].append(name)
    return lists


def note_entry(turn: Turn, ask: Asking) -> None:
    """Comment on an Entry, or call it an exception; the Entry itself stays as it is.

    A comment is a finding of the review, so it stays for ever, as the reasons of acknowledgements do. Where
    it is ``about`` somebody it is kept as something personal of theirs, and goes when they are erased.
    ``sealed`` where the Entry is.
    """
    n, text, about = ask.fields.get("n"), ask.fields.get("text"), ask.fields.get("about", "")
    exception, sealed = ask.fields.get("exception", False), ask.fields.get("sealed", False)
    written = isinstance(text, str) and 0 < len(text) <= LONGEST_NOTE
    known = isinstance(about, str) and (not about or about in turn.state.people)
    plain = type(n) is int and isinstance(exception, bool) and isinstance(sealed, bool)
    if not written or not known or not plain:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif not 0 <= int(n or 0) < turn.state.size or (about and turn.state.people[about].erased):
        turn.deny(Reason.NOTHING_TO_DO)
    else:
        said: Body = {"personal": {about: {"note": text}}} if about else {"note": text}
        seal: Body = {"sealed": True} if sealed else {}
        turn.write(Kind.NOTED, "", [ask.by], of=n, exception=exception, **said, **seal)
        turn.accept(n=turn.state.size - 1)


def sign_off(turn: Turn, ask: Asking) -> None:
    """Sign Entries off that were seen, as ranges of counters with the digest over their leaf hashes.

    ``own`` says that some of them are the signer's own; then a second chief signs with them.
    """
    digest = ask.fields.get("digest")
    ranges: Any = ask.fields.get("ranges")
    exceptions, own = ask.fields.get("exceptions", []), ask.fields.get("own", False)
    right = isinstance(digest, str) and DIGEST.fullmatch(digest) and isinstance(own, bool)
    if not right or not _are_ranges(ranges, turn.state.size) or not _are_within(exceptions, ranges):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    turn.write(
        Kind.SIGNED_OFF,
        "",
        [ask.by, *([ask.second] if own else [])],
        digest=digest,
        ranges=ranges,
        **{"from": ranges[0][0], "to": ranges[-1][1]},
        count=sum(last - first + 1 for first, last in ranges),
        exceptions=exceptions,
        own=own,
    )
    turn.accept(n=turn.state.size - 1)


def _are_ranges(ranges: Any, size: int) -> bool:
    """Tell whether it is a list of [first, last] that rise, do not touch, and lie within the log."""
    if not isinstance(ranges, list) or not 0 < len(ranges) <= MOST_RANGES:
        return False
    before = -2
    for one in ranges:
        if not isinstance(one, list) or len(one) != 2 or any(type(n) is not int for n in one):
            return False
        first, last = one
        if not before + 1 < first <= last < size:
            return False
        before = last
    return True


def _are_within(exceptions: Any, ranges: Ranges) -> bool:
    """Tell whether they are counters that rise, each of a signed Entry."""
    if not isinstance(exceptions, list) or len(exceptions) > MOST_EXCEPTIONS:
        return False
    if any(type(n) is not int for n in exceptions) or exceptions != sorted({*exceptions}):
        return False
    return all(any(first <= n <= last for first, last in ranges) for n in exceptions)
