"""What a guard does at an alarm of people, doors and what they guard. Rule: see procedures.py."""

from __future__ import annotations

from controller.core.words import AlarmKind
from web.feed import steps
from web.feed.mark import N_

PEOPLE: dict[AlarmKind, tuple[str, ...]] = {
    AlarmKind.FORCED: (
        steps.PICTURES,
        steps.POLICE,
        steps.LOCKDOWN,
        steps.TWO,
        steps.UNTOUCHED,
        steps.NOTE,
    ),
    AlarmKind.HELD: (
        N_("Look at the pictures: who stands in the door?"),
        N_("Call the people there and ask them to shut it."),
        N_("If nobody answers, go there with a second person."),
        N_("Shut the door and see that it says locked here."),
        steps.NOTE,
    ),
    AlarmKind.LONE: (
        steps.CALL,
        N_("Send a second entitled person, or have the one inside come out."),
        N_("If nobody answers, go there with a second person: somebody may be hurt."),
        N_("See that no compartment is open."),
        steps.NOTE,
    ),
    AlarmKind.TAMPER: (
        steps.PICTURES,
        steps.TWO,
        N_("See whether a wire, a case or a sensor was touched."),
        steps.INSTALLER,
        steps.CHIEF,
        steps.NOTE,
    ),
    AlarmKind.DURESS: (
        N_("Show nothing: do not call the room, do not go there openly."),
        N_("Call the police and tell them: duress."),
        steps.CHIEF,
        N_("Watch the pictures and write down who goes where."),
        N_("Hold nobody back: people go out freely."),
    ),
    AlarmKind.NOT_BOLTED: (
        N_("Look at the pictures: is something in the door?"),
        N_("Go there with a second person and press the door shut."),
        N_("See that it says locked here."),
        N_("If it does not lock, have it watched and call the installer."),
        steps.NOTE,
    ),
    AlarmKind.CABINET_OPEN: (
        steps.CALL,
        N_("Have the compartment shut, and see that it says locked here."),
        N_("If nobody is inside, go in as a pair that is entitled."),
        N_("Have what lies in it counted."),
        steps.NOTE,
    ),
    AlarmKind.CABINET_FORCED: (
        steps.PICTURES,
        steps.LOCKDOWN,
        steps.CHIEF,
        steps.TWO,
        steps.UNTOUCHED,
        N_("Have what lies in it counted."),
    ),
    AlarmKind.WINDOW_OPEN: (
        steps.PICTURES,
        steps.POLICE,
        steps.TWO,
        N_("Have the window shut from inside by an entitled pair."),
        steps.NOTE,
    ),
    AlarmKind.INTRUSION: (
        steps.PICTURES,
        steps.POLICE,
        steps.LOCKDOWN,
        steps.CHIEF,
        steps.TWO,
        steps.NOTE,
    ),
    AlarmKind.WRONG_ATTEMPTS: (
        N_("Look at the pictures: do you know this person?"),
        N_("Go to the door with a second person and ask for a document."),
        N_("If a badge was lost or stolen, have it blocked."),
        steps.NOTE,
    ),
    AlarmKind.SECOND_REFUSED: (
        N_("Look at the pictures: who tried to join?"),
        N_("Ask the first person whether all is well."),
        N_("If something is odd, go there with a second person."),
        steps.NOTE,
    ),
    AlarmKind.OCCUPANCY_UNKNOWN: (
        N_("Nobody goes in until it is known who is inside."),
        steps.PICTURES,
        steps.CALL,
        steps.OTHERS,
        steps.NOTE,
    ),
    AlarmKind.VISITOR_ALONE: (
        N_("Call the visitor's host and send the host back at once."),
        N_("Look at the pictures: where is the visitor?"),
        N_("If the host does not come, fetch the visitor with a second person."),
        steps.NOTE,
    ),
    AlarmKind.CARRIER_MISSING: (
        N_("Let nobody who was inside leave unseen; hold nobody back."),
        N_("Ask the custodian where the carrier should be."),
        steps.PICTURES,
        steps.CHIEF,
        N_("Have the room counted by two people."),
        steps.NOTE,
    ),
    AlarmKind.IMPOSSIBLE_TRAVEL: (
        N_("Look at the pictures of both places."),
        N_("Have the badge blocked."),
        N_("Find the person it belongs to, and ask."),
        steps.CHIEF,
        steps.NOTE,
    ),
    AlarmKind.INTERLOCK: (
        N_("Look at the pictures of both doors."),
        N_("Ask who overrode it, and why."),
        N_("See that both doors are closed and locked again."),
        steps.NOTE,
    ),
    AlarmKind.CUSTODIAN_OUT: (
        steps.CALL,
        N_("Send a custodian back in, or have all come out."),
        N_("See that no compartment is open."),
        steps.NOTE,
    ),
    AlarmKind.BADGE_COPIED: (
        N_("Show nothing at the door: the person sees only a refusal."),
        steps.PICTURES,
        N_("Keep watching, and call the police."),
        steps.CHIEF,
        N_("Find the person whose badge was copied; a new one is made."),
    ),
    AlarmKind.LOOK: (
        steps.PICTURES,
        steps.CALL,
        steps.OTHERS,
        steps.CHIEF,
        steps.NOTE,
    ),
    AlarmKind.VISITOR_OVERSTAY: (
        N_("Call the host: is the visitor still there?"),
        N_("Have the visit made longer, or the visitor brought to the desk."),
        N_("Take back pass and badge."),
        steps.NOTE,
    ),
    AlarmKind.CLOSING_MISSING: (
        N_("See on the plan how the room stands now."),
        N_("Call the two who opened it: is everything put away and locked?"),
        N_("Close the day late, with a note on whatever is not in order."),
        steps.NOTE,
    ),
    AlarmKind.REMOTE_RELEASE: (
        N_("See who signed it, and why."),
        N_("Look at the pictures: who goes through?"),
        N_("If you were not told of it, ask the chief."),
        N_("See that the door is closed and locked afterwards."),
        steps.NOTE,
    ),
}
