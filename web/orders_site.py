"""Orders about the site's rules, log, passkeys and devices. Rule: words only; nothing is asked."""

from __future__ import annotations

from web.i18n import N_
from web.orders import DEVICES, SIGNERS, TWO, Field, Group, Order, Pick, reason
from web.orders_room import DOORS, SITE_NOW

CLOCK = Order(
    "accept_clock",
    N_("Accept the clock"),
    N_("The wall clock of the box counts from now on. Compare it with another clock first."),
    N_("Accept the wall clock of the box as it is now"),
    people=TWO,
    icon="clock",
)
POLICY = Order(
    "approve_policy",
    N_("Approve the changed site file"),
    N_(
        "The site file found at the last start comes into force at the next start. Until then the old one "
        "counts."
    ),
    N_("Put the site file with digest %(digest)s into force at the next start"),
    (Field("digest", N_("Digest of the changed site file"), Pick.POLICY),),
    people=TWO,
    icon="settings",
)
ERASE = Order(
    "erase_person",
    N_("Erase a person"),
    N_(
        "Name, document, pictures and everything else personal is deleted for ever. The log keeps its "
        "entries and their proof, without the name."
    ),
    N_("Erase everything personal about %(person)s for ever, because: %(reason)s"),
    (
        Field("person", N_("Person"), Pick.ENDED, N_("Only people whose rights or visit have ended.")),
        reason(),
    ),
    people=TWO,
    agree=N_("Neither of the two may be this person. A legal hold forbids it."),
    icon="x",
)
SET_HOLD = Order(
    "set_hold",
    N_("Set a legal hold"),
    N_("Nothing that the hold covers is erased or pruned until two others lift it."),
    N_("Set legal hold %(hold)s on %(person)s, because: %(reason)s"),
    (
        Field("hold", N_("Name of the hold"), Pick.TEXT, N_("Such as the file number; no names."), 1, 64),
        Field("person", N_("On whom"), Pick.ANYBODY, is_needed=False),
        reason(),
    ),
    signed=False,
    icon="shield-check",
)
LIFT_HOLD = Order(
    "lift_hold",
    N_("Lift a legal hold"),
    N_("What the hold covered may be erased and pruned again."),
    N_("Lift legal hold %(hold)s, because: %(reason)s"),
    (Field("hold", N_("Hold"), Pick.HOLD), reason()),
    people=TWO,
    agree=N_("Neither by whoever set it nor by whom it is about."),
    icon="shield-check",
)
ROTATE = Order(
    "rotate_key",
    N_("Change the key of the log"),
    N_("The box makes a new signing key; both keys sign the change. Tell the witnesses of the log."),
    N_("Give the log a new signing key, because: %(reason)s"),
    (reason(),),
    people=TWO,
    icon="key",
)
ENROL_PASSKEY = Order(
    "enrol_passkey",
    N_("Enrol a passkey"),
    N_("The person can sign in and sign with this passkey. Ask them in person whether it is theirs."),
    N_("Let passkey %(label)s of %(person)s count: %(credential)s"),
    (Field("credential", N_("Passkey that waits"), Pick.OFFERED, N_("Compare the letters with its owner.")),),
    people=TWO,
    agree=N_("Neither of the two for themselves."),
    icon="fingerprint",
)
REMOVE_PASSKEY = Order(
    "remove_passkey",
    N_("Remove a passkey"),
    N_("Nobody signs in or signs with it any more, from now on."),
    N_("Let this passkey count no longer: %(credential)s"),
    (Field("credential", N_("Passkey"), Pick.PASSKEY),),
    SIGNERS,
    agree=N_("Whoever has no other passkey can sign nothing any more."),
    icon="key",
)
PAIR = Order(
    "pair_reader",
    N_("Give a reader or board a new key"),
    N_("The device is given a new key within two minutes. If it does not answer, that is written down."),
    N_("Give device %(device)s a new key"),
    (Field("device", N_("Reader or board"), Pick.READER),),
    DEVICES,
    TWO,
    first=N_("Put the device into pairing mode, as its maker says, and stay beside it."),
    icon="key",
)
LOOPS = Order(
    "learn_loops",
    N_("Measure lines at rest"),
    N_("What the lines measure now counts as rest from now on. Anything else is tamper."),
    N_("Take what these lines measure now as rest: %(lines)s"),
    (Field("lines", N_("Lines"), Pick.LINES),),
    DEVICES,
    TWO,
    first=N_("Close every door, window and cover of these lines, and let nobody touch them."),
    icon="timeline-event",
)
CAMERAS = Order(
    "learn_cameras",
    N_("Teach cameras their view"),
    N_("What the cameras see within the next minute counts as right from now on."),
    N_("Take what these cameras see now as what they should see: %(cameras)s"),
    (Field("cameras", N_("Cameras"), Pick.CAMERAS),),
    DEVICES,
    TWO,
    first=N_("Clean and aim the cameras; light as usual, and nobody in the picture."),
    icon="camera",
)

LOG = Group(N_("Rules and log"), (POLICY, CLOCK, ERASE, SET_HOLD, LIFT_HOLD, ROTATE))
PASSKEYS = Group(N_("Passkeys"), (ENROL_PASSKEY, REMOVE_PASSKEY))
AT_DEVICES = Group(N_("Devices"), (PAIR, LOOPS, CAMERAS))
GROUPS: tuple[Group, ...] = (SITE_NOW, DOORS, LOG, PASSKEYS, AT_DEVICES)
ORDERS: dict[str, Order] = {order.name: order for group in GROUPS for order in group.orders}
