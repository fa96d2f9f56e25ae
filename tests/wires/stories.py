"""Drills that are played on paper and on wires. Rule: the last one is not so, and both stages say it.

The times are short because wires are played in real time.
"""

from __future__ import annotations

from typing import Any

from tests.rehearse.stories import deed, opened, shut, tap

LOCKED, UNLOCKED = 'lock = "main", is = "locked"', 'lock = "main", is = "unlocked"'
FREE = 'egress = "main", is = "free"'
PENDING, GRANTED = 'signal = "main.in", is = "pending"', 'signal = "main.in", is = "granted"'
REFUSED = 'signal = "main.in", is = "refused"'
ACCEPTED = "accepted = true"
BOTH: dict[str, Any] = {"as_": "li", "and_": "wang"}
EMPTY: dict[str, Any] = {"room": "vault", "inside": []}
NEW: dict[str, Any] = {"person": "new", "name": "A new one", "badges": ["B9"]}
NOTHING_HELD = {"alarm": "held", "reason": "nothing was held"}

TWO_GRANTED = tap("main.in", "B1", LOCKED, PENDING, ACCEPTED, begins=0)
TWO_GRANTED += tap("main.in", "B2", UNLOCKED, GRANTED, 'entry = "granted"', after=1.5)
TWO_ENTER = TWO_GRANTED + opened("main", LOCKED, 'entry = "room_opened"', 'no_entry = "forced"', after=1.7)
TWO_ENTER += shut("main", "occupancy = 2", 'entry = "entered", who = ["li", "wang"]', FREE, after=1.7)

STORIES = {
    "two_in_and_one_out_on_nfc": (
        TWO_ENTER,
        tap("main.out", "B2", UNLOCKED, 'signal = "main.out", is = "granted"', ACCEPTED, after=2),
        opened("main", after=2),
        shut("main", "occupancy = 1", 'entry = "left", who = "wang"', 'no_alarm = "lone"', after=2),
    ),
    "what_is_refused_and_by_whom": (
        tap("main.in", "STRANGER", 'refused = "unknown_badge"', REFUSED, 'no_entry = "granted"', begins=0),
        tap("main.in", "B1", after=2),
        deed("pin", 'alarm = "duress"', PENDING, ACCEPTED, after=1.7, reader="main.in", digits="4822"),
        deed("pin", 'refused = "wrong_pin"', LOCKED, after=2, reader="main.in", digits="1111"),
        deed("ask", 'refused = "nothing_to_do"', after=2, as_="chen", what="acknowledge", with_=NOTHING_HELD),
    ),
    "the_plug_is_pulled_while_unlocked": (
        TWO_GRANTED,
        deed("crash", LOCKED, 'entry = "interrupted"', 'occupancy = "unknown"', after=2),
        deed("ask", ACCEPTED, "occupancy = 0", after=2, **BOTH, what="recount", with_=EMPTY),
    ),
    "wires_devices_and_the_clock": (
        deed(
            "input",
            'entry = "tamper", within = 2',
            'alarm = "tamper", within = 2',
            begins=0,
            name="north.contact",
            is_="cut",
        ),
        deed("device", 'entry = "device_lost"', LOCKED, FREE, after=2, name="main.in", is_="lost"),
        deed("device", 'entry = "device_back"', after=2, name="main.in", is_="back"),
        deed("clock", 'entry = "clock_changed"', 'alarm = "clock"', after=2, by=-60),
        opened("main", 'entry = "forced"', 'alarm = "forced"', after=2),
        deed("put", 'carrier = "copy-7", is = "IN", at = "c1.a"', after=2, carrier="copy-7", at_="c1.a"),
    ),
    "chatter_motion_and_a_new_badge": (
        deed("motion", 'entry = "intrusion"', 'alarm = "intrusion"', begins=0, where="vault"),
        deed(
            "device",
            'entry = "device_noisy"',
            'alarm = "input_fault"',
            "occupancy = 0",
            after=2,
            name="north.glass",
            is_="noisy",
        ),
        deed(
            "device",
            'entry = "device_noisy", place = "main.contact"',
            'occupancy = "unknown"',
            after=3,
            name="main.contact",
            is_="noisy",
        ),
        deed("ask", ACCEPTED, after=3, **BOTH, what="enrol", with_=NEW),
        tap("main.in", "B9", 'refused = "door_fault"', LOCKED, after=1.7),
    ),
    "eyes_that_are_covered_and_killed": (
        deed(
            "camera",
            'entry = "camera_fault", place = "door"',
            'alarm = "camera_fault"',
            begins=0,
            name="door",
            is_="covered",
        ),
        deed("camera", 'entry = "camera_back", place = "door"', after=3, name="door", is_="back"),
        deed(
            "tamper",
            'entry = "snapshot"',
            'entry = "pictures_taken", place = "main.in", within = 5',
            after=3,
            where="main.in",
        ),
        deed(
            "device",
            'alarm = "device_lost", place = "recorder"',
            'no_entry = "camera_fault"',
            after=6,
            name="recorder",
            is_="lost",
        ),
        deed(
            "device",
            'entry = "device_back", place = "recorder"',
            LOCKED,
            after=3,
            name="recorder",
            is_="back",
        ),
    ),
    "a_story_that_is_not_so": (
        tap("main.in", "B1", UNLOCKED, ACCEPTED, 'no_entry = "pending"', begins=0),
        opened("main", "no_alarm = true", 'entry = "opened"', 'alarm = "forced"', after=2),
    ),
}
DRILLS = {name: "".join(steps) for name, steps in STORIES.items()}
