"""Whether a card that was read is believed: what it proved, whose number it shows, what it has counted.

Rule 1: a doubt is a Reason like any other; outside it looks like every "no", and the guard learns more.
Rule 2: it does not look at who may pass; who is doubted is nobody, at every reader alike.
Rule 3: a card that is not believed is never counted by the badge it pretends to be: whoever knows the number
of a card could keep its holder out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from controller.core.effects import Body
from controller.core.events import BadgeRead
from controller.core.legible import legible
from controller.core.people import Badge
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

UID = "uid"
ALIKE = frozenset({"wrong_key", "slow"})
"""Faults of a card that only pretends to be a badge. Any other says nothing of that: the card was torn away,
lay with another one, or the box has no key, which happens to honest people, too.
"""
COUNTS = range(2**24)  # NTAG 424 DNA data sheet, 8.5: SDMReadCtr has three bytes
RANDOM_UID = "08"  # ISO/IEC 14443-3, 6.5.4: four bytes of which the first is 08 are drawn anew each time
RANDOM_UID_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Presented:
    """One presentation of a card, and whether it is believed.

    ``badge`` is what wrong attempts are counted by: a badge that is believed, else the number of the card,
    else nothing. ``of`` is the badge that it is or pretends to be (empty: none), ``sensed`` the room time at
    which the card was first seen, ``says`` what Entries tell beside; ``innocent``: no wrong attempt.
    """

    reader: str
    badge: str
    of: str
    level: str
    sensed: int
    doubt: Reason | None = None
    copied: bool = False
    innocent: bool = False
    says: Body = field(default_factory=dict)


KEYED = frozenset({"desfire", "ntag424"})
"""Levels whose cards hold keys that come from the site key."""


def is_lasting(uid: str) -> bool:
    """Tell whether a card keeps this number, so that another card that shows it is a copy."""
    return bool(uid) and not (len(uid) == RANDOM_UID_DIGITS and uid.startswith(RANDOM_UID))


def presented(turn: Turn, read: BadgeRead) -> Presented:
    """What a reading is worth; a count that has grown is remembered before anything is judged by it."""
    token, uid = legible(read.badge), legible(read.uid)
    plain = Presented(read.reader, token, token, legible(read.level), read.at - max(0, read.took_ms))
    if read.fault:
        return _faulty(turn, plain, uid, legible(read.fault))
    if copied := _copied(turn, plain, uid):
        return copied
    credential = turn.state.badges.get(token)
    if credential is None or credential.level != read.level:
        return plain
    return _counted(turn, plain, uid, credential, read.counter)


def _card(turn: Turn, uid: str) -> str:
    """What a card that is not believed is counted by: its own number, unless that is a badge's name."""
    return "" if uid in turn.state.badges else uid


def _faulty(turn: Turn, plain: Presented, uid: str, fault: str) -> Presented:
    """A card that did not prove itself: its number says which badge it pretends to be."""
    made = turn.state.uids
    of = made.get(plain.badge) or made.get(uid) or plain.badge
    copied = fault in ALIKE and of in turn.state.badges
    says: Body = {"fault": fault} | ({"uid": uid} if uid else {}) | ({"copy_of": of} if copied else {})
    badge = _card(turn, uid or plain.badge)
    innocent = fault not in ALIKE
    return replace(
        plain, badge=badge, of=of, doubt=Reason.NOT_GENUINE, copied=copied, innocent=innocent, says=says
    )


def _copied(turn: Turn, plain: Presented, uid: str) -> Presented | None:
    """The number of a badge on a card that cannot prove it, or the proof of a badge on another card."""
    reader = turn.plan.readers.get(plain.reader)
    made = turn.state.uids.get(plain.badge, "")
    if plain.level == UID and made and reader is not None and reader.asks:
        says = {"uid": plain.badge, "copy_of": made}
        badge = _card(turn, plain.badge)
        return replace(plain, badge=badge, of=made, doubt=Reason.COPIED, copied=True, says=says)
    credential = turn.state.badges.get(plain.badge)
    if credential and credential.uid and is_lasting(uid) and uid != credential.uid:
        says = {"uid": uid, "copy_of": plain.badge}
        return replace(plain, badge=_card(turn, uid), doubt=Reason.COPIED, copied=True, says=says)
    return None


def _counted(turn: Turn, plain: Presented, uid: str, credential: Badge, counter: int | None) -> Presented:
    """A card that counts has counted on since it was last seen; one that ever counted always does.

    An old count says that there are two of a badge, and not that this one is the copy: the guard is called,
    and it is a wrong attempt of this card, which does not keep the badge out.
    """
    if counter is None and credential.counter is None:
        return plain
    last = -1 if credential.counter is None else credential.counter
    if counter is None or counter not in COUNTS or counter <= last:
        says: Body = {"copy_of": plain.badge} | ({"uid": uid} if uid else {})
        card = _card(turn, uid)
        return replace(plain, badge=card, doubt=Reason.COUNTER_OLD, copied=True, says=says)
    turn.write(Kind.BADGE_COUNTED, plain.reader, [credential.holder], badge=plain.badge, counter=counter)
    return plain


def is_itself(turn: Turn, shown: Presented) -> bool:
    """Tell whether nothing speaks against a card being what it says: no doubt, and its badge's own level."""
    credential = turn.state.badges.get(shown.of)
    return shown.doubt is None and (credential is None or credential.level == shown.level)
