"""Drills that are played on paper and on wires. Rule: the last one is not so, and both stages say it."""

HEAD = """
site = "example"
start = "2026-03-02T09:00:00+08:00"
[people.li]
name = "Li Wei"
badges = ["B1"]
pin = "4821"
[people.wang]
badges = ["B2"]
[people.zhao]
badges = ["B3"]
"""
IN = """
[[step]]
at = 0
do = "tap"
reader = "main.in"
badge = "B1"
expect = [{ lock = "main", is = "locked" }, { signal = "main.in", is = "pending" }, { accepted = true }]
[[step]]
after = 1.5
do = "tap"
reader = "main.in"
badge = "B2"
expect = [{ lock = "main", is = "unlocked" }, { signal = "main.in", is = "granted" }, { entry = "granted" }]
[[step]]
after = 1.7
do = "open"
what = "main"
expect = [{ lock = "main", is = "locked" }, { entry = "room_opened" }, { no_entry = "forced" }]
[[step]]
after = 1.7
do = "shut"
what = "main"
expect = [{ occupancy = 2 }, { entry = "entered", who = ["li", "wang"] }, { egress = "main", is = "free" }]
"""
DRILLS = {
    "two_in_and_one_out_on_nfc": IN
    + """
[[step]]
after = 2
do = "tap"
reader = "main.out"
badge = "B2"
expect = [{ lock = "main", is = "unlocked" }, { signal = "main.out", is = "granted" }, { accepted = true }]
[[step]]
after = 2
do = "open"
what = "main"
[[step]]
after = 2
do = "shut"
what = "main"
expect = [{ occupancy = 1 }, { entry = "left", who = "wang" }, { no_alarm = "lone" }]
""",
    "what_is_refused_and_by_whom": """
[[step]]
at = 0
do = "tap"
reader = "main.in"
badge = "STRANGER"
expect = [{ refused = "unknown_badge" }, { signal = "main.in", is = "refused" }, { no_entry = "granted" }]
[[step]]
after = 2
do = "tap"
reader = "main.in"
badge = "B1"
[[step]]
after = 1.7
do = "pin"
reader = "main.in"
digits = "4822"
expect = [{ alarm = "duress" }, { signal = "main.in", is = "pending" }, { accepted = true }]
[[step]]
after = 2
do = "pin"
reader = "main.in"
digits = "1111"
expect = [{ refused = "wrong_pin" }, { lock = "main", is = "locked" }]
[[step]]
after = 2
do = "ask"
as = "zhao"
what = "acknowledge"
with = { alarm = "held", reason = "nothing was held" }
expect = [{ refused = "nothing_to_do" }]
""",
    "the_plug_is_pulled_while_unlocked": IN.split("[[step]]\nafter = 1.7", maxsplit=1)[0]
    + """
[[step]]
after = 2
do = "crash"
expect = [{ lock = "main", is = "locked" }, { entry = "interrupted" }, { occupancy = "unknown" }]
[[step]]
after = 2
do = "ask"
as = "li"
and = "wang"
what = "recount"
with = { room = "vault", inside = [] }
expect = [{ accepted = true }, { occupancy = 0 }]
""",
    "wires_devices_and_the_clock": """
[[step]]
at = 0
do = "input"
name = "north.contact"
is = "cut"
expect = [{ entry = "tamper", within = 2 }, { alarm = "tamper", within = 2 }]
[[step]]
after = 2
do = "device"
name = "main.in"
is = "lost"
expect = [{ entry = "device_lost" }, { lock = "main", is = "locked" }, { egress = "main", is = "free" }]
[[step]]
after = 2
do = "device"
name = "main.in"
is = "back"
expect = [{ entry = "device_back" }]
[[step]]
after = 2
do = "clock"
by = -60
expect = [{ entry = "clock_changed" }, { alarm = "clock" }]
[[step]]
after = 2
do = "open"
what = "main"
expect = [{ entry = "forced" }, { alarm = "forced" }]
[[step]]
after = 2
do = "put"
carrier = "copy-7"
at = "c1.a"
expect = [{ carrier = "copy-7", is = "IN", at = "c1.a" }]
""",
    "chatter_motion_and_a_new_badge": """
[[step]]
at = 0
do = "motion"
where = "vault"
expect = [{ entry = "intrusion" }, { alarm = "intrusion" }]
[[step]]
after = 2
do = "device"
name = "north.glass"
is = "noisy"
expect = [{ entry = "device_noisy" }, { alarm = "input_fault" }, { occupancy = 0 }]
[[step]]
after = 3
do = "device"
name = "main.contact"
is = "noisy"
expect = [{ entry = "device_noisy", place = "main.contact" }, { occupancy = "unknown" }]
[[step]]
after = 3
do = "ask"
as = "li"
and = "wang"
what = "enrol"
with = { person = "new", name = "A new one", badges = ["B9"] }
expect = [{ accepted = true }]
[[step]]
after = 1.7
do = "tap"
reader = "main.in"
badge = "B9"
expect = [{ refused = "door_fault" }, { lock = "main", is = "locked" }]
""",
    "eyes_that_are_covered_and_killed": """
[[step]]
at = 0
do = "camera"
name = "door"
is = "covered"
expect = [{ entry = "camera_fault", place = "door" }, { alarm = "camera_fault" }]
[[step]]
after = 3
do = "camera"
name = "door"
is = "back"
expect = [{ entry = "camera_back", place = "door" }]
[[step]]
after = 3
do = "tamper"
where = "main.in"
expect = [{ entry = "snapshot" }, { entry = "pictures_taken", place = "main.in", within = 5 }]
[[step]]
after = 6
do = "device"
name = "recorder"
is = "lost"
expect = [{ alarm = "device_lost", place = "recorder" }, { no_entry = "camera_fault" }]
[[step]]
after = 3
do = "device"
name = "recorder"
is = "back"
expect = [{ entry = "device_back", place = "recorder" }, { lock = "main", is = "locked" }]
""",
    "a_story_that_is_not_so": """
[[step]]
at = 0
do = "tap"
reader = "main.in"
badge = "B1"
expect = [{ lock = "main", is = "unlocked" }, { accepted = true }, { no_entry = "pending" }]
[[step]]
after = 2
do = "open"
what = "main"
expect = [{ no_alarm = true }, { entry = "opened" }, { alarm = "forced" }, { refused = true, within = 1 }]
""".replace(", { refused = true, within = 1 }", ""),
}
