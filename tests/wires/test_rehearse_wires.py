"""One story, two stages: on paper and on wires a drill has the same verdicts, the failing ones too."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from click.testing import CliRunner

from controller.drill_file import load
from controller.drill_play import Player
from controller.ledger.verify import verify
from controller.rehearse_command import rehearse
from controller.stage import Opener
from controller.virtual_stage import on_paper
from controller.wire_stage import on_wires

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
[[step]]
after = 1.7
do = "camera"
name = "door"
is = "covered"
expect = [{ entry = "camera_fault" }, { alarm = "camera_fault" }]
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


def written(folder: Path, name: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(f'title = "{name}"\n{HEAD}\n{DRILLS[name]}', encoding="utf-8")
    return file


def verdicts(file: Path, opener: Opener, data: Path) -> list[tuple[str, str, bool | None]]:
    """Step, expectation and verdict of everything that was expected."""
    data.mkdir(mode=0o700)
    drill = load(file)
    with opener(drill, data) as stage:
        player = Player(drill, stage)
        steps = list(player.play())
    verify(data / "custody.db")
    return [(str(step.step), str(f.expectation), f.met) for step in steps for f in step.findings]


def test_drills_have_the_same_verdicts_on_paper_and_on_wires(tmp_path: Path) -> None:
    files = {name: written(tmp_path, name) for name in DRILLS}
    paper = {name: verdicts(file, on_paper, tmp_path / f"{name}.paper") for name, file in files.items()}
    # Played in real time, and therefore all at once.
    with ThreadPoolExecutor(len(files)) as stages:
        playing = {n: stages.submit(verdicts, f, on_wires, tmp_path / f"{n}.wires") for n, f in files.items()}
        wires = {name: played.result() for name, played in playing.items()}
    assert wires == paper
    failed = {name for name, found in paper.items() if not all(met for _, _, met in found)}
    assert failed == {"a_story_that_is_not_so"}


def test_rehearse_on_wires_keeps_its_log_and_ends_with_1_when_it_was_not_so(tmp_path: Path) -> None:
    file, data = written(tmp_path, "a_story_that_is_not_so"), tmp_path / "kept"
    result = CliRunner().invoke(rehearse, ["--wires", "--json", "--data", str(data), str(file)])
    assert result.exit_code == 1, result.output
    lines = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert len(lines) > len(load(file).steps)
    assert verify(data / "custody.db").entries > 0


def test_what_no_wire_of_the_room_can_do_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "keypad.toml"
    step = '[[step]]\nat = 0\ndo = "pin"\nreader = "main.out"\ndigits = "1234"\n'
    file.write_text(f'title = "no keypad"\n{HEAD}\n{step}', encoding="utf-8")
    result = CliRunner().invoke(rehearse, ["--wires", str(file)])
    assert result.exit_code == 2
    assert "step 1 cannot be done on wires: main.out is not a keypad of this room" in result.output
