"""Badges that are made: two people ask, a card is written at an enrolment reader, and only then it counts.

Rule 1: nobody has a badge made for themselves; a card that nobody asked for is no badge.
Rule 2: a restart, a timeout and a refusal end an asking for ever; the card is asked for anew.
"""

from __future__ import annotations

from controller.core.effects import Body, Personalise, Withdraw
from controller.core.events import Asking, BadgeMade, BadgeNotMade
from controller.core.legible import LONGEST, legible
from controller.core.plan import Side
from controller.core.proof import KEYED, is_lasting
from controller.core.remembered import Issue
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

ISSUE_MS = 60_000
GRACE_MS = 5_000
"""What is reported after the end may have happened before it."""


def ask(turn: Turn, ask: Asking) -> None:
    """Have the next card at an enrolment reader made a badge of a person; two others ask."""
    person, level = str(ask.fields.get("person", "")), str(ask.fields.get("level", ""))
    reader = _desk(turn, str(ask.fields.get("reader", "")))
    holder = turn.state.people.get(person)
    if not reader or level not in turn.plan.levels_issued or holder is None:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif person in {ask.by, ask.second}:
        turn.deny(Reason.ONESELF)
    elif not holder.in_force(turn.state.wall):
        turn.deny(Reason.EXPIRED)
    elif level in KEYED and not turn.state.site_key:
        turn.deny(Reason.NO_SITE_KEY)
    elif reader in turn.state.issues:
        turn.deny(Reason.NOTHING_TO_DO)
    else:
        _begin(turn, reader, Issue(person, level, (ask.by, ask.second), turn.at + ISSUE_MS))


def withdraw(turn: Turn, ask: Asking) -> None:
    """Take an asking for a badge back, as one of the two who asked; the reader says how it ended.

    A card that is just being made is finished: half a badge would be nobody's card any more.
    """
    reader = _desk(turn, str(ask.fields.get("reader", "")))
    issue = turn.state.issues.get(reader)
    if not reader:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif issue is None:
        turn.deny(Reason.NOTHING_TO_DO)
    elif ask.by not in issue.by:
        turn.deny(Reason.NOT_ALLOWED)
    else:
        turn.do(Withdraw(reader))
        turn.accept(reader=reader)


def _desk(turn: Turn, named: str) -> str:
    """Enrolment reader of this name, or the only one where none is named."""
    desks = [r.name for r in turn.plan.readers.values() if r.side is Side.ENROLMENT]
    if not named and len(desks) == 1:
        return desks[0]
    return named if named in desks else ""


def _begin(turn: Turn, reader: str, issue: Issue) -> None:
    asked: Body = {"person": issue.person, "level": issue.level, "until": issue.until}
    turn.write(Kind.BADGE_ISSUE_ASKED, reader, issue.by, **asked)
    turn.do(Personalise(reader, issue.level, issue.until, _taken(turn, issue.person)))
    turn.accept(reader=reader, until=issue.until)


def _taken(turn: Turn, person: str) -> frozenset[str]:
    """Numbers of cards that this person's new badge cannot be: a live badge's, or somebody else's.

    Also those begun for somebody else: what showed it then knows the keys, and may be another card.
    """
    badges = turn.state.badges.items()
    others = {name for name, badge in badges if badge.holder != person}
    dead = {name for name, badge in badges if badge.holder == person and badge.blocked}
    others |= {uid for uid, whose in turn.state.begun.items() if whose != person}
    return frozenset(others | {uid for uid, name in turn.state.uids.items() if name not in dead})


def made(turn: Turn, told: BadgeMade) -> None:
    """A card was written and has proved it: it is a badge from now on, if it is the one asked for."""
    issue = turn.state.issues.get(told.reader)
    if issue is None:
        _not_issued(turn, told, (), "nobody asked for it", "")
    elif why := _speaks_against(turn, issue, told):
        _not_issued(turn, told, issue.by, why, issue.person)
    else:
        uid = told.uid if is_lasting(told.uid) else ""
        card = {"badge": told.badge, "uid": uid, "level": told.level, "person": issue.person}
        turn.write(Kind.BADGE_ISSUED, told.reader, issue.by, **card)


def _speaks_against(turn: Turn, issue: Issue, told: BadgeMade) -> str:
    holder = turn.state.people.get(issue.person)
    if holder is None or not holder.in_force(turn.state.wall):
        return "the person's rights are not in force"
    if told.level != issue.level:
        return "another level was asked for"
    if not (_is_hex(told.badge) and (_is_hex(told.uid) or not told.uid)):
        return "not the number of a card"
    return _known(turn, issue.person, told)


def _known(turn: Turn, person: str, told: BadgeMade) -> str:
    """A number that was somebody else's, or is dead, is never anybody's again."""
    badges = turn.state.badges
    before = badges.get(told.badge)
    if before and (before.blocked or before.holder != person or before.level != told.level):
        return "the badge is known already"
    of_card = [badges.get(told.uid), badges.get(turn.state.uids.get(told.uid, ""))]
    begun = turn.state.begun.get(told.uid, person) != person
    taken = begun or any(one is not None and one.holder != person for one in of_card)
    return "the card is somebody else's" if taken else ""


def _is_hex(text: str) -> bool:
    return 0 < len(text) <= LONGEST and not set(text) - set("0123456789ABCDEF")


def _not_issued(turn: Turn, told: BadgeMade, by: tuple[str, ...], why: str, person: str) -> None:
    card: Body = {"badge": legible(told.badge), "level": legible(told.level)}
    whose = {"person": person} if person else {}
    turn.write(Kind.BADGE_NOT_ISSUED, told.reader, by, why=why, **card, **(whose | _begun(told.uid, person)))


def _begun(uid: str, person: str) -> Body:
    """The card that a making was begun with, and for whom; nothing where it cannot be known again."""
    return {"uid": uid, "person": person} if _is_hex(uid) and is_lasting(uid) else {}


def not_made(turn: Turn, told: BadgeNotMade) -> None:
    """No card was written; what nobody waits for any more has been written down before, but for its card."""
    issue = turn.state.issues.get(told.reader)
    begun = _begun(told.uid, issue.person if issue else "")
    if issue or begun:
        by = issue.by if issue else ()
        card = (_asked_for(issue) if issue else {}) | begun
        turn.write(Kind.BADGE_NOT_ISSUED, told.reader, by, why=legible(told.why[:LONGEST]), **card)


def _asked_for(issue: Issue) -> Body:
    return {"person": issue.person, "level": issue.level}


def ended(turn: Turn, *, reader: str, reason: Reason = Reason.TIMEOUT) -> None:
    """Nobody brought a card in time, or the controller was restarted."""
    issue = turn.state.issues[reader]
    turn.write(Kind.BADGE_NOT_ISSUED, reader, issue.by, reason, why=reason.value, **_asked_for(issue))
