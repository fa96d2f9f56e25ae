"""Every table and key of a site file, with range, unit and meaning. The manual is printed from here.

Rule 1: a number that behaviour.md lets be set is a key here, with the range given there (in brackets).
Rule 2: a key that the core does not carry out is not offered.
"""

from __future__ import annotations

from datetime import time

from controller.core.plan import Mode, Passback, Role, Side
from controller.device_urls import LEVELS
from controller.site_eyes import CAMERA, PICTURES, RECORDER, SNAPSHOT
from controller.site_hours import HOURS, clock_time
from controller.site_keys import Key, Table
from controller.site_log import KEEPING, LOG, LOG_WITNESS
from controller.site_schema_parts import BOLT, POST, input_key, lamp_key, reader_key
from controller.site_schema_wires import BOARD, CLOCK, CONVERTER, ENROLMENT, INPUTS, OUTPUTS, PANEL
from controller.site_values import choice, list_of, millis, minutes, name, seconds, text, whole, yes_no, zone
from controller.site_visitors import VISITORS

LEGACY = "legacy, may be copied"
"""What a site says that lets in badges which prove nothing."""


def _people(least: int) -> Key:
    return Key("people", whole(least, 5), "how many act as one [9]", "together.people")


_TOGETHER = (
    Key("window_s", seconds(5, 60), "time between the first badge and the last [2]", "together.window_ms"),
    Key(
        "groups",
        list_of(POST, 1, 5, repeats=True),
        "a post for each of the people [6, 9]",
        "together.groups",
    ),
    Key("different_departments", yes_no(), "no two of one department [6]", "together.different_departments"),
    Key("dual_readers", yes_no(), "each badge at a reader of its own [13]", "together.dual_readers"),
)
_LEVELS = Key(
    "levels", list_of(choice({w: w for w in LEVELS}), 1), "how badges may be authenticated", "levels"
)
_UNLOCK = Key("unlock_s", seconds(3, 30), "how long the lock is free [24]", "unlock_ms")

SITE = Table(
    "site",
    "The controller box, and what holds for all of its rooms.",
    (
        Key("name", text(64), "what the log calls this site", "name", required=True),
        Key("timezone", zone(), "where the site is", "zone", required=True),
        Key(
            "legacy_uid",
            choice({LEGACY: True}),
            "badges known only by a number that may be copied are let in",
        ),
        Key("settle_ms", millis(50, 350), "how long a level lasts before it counts [26]", "settle_ms"),
        Key("chatter_limit", whole(3, 100), "shorter levels tolerated in chatter_s [26]", "chatter_limit"),
        Key("chatter_s", seconds(1, 60), "over which time chatter is counted [26]", "chatter_ms"),
        Key("walk_s", seconds(1, 600), "fastest walk between two readers [33f]", "walk_ms"),
        Key("attempts", whole(3, 10), "wrong attempts in a row at a reader [34]", "attempts"),
        Key("penalty_min", minutes(1, 1440), "how long the badges used then wait [34]", "penalty_ms"),
        Key("refusals", whole(1, 10), "refused second badges that cancel a pair [7]", "refusals"),
        Key("pin_s", seconds(3, 60), "time for a PIN after its badge [34]", "pin_ms"),
        Key("drift_s", seconds(1, 5), "clock correction a day without two people [38, 62]", "drift_ms"),
        Key(
            "refusal_ms",
            millis(100, 1000),
            "from a badge or PIN to any refusal, whatever its reason",
            "refusal_ms",
        ),
        Key("card_ms", millis(5, 400), "the quicker of a card's last two answers; later is a relay"),
        Key("signal_s", seconds(1, 10), "how long a lamp shows an answer", "signal_ms"),
        Key(
            "alarm_take_s",
            seconds(10, 600),
            "within so long an alarm is taken, or it is called out again",
            "alarm_take_ms",
        ),
        Key(
            "alarm_settle_min",
            minutes(5, 240),
            "within so long after that it is acknowledged, or it is called out again",
            "alarm_settle_ms",
        ),
        Key(
            "look_s",
            seconds(10, 3600),
            "how long a room may look empty or not against who is registered inside",
            "look_ms",
        ),
    ),
    named=False,
)
ROOM = Table(
    "room",
    "A secure room.",
    (
        Key(
            "mode",
            choice({mode.value: mode for mode in Mode}),
            "whether one person may stay for a short time in duty hours [16]",
            "mode",
        ),
        Key("lone_s", seconds(0, 600), "how long; at most 30 in a no_lone_zone [15]"),
        Key("duty", name(), 'duty hours [33b]; "always" when there are none', required=True),
        Key(
            "duty_posts",
            list_of(POST, 1, 20),
            "posts of the duty officer; none: any staff [33b]",
            "duty_posts",
        ),
        Key("approval_min", minutes(1, 60), "how long an approval holds [33b]", "approval_ms"),
        Key("max_occupancy", whole(2, 500), "people inside at most [20]", "max_occupancy"),
        Key("strict_pairs", yes_no(), "people come in twos, never as a third [14]", "strict_pairs"),
        Key("custodian_first", yes_no(), "a custodian is first in and last out [17]", "custodian_first"),
        Key(
            "closing_due",
            clock_time(time(4), time(12)),
            "when on the next morning the day of a room that was opened must be closed [55]",
            "closing_due",
        ),
        Key("visitors_per_host", whole(1, 10), "visitors one host may answer for [56]", "visitors_per_host"),
        Key("witnessed", whole(1, 9), "log witnesses that cosign a grant before the bolt moves", "witnessed"),
        Key("witness_s", seconds(1, 30), "how long at most; then it opens with an alarm", "witness_ms"),
        *PICTURES,
        input_key("motion", Role.MOTION, "motion sensor; armed while the room is empty"),
    ),
)
DOOR = Table(
    "door",
    "An iron door.",
    (
        Key("room", name(), "the room it leads into; without: the outer door of a passage", "room"),
        reader_key("reader_in", ".in", Side.IN, "reader outside", required=True),
        reader_key(
            "reader_in2", ".in2", Side.IN, "second reader outside, more than an arm's length away [13]"
        ),
        reader_key("reader_out", ".out", Side.OUT, "reader inside, for leaving"),
        reader_key("reader_confirm", ".confirm", Side.CONFIRM, "reader inside, confirms who came in [11]"),
        lamp_key("lamp_in", ".in.lamp", "lamp and sounder of a reader outside that has none"),
        lamp_key("lamp_in2", ".in2.lamp", "the same of the second reader outside"),
        lamp_key("lamp_out", ".out.lamp", "the same of the reader inside"),
        lamp_key("lamp_confirm", ".confirm.lamp", "the same of the confirming reader"),
        Key("strike", BOLT, "the lock", required=True, device=""),
        input_key("contact", Role.CONTACT, "door contact; active is open", required=True),
        input_key("bolt", Role.BOLT, "bolt sense; active is drawn"),
        input_key("rex", Role.REX, "request to exit"),
        _people(1),
        *_TOGETHER,
        Key("witness", POST, "post of one more, who stays outside [10]", "together.witness"),
        Key(
            "pair_per_week",
            whole(1, 50),
            "the same pair at most so often in 7 days [6]",
            "together.pair_per_week",
        ),
        _UNLOCK,
        Key("held_s", seconds(10, 3600), "open too long [24]", "held_ms"),
        Key("prealarm_s", seconds(1, 60), "warning so long before [24]", "prealarm_ms"),
        Key("bolt_s", seconds(3, 60), "closed but not bolted [33a]", "bolt_ms"),
        Key(
            "confirm",
            choice({"door": False, "reader": True}),
            "what says that people are inside: the door, or the confirming reader [11]",
            "confirm_by_reader",
        ),
        Key(
            "passback",
            choice({mode.value: mode for mode in Passback}),
            "a badge that comes in twice: off, soft logs, hard refuses, timed refuses for a time [21]",
            "passback",
        ),
        Key("passback_min", minutes(1, 1440), "for how long, when timed [21]", "passback_ms"),
        Key("interlock", list_of(name(), 1, 10), "doors never open together with it; holds both ways [28]"),
        Key(
            "egress_wait_s",
            seconds(0, 30),
            "how long an interlock may hold up one who leaves",
            "egress_wait_ms",
        ),
        Key("delay_min", minutes(1, 99), "opening delay of a vault [37]", "delay_ms"),
        Key("delay_window_min", minutes(1, 20), "time to open after the delay [37]", "delay_window_ms"),
        Key("time_lock", name(), "hours in which it can be opened at all [38]"),
        _LEVELS,
    ),
)
WINDOW = Table(
    "window",
    "An iron window, armed round the clock.",
    (
        Key("room", name(), "the room it belongs to", "room", required=True),
        input_key("contact", Role.CONTACT, "contact of the sash; active is open", required=True),
        input_key("bars", Role.CONTACT, "contact of bars or shutter; active is open"),
        input_key("glass", Role.GLASS, "glass-break sensor"),
        input_key("vibration", Role.VIBRATION, "vibration sensor"),
    ),
)
COMPARTMENT = Table(
    "compartment",
    "A compartment of a cabinet.",
    (
        Key("lock", BOLT, "the lock", required=True, device=""),
        input_key("contact", Role.CONTACT, "contact of its door; active is open", required=True),
    ),
)
CABINET = Table(
    "cabinet",
    "An iron cabinet.",
    (
        Key("room", name(), "the room it stands in", "room", required=True),
        reader_key("reader", "", Side.CABINET, "reader at the cabinet", required=True),
        reader_key("reader2", ".reader2", Side.CABINET, "second reader at the cabinet [13]"),
        lamp_key("lamp", ".lamp", "lamp and sounder of a reader that has none"),
        lamp_key("lamp2", ".reader2.lamp", "the same of the second reader"),
        input_key("vibration", Role.VIBRATION, "vibration sensor; armed while the room is empty"),
        _people(2),
        *_TOGETHER,
        _UNLOCK,
        Key("session_min", minutes(1, 240), "how long a cabinet session lasts at most", "session_ms"),
        Key("authorisers", whole(0, 3), "people who must agree, never oneself [40]", "authorisers"),
        Key("authoriser_post", POST, "post they must have [40]", "authoriser_post"),
        _LEVELS,
    ),
    inner="compartment",
)

SINGLE: tuple[Table, ...] = (SITE, CLOCK, INPUTS, OUTPUTS, ENROLMENT, RECORDER, LOG, KEEPING, VISITORS)
NAMED: tuple[Table, ...] = (
    HOURS,
    ROOM,
    DOOR,
    WINDOW,
    CABINET,
    BOARD,
    PANEL,
    CONVERTER,
    CAMERA,
    SNAPSHOT,
    LOG_WITNESS,
)
TABLES: tuple[Table, ...] = (*SINGLE, *NAMED, COMPARTMENT)
