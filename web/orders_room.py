"""Orders about doors, rooms and cabinets, with what happens then. Rule: words only; nothing is asked."""

from __future__ import annotations

from web.i18n import N_
from web.orders import CUSTODY, DESK, STAFF, TWO, Field, Group, Order, Pick, reason

RELEASE = Order(
    "release_door",
    N_("Release a door"),
    N_(
        "The door is unlocked for the seconds you choose, and locks by itself. The guard is called, cameras "
        "look, and from then on nobody knows who is inside until a recount."
    ),
    N_("Release door %(door)s for %(seconds)s seconds, because: %(reason)s"),
    (
        Field("door", N_("Door"), Pick.DOOR),
        Field("seconds", N_("Seconds"), Pick.NUMBER, N_("3 to 30"), 3, 30),
        reason(),
    ),
    people=TWO,
    agree=N_("It overrides no rule of the room: lockdown, interlock and closed hours refuse it."),
    icon="lock-open",
)
APPROVE_OPENING = Order(
    "approve_opening",
    N_("Approve an opening outside duty hours"),
    N_(
        "For a short time two people may open this room although it is closed now. They show their badges "
        "again."
    ),
    N_("Approve that room %(room)s is opened outside duty hours"),
    (Field("room", N_("Room"), Pick.ROOM),),
    STAFF,
    agree=N_("You may not be inside, nor one of the two at the door."),
    icon="clock",
)
RECOUNT = Order(
    "recount",
    N_("Recount who is inside"),
    N_(
        "From then on exactly the people you tick count as inside. Whoever is inside and not ticked is known "
        "to nobody."
    ),
    N_("In room %(room)s are now: %(inside)s"),
    (
        Field("room", N_("Room"), Pick.ROOM),
        Field("inside", N_("Who is inside"), Pick.INSIDE, N_("Tick nobody if the room is empty.")),
    ),
    DESK,
    TWO,
    icon="users",
)
OVERRIDE = Order(
    "override_interlock",
    N_("Override an interlock"),
    N_("For one minute this door may open although the other one of the pair is open."),
    N_("Let door %(door)s open beside the other one for a minute, because: %(reason)s"),
    (Field("door", N_("Door"), Pick.INTERLOCKED), reason()),
    people=TWO,
    icon="door",
)
TIME_LOCK = Order(
    "change_time_lock",
    N_("Close a time lock"),
    N_("The time lock of the door stays closed from now on for so long. Nobody can open it earlier again."),
    N_("Keep the time lock of door %(door)s closed for %(minutes)s minutes from now on"),
    (
        Field("door", N_("Door"), Pick.DOOR, N_("Only a door with a time lock.")),
        Field("minutes", N_("Minutes"), Pick.NUMBER, N_("1 to 10080, which is a week"), 1, 10_080),
    ),
    people=TWO,
    icon="lock",
)
FORGIVE = Order(
    "forgive_passback",
    N_("Forgive a passback"),
    N_("The person may come in or go out once although the room has counted them on the other side."),
    N_("Forgive %(person)s one passback, because: %(reason)s"),
    (Field("person", N_("Person"), Pick.STAFF), reason()),
    agree=N_("Not for yourself."),
    icon="id-badge-2",
)
AUTHORISE = Order(
    "authorise",
    N_("Agree to a cabinet being opened"),
    N_("The two people at the cabinet may take or return once within the time of the cabinet."),
    N_("Agree that cabinet %(cabinet)s is opened"),
    (Field("cabinet", N_("Cabinet"), Pick.CABINET),),
    CUSTODY,
    agree=N_("You may not be one of the two at the cabinet."),
    icon="lock-open",
)
LOCKDOWN = Order(
    "lockdown",
    N_("Lockdown"),
    N_("Every door and cabinet locks at once and no badge opens any more. Ways out stay free."),
    N_("Lock everything, because: %(reason)s"),
    (reason(),),
    DESK,
    signed=False,
    agree=N_("Another person than you has to lift it."),
    icon="alert-octagon",
)
LIFT = Order(
    "lift_lockdown",
    N_("Lift the lockdown"),
    N_("Badges open again, as the rules allow."),
    N_("Lift the lockdown of the whole site"),
    (),
    DESK,
    agree=N_("Not by whoever set it."),
    icon="lock-open",
)

DOORS = Group(
    N_("Doors and rooms"), (RELEASE, APPROVE_OPENING, RECOUNT, FORGIVE, OVERRIDE, TIME_LOCK, AUTHORISE)
)
SITE_NOW = Group(N_("The whole site"), (LOCKDOWN, LIFT))
