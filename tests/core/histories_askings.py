"""Whatever may be asked of a room, and said of its log: lawful, refused, and garbage.

Rule: an asking is drawn whether it is allowed, likely or sane, or not.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from controller.core.custody import LOG_NEWS
from controller.core.events import Asking, LogNews
from controller.core.words import Kind
from tests.core import histories_cards, histories_eyes, histories_visits
from tests.core.histories_rooms import PEOPLE, POINTS, READERS

LATER = st.just(0)  # every event gets its time from the pause before it
ALL_NOTED = {
    f"{finding} {place}": "seen"
    for place in (
        "vault",
        "main",
        "north",
        "c1",
        "c1.a",
        "c1.b",
        "c1.c",
        "c1.d",
        "door",
        "room",
        *POINTS,
        *READERS,
    )
    for finding in (
        *("not_counted", "occupied", "session", "door_open", "door_unknown", "door_unbolted", "window_open"),
        *("window_unknown", "compartment_open", "compartment_unknown", "camera_covered", "sensor_broken"),
        *("sensor_active", "device_lost"),
    )
}
names = st.sampled_from([*["li", "wang", "zhao"] * 4, *PEOPLE, "nobody", "", "os:auditor", "\ud800"])
texts = st.text(max_size=8) | st.sampled_from(["\ud800", "\x00", "x" * 70_000])
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | names,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open_compartment", {"compartment": "c1.a"}),
    ("authorise", {"cabinet": "c1"}),
    ("lockdown", {}),
    ("lift_lockdown", {}),
    ("recount", {"room": "vault", "inside": []}),
    ("recount", {"room": "vault", "inside": ["li", "wang"]}),
    ("recount", {"room": "vault", "inside": ["li", "anna"]}),
    ("take_alarm", {"alarm": "lone"}),
    ("acknowledge", {"alarm": "lone", "reason": "seen"}),
    ("release_door", {"door": "main", "seconds": 5, "reason": "ambulance"}),
    ("hand_over", {"to": "zhao"}),
    ("note_entry", {"n": 1, "text": "odd", "about": "anna"}),
    ("correct_entry", {"n": 1, "text": "even", "reason": "misread", "about": "anna"}),
    ("close_day", {"room": "vault", "notes": ALL_NOTED}),
    ("close_day", {"room": "vault"}),
    ("sign_off", {"digest": "0" * 64, "ranges": [[0, 1]], "own": True}),
    ("override_interlock", {"door": "main", "reason": "stuck"}),
    ("approve_opening", {"room": "vault"}),
    ("approve_policy", {"digest": "policy-2"}),
    ("change_time_lock", {"door": "main", "minutes": 5}),
    ("forgive_passback", {"person": "li", "reason": "lost way"}),
    ("accept_clock", {}),
    ("block_badge", {"badge": "B2"}),
    ("end_person", {"person": "zhang"}),
    ("check_out", {"visitor": "anna"}),
    ("move_carrier", {"carrier": "k", "state": "IN", "at": "c1.a", "reason": "put"}),
    ("enrol", {"person": "new", "badges": ["B9"], "pin": "1234"}),
    ("change_person", {"person": "wang", "doors": []}),
    ("change_person", {"person": "anna", "name": "Anna Berg"}),
    ("erase_person", {"person": "anna", "reason": "asked"}),
    ("erase_person", {"person": "zhang", "reason": "asked"}),
    ("set_hold", {"hold": "case", "person": "anna", "reason": "court"}),
    ("lift_hold", {"hold": "case", "reason": "closed"}),
    ("rotate_key", {"reason": "yearly"}),
    ("read_evidence", {"what": "show", "filter": "kind=granted", "words": "Anna"}),
    *histories_cards.FIELDS,
    *histories_eyes.FIELDS,
    *histories_visits.FIELDS,
    ("no_such_asking", {}),
)
askings = st.builds(
    lambda ask, by, second: Asking(0, ask[0], by, second, ask[1]), st.sampled_from(FIELDS), names, names
)
strange_askings = st.builds(
    Asking,
    LATER,
    st.sampled_from([name for name, _ in FIELDS] + ["found"]) | texts,
    names,
    names,
    st.dictionaries(
        st.sampled_from(
            [
                *("person", "room", "inside", "door", "reason", "minutes", "hold", "what", "words"),
                *(
                    "seconds",
                    "alarm",
                    "outcome",
                    "to",
                    "n",
                    "text",
                    "about",
                    "digest",
                    "notes",
                    "fields",
                    "ranges",
                    "exceptions",
                ),
            ]
        )
        | texts,
        garbage,
    ),
)
news = st.builds(
    LogNews,
    LATER,
    st.sampled_from([*LOG_NEWS, Kind.GRANTED]),
    texts | st.just(""),
    st.sampled_from([dict.fromkeys(row.fields, value) for row in LOG_NEWS.values() for value in ("x", 7)])
    | st.dictionaries(texts, garbage),
)
