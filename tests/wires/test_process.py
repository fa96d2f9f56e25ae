"""``ironroom run`` as a process: how it begins, ends, dies and comes back, and what the bolts do then."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from controller.child import Child
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from firmware_shims.bench import Bench
from hardware import pins
from tests.wires.badged import blank
from tests.wires.wired import LONG, SIREN, SITE, Wired

SOUNDING = SITE + SIREN
ROOT = Path(__file__).parents[2]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SOUNDING) as room:
        yield room


def run(room: Wired, *prefix: str) -> subprocess.CompletedProcess[str]:
    """Run another controller to its end."""
    command = ["-m", "controller", "run", "--site", str(room.bench.site), "--data", str(room.bench.data)]
    return subprocess.run(
        [*prefix, sys.executable, *command],
        env=room.bench.environment(),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


def strike_edges(room: Wired) -> list[bool]:
    bcm = room.bench.field.relays["main"].bcm
    return [level for _, pin, level in room.bench.field.board.history if pin == bcm]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_bolts_writes_that_down_keeps_its_state_and_ends_with_0(
    number: signal.Signals, room: Wired
) -> None:
    room.founded()
    room.granted()
    room.child.signal(number)
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    assert room.child.wait(LONG) == 0
    assert room.entries()[-1]["kind"] == "stopped"
    with LogReader(room.log) as reader:
        assert reader.fetch("SELECT count(*) FROM saved_state", ()) == [(1,)]
    assert not (room.bench.data / "gate.sock").exists()
    verify(room.log)
    room.up()
    assert room.entries("interrupted")
    assert room.view["rooms"]["vault"]["occupancy"] == "unknown"


def test_a_second_controller_is_turned_away_with_75_and_touches_no_bolt(room: Wired) -> None:
    room.founded()
    room.granted()
    second = run(room)
    assert second.returncode == 75
    assert "one log has one writer" in second.stderr
    assert "Traceback" not in second.stderr
    assert strike_edges(room)[0] is True
    assert room.child.look()["doors"]["main"]["phase"]
    assert room.bench.field.wait("main", energised=False, timeout=LONG)  # at its own time


def test_when_the_log_cannot_be_written_bolts_drop_the_siren_sounds_and_it_ends_with_70(room: Wired) -> None:
    room.founded()
    room.granted()
    written = room.newest
    # From now on the kernel refuses every byte behind the WAL's end.
    full = room.log.with_name(room.log.name + "-wal").stat().st_size
    resource.prlimit(room.child.pid, resource.RLIMIT_FSIZE, (full, full))
    room.bench.level("north.contact", "active")
    assert room.child.wait(LONG) == 70
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")
    assert "nothing may open" in room.child.words
    assert "Traceback" not in room.child.words
    assert room.newest == written
    verify(room.log)
    inside = pins.zone("input/3").alarm.bcm  # the button inside: read by us, wired to the strike's supply
    assert inside not in {bcm for _, bcm, _ in room.bench.field.board.history}


def test_a_log_that_cannot_be_written_from_the_start_opens_nothing_and_sounds(room: Wired) -> None:
    room.founded()
    room.granted()
    room.child.kill()
    assert room.bench.lock("main")  # the worst case: the relay stays as it was
    prlimit = shutil.which("prlimit")
    assert prlimit
    dead = run(room, prlimit, "--fsize=100:100")
    assert dead.returncode == 70, dead.stderr
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")


def test_a_damaged_log_starts_nothing_but_bolts_and_sounds(room: Wired) -> None:
    room.founded()
    room.granted()
    room.child.kill()
    for suffix in ("-wal", "-shm"):
        room.log.with_name(room.log.name + suffix).unlink()
    room.log.write_bytes(b"\x00" * 4096)
    dead = run(room)
    assert dead.returncode == 1, dead.stderr
    assert "Traceback" not in dead.stderr
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")


def test_a_reader_without_a_key_is_lost_to_everybody_and_the_room_runs_without_it(room: Wired) -> None:
    key = room.bench.data / "keys" / "c1.key"
    key.rename(key.with_name("elsewhere"))
    room.child.start()
    room.until(lambda: "c1" in room.view["lost"])
    assert "main.in" not in room.view["lost"]


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        ("00112233", 0o600, "4 bytes; a reader's key has 16"),
        ("no key at all", 0o600, "not 32 hexadecimal digits"),
        ("303132333435363738393A3B3C3D3E3F", 0o600, "public default key"),
        ("00" * 16, 0o644, "give it mode 0600 and its owner"),
    ],
)
def test_a_key_that_guards_nothing_is_a_sentence_and_2(
    content: str, mode: int, sentence: str, room: Wired
) -> None:
    key = room.bench.data / "keys" / "c1.key"
    key.write_text(content, encoding="ascii")
    key.chmod(mode)
    failed = run(room)
    assert failed.returncode == 2
    assert sentence in failed.stderr
    assert "Traceback" not in failed.stderr
    assert content not in failed.stderr


def test_a_folder_that_cannot_be_made_is_a_sentence_and_2(room: Wired) -> None:
    command = [
        "-m",
        "controller",
        "run",
        "--site",
        str(room.bench.site),
        "--data",
        str(room.bench.site / "data"),
    ]
    failed = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert "the folder cannot be made" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_controller_without_pins_refuses_to_start(room: Wired) -> None:
    environment = room.bench.environment() | {"IRONROOM_PINBOARD": "/nowhere"}
    with pytest.raises(IronroomError, match="gpio: the GPIO chip cannot be opened") as failed:
        Child(room.bench.site, room.bench.data, environment).start()
    assert failed.value.exit_code == 2


def test_after_a_kill_the_next_start_drops_the_bolt_before_its_time(room: Wired) -> None:
    room.founded()
    room.granted()
    (until,) = [e["until"] for e in room.entries("granted")]
    room.child.kill()
    assert room.bench.lock("main")
    room.up()
    assert not room.bench.lock("main")
    assert strike_edges(room) == [True, False]
    (started,) = room.entries("started")[1:]
    assert isinstance(until, int)
    assert started["at"] < until


def test_a_restart_knows_who_is_inside_and_sounds_again_for_what_nobody_has_looked_at(room: Wired) -> None:
    room.founded()
    room.granted()
    room.open("main", "opened")
    room.shut("main", "entered")
    room.bench.level("north.contact", "active")
    assert room.bench.field.wait("siren", energised=True, timeout=LONG)
    room.child.kill()
    assert room.bench.lock("siren")
    room.up()
    assert room.view["rooms"]["vault"]["inside"] == ["li", "wang"]
    assert room.bench.lock("siren")
    for alarm in {alarm["alarm"] for alarm in room.view["alarms"]}:
        assert room.bench.lock("siren")
        assert room.child.ask("acknowledge", "zhao", alarm=alarm, reason="seen") == {"accepted": True}
    assert room.bench.field.wait("siren", energised=False, timeout=LONG), room.view["alarms"]


def test_an_orderly_end_does_not_silence_a_siren_that_sounds(room: Wired) -> None:
    room.founded()
    room.bench.level("north.contact", "active")
    assert room.bench.field.wait("siren", energised=True, timeout=LONG)
    assert room.child.stop() == 0
    assert room.bench.lock("siren")


def test_room_time_goes_on_where_a_kill_found_it(room: Wired) -> None:
    room.founded()
    quiet = int(room.view["at"])
    room.until(lambda: int(room.view["at"]) > quiet + 1500)
    last, now = int(room.entries()[-1]["at"]), int(room.view["at"])
    room.child.kill()
    room.up()
    (_, started) = room.entries("started")
    assert last + 1000 < int(started["at"])
    assert abs(int(started["at"]) - now) < 5000


def test_a_forged_hint_takes_room_time_no_further_than_the_wall_clock_has_gone(room: Wired) -> None:
    room.founded()
    room.child.kill()
    (room.bench.data / "room.time").write_text(f"{10**9:020d}", encoding="ascii")
    room.up()
    assert int(room.entries("started")[-1]["at"]) < 10**6


def test_the_time_is_the_outside_clocks_from_the_first_entry_on(room: Wired) -> None:
    room.founded()
    assert str(room.entries()[0]["time"]).startswith("2026-03-02T01:00:")
    assert not room.entries("clock_changed")


def test_a_silent_clock_holds_up_no_later_start(room: Wired) -> None:
    room.founded()
    room.child.kill()
    room.bench.lost("clock")
    room.up()
    assert str(room.entries("started")[-1]["time"]).startswith("2026-03-02T01:")
    room.granted()


def changed(room: Wired, folder: Path, *swaps: tuple[str, str]) -> Child:
    """A child whose site file differs."""
    text = room.bench.site.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    site = folder / "changed.toml"
    site.write_text(text, encoding="utf-8")
    return Child(site, room.bench.data, room.bench.environment())


def test_a_changed_site_file_waits_for_two_people_and_the_next_start(room: Wired, tmp_path: Path) -> None:
    room.founded()
    before = room.view["policy"]
    assert room.child.stop() == 0
    room.child = changed(room, tmp_path, ("unlock_s = 5", "unlock_s = 9"))
    room.up()
    offered = room.view["offered"]
    assert room.view["policy"] == before != offered
    assert room.entries("policy_offered")[-1]["digest"] == offered
    room.until(lambda: f"two people ask for approve_policy with digest {offered}" in room.child.words)
    room.granted()
    granted = room.entries("granted")[-1]
    assert int(granted["until"]) - int(granted["at"]) == 5000
    assert room.child.ask("approve_policy", "li", digest=offered)["refused"] == "needs_second"
    assert room.child.ask("approve_policy", "li", "wang", digest=offered) == {"accepted": True}
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    assert room.child.stop() == 0
    room.up()
    assert room.view["policy"] == offered
    room.granted()
    granted = room.entries("granted")[-1]
    assert int(granted["until"]) - int(granted["at"]) == 9000


def test_changed_wires_wait_as_well(room: Wired, tmp_path: Path) -> None:
    room.founded()
    assert room.child.stop() == 0
    swaps = [('"gpio:relay/1"', '"gpio:relay/6"'), ('"gpio:input/3"', '"gpio:input/4"')]
    room.child = changed(room, tmp_path, *swaps)
    room.up()
    room.granted()  # at the old relay
    offered = room.view["offered"]
    assert room.child.ask("approve_policy", "li", "wang", digest=offered) == {"accepted": True}
    assert room.bench.field.wait("main", energised=False, timeout=LONG)
    assert room.child.stop() == 0
    room.child.start()
    assert room.view["policy"] == offered


def test_an_approved_site_file_that_is_gone_or_altered_stops_the_start(room: Wired, tmp_path: Path) -> None:
    room.founded()
    approved = room.bench.data / "policies" / f"{room.view['policy']}.toml"
    assert room.child.stop() == 0
    room.child = changed(room, tmp_path, ("unlock_s = 5", "unlock_s = 9"))
    kept = approved.read_text(encoding="utf-8")
    approved.write_text(kept.replace("held_s = 30", "held_s = 31"), encoding="utf-8")
    with pytest.raises(IronroomError, match="not the site file that was approved"):
        room.child.start()
    approved.unlink()
    with pytest.raises(IronroomError, match="the approved site file is missing"):
        room.child.start()


ORPHAN = """
import os, signal, sys
from pathlib import Path
from tests.wires.wired import Wired
room = Wired(Path(sys.argv[1])).founded()
print(room.child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_controller_of_a_drill_dies_with_whoever_started_it(room: Wired, tmp_path: Path) -> None:
    folder = tmp_path / "orphan"
    folder.mkdir()
    command = [sys.executable, "-c", ORPHAN, str(folder)]
    holder = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)
    assert holder.returncode == -signal.SIGKILL, holder.stderr
    pid = int(holder.stdout)

    def gone() -> bool:
        status = Path(f"/proc/{pid}/status")
        try:
            return "State:\tZ" in status.read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return True

    end = time.monotonic() + LONG
    while not gone():
        assert time.monotonic() < end
        Event().wait(0.01)


def test_a_bench_refuses_what_its_room_does_not_have(room: Wired) -> None:
    for deed in (
        lambda: room.bench.tap("nowhere", "B1"),
        lambda: room.bench.keys("main.out", "1"),
        lambda: room.bench.level("moon", "active"),
        lambda: room.bench.level("main.out.tamper", "active"),
        lambda: room.bench.lock("north"),
        lambda: room.bench.lost("main.contact"),
        lambda: room.bench.noisy("main.in"),
        lambda: room.bench.lay("main.in", "04A1B2C3D4E5F6"),
        lambda: room.bench.take("main.in"),
        lambda: room.bench.present("nowhere", "04A1B2C3D4E5F6"),
        lambda: room.bench.present("main.in", blank()),
        lambda: room.bench.loop("main.contact"),
    ):
        with pytest.raises(ValueError, match=r"(is not|cannot be) .* room"):
            deed()


def test_a_bench_needs_the_addresses_as_the_site_file_spells_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not spell the address"):
        Bench("# empty", {"main.in": "osdp:///dev/ttyAMA1?address=1"}, tmp_path)
