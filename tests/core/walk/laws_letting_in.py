"""Laws of every step: who is let in, and what must be there before: I1, I4, I7 and R8.3.

Rule: as in invariants.py; a law answers None, or one sentence about what it saw.
"""

from __future__ import annotations

from controller.core.effects import Raise
from controller.core.party import Awaiting
from controller.core.state import DoorPhase
from controller.core.words import AlarmKind
from tests.core.walk.facts import (
    CARRIED_OUT,
    OPENING,
    TWO,
    grants,
    releases,
    staying,
)
from tests.core.walk.moves import EVERYTHING
from tests.core.walk.walk import Step
from tests.core.walk.worlds import ROOM


def two_to_enter(step: Step) -> str | None:
    """I1: nobody is let in by fewer than two people, unless two stay inside and the count is known."""
    carried_out = [e for e in step.entries if e["kind"] in CARRIED_OUT]
    for grant in (*grants(step), *carried_out):
        if grant["place"] != "main" or grant.get("direction") == "out":
            continue
        who = set(grant["who"])
        if step.before.room(ROOM).unknown:
            return f"{sorted(who)} let in while nobody knows who is inside"
        if len(who) < TWO and len(staying(step.before)) < TWO:
            return f"{sorted(who)} let in to {sorted(staying(step.before))}"
    return None


def from_afar_is_uncounted(step: Step) -> str | None:
    """A door that is released from afar is so with the count known, and when it opens the count is lost."""
    for entry in step.entries:
        known = not step.before.room(ROOM).unknown
        if entry["kind"] == "released_remotely" and entry["place"] == "main" and not known:
            return "main released from afar while nobody knows who is inside"
    was, now = step.before.door("main"), step.after.door("main")
    opened = was.remote and any(e["kind"] == "opened" and e["place"] == "main" for e in step.entries)
    if opened and not step.after.room(ROOM).unknown:
        return "main was released from afar and opened, and the count goes on"
    resting = now.phase is DoorPhase.LOCKED and now.remote
    return "main is locked and still released from afar" if resting else None


def entitled_now(step: Step) -> str | None:
    """I1: whoever is let in holds a badge that is good at this instant, outside a lockdown."""
    dead = {badge.holder for badge in step.after.badges.values() if badge.blocked}
    for grant in step.entries:
        if grant["kind"] not in OPENING or grant.get("direction") == "out":
            continue
        if dead & set(grant["who"]):
            return f"{grant['place']} released for a withdrawn badge"
        if step.before.lockdown is not None:
            return f"{grant['place']} released in a lockdown"
    return None


def two_at_a_cabinet(step: Step) -> str | None:
    """I4: a compartment is released and opened only with two confirmed who stay inside, both of the pair."""
    for grant in grants(step, "compartment"):
        inside, who = staying(step.after), set(grant["who"])
        if step.before.room(ROOM).unknown or len(who) < TWO or not who <= inside:
            return f"{grant['place']} released for {sorted(who)} with {sorted(inside)} inside"
    for entry in step.entries:
        if entry["kind"] == "compartment_opened" and len(staying(step.before)) < TWO:
            return f"{entry['place']} opened with {sorted(staying(step.before))} inside"
    return None


def written_before_opened(step: Step) -> str | None:
    """I7: each release has its Entry in the same step, with the same end."""
    granted = {(e["place"], e.get("until")) for e in step.entries if e["kind"] in OPENING}
    return next((f"{r} without an Entry" for r in releases(step) if (r.lock, r.until) not in granted), None)


def witnessed_first(step: Step) -> str | None:
    """R8.3: a door lets in when a log with the grant in it was cosigned, or the limit has passed."""
    out = {e["place"] for e in step.entries if e.get("direction") == "out"}
    for release in releases(step) if step.world.witnessed else ():
        waits = step.before.door(release.lock).awaiting
        if release.lock in out or release.lock != "main":  # no other door leads into the room
            continue
        late = waits is not None and step.after.at >= waits.since + step.world.millis("witness")
        if waits is None or not (late or step.move.words == EVERYTHING):
            return f"{release.lock} released before the log witness"
    return None


def pictured_first(step: Step) -> str | None:
    """R8.3: a door lets in when a picture of the grant is on disk, or with an alarm where that is allowed."""
    out = {e["place"] for e in step.entries if e.get("direction") == "out"}
    for release in releases(step) if step.world.pictured else ():
        waits = step.before.door(release.lock).awaiting
        if release.lock in out or release.lock != "main":  # no other door leads into the room
            continue
        if waits is None:
            return f"{release.lock} released without waiting for a picture"
        if not _has_picture(step, waits.shot) and not _opens_without(step, waits):
            return f"{release.lock} released without its picture"
    return None


def _has_picture(step: Step, shot: int) -> bool:
    told = (e for e in step.entries if e["kind"] == "pictures_taken" and e["shot"] == shot)
    return any(p["moment"] <= 0 and not p["thumbnail"] for e in told for p in e["pictures"])


def _opens_without(step: Step, waits: Awaiting) -> bool:
    """The room's rule lets it open, nothing more can come, and the guard is called."""
    answered = any(
        e["kind"] in {"no_picture", "pictures_taken"} and (e["shot"], e["part"]) == (waits.shot, "now")
        for e in step.entries
    )
    late = step.after.at >= waits.since + step.world.millis("picture")
    called = any(isinstance(e, Raise) and e.alarm == AlarmKind.NO_PICTURE.value for e in step.effects)
    return step.world.pictured == "open" and called and (late or answered)
