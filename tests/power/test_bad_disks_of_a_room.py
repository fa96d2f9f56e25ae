"""The disk of a running controller fails: bolts drop, the siren sounds, it ends with 70, and nothing is lost.

The controller is `ironroom run` as a process, among shims; strace makes its calls fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from controller.child import Child
from controller.errors import IronroomError
from controller.ledger.verify import verify
from hardware import pins
from tests.wires.wired import LONG, SIREN, SITE, Wired

MOST_ASKINGS = 400


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SITE + SIREN) as room:
        room.founded()
        assert room.child.stop() == 0
        yield room


def failing(room: Wired, fault: str, files: Sequence[str]) -> Child:
    """A controller on a disk with a fault in some of its files."""
    on = [f"-P{room.bench.data / name}" for name in files]
    under = ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null"]
    calls = fault.split(":", maxsplit=1)[0]
    under += [f"-etrace={calls}", f"-einject={fault}", *on]
    return Child(room.bench.site, room.bench.data, room.bench.environment(), under)


def asked_until_it_ends(room: Wired) -> list[str]:
    """Ask again and again; what was said yes to."""
    said_yes: list[str] = []
    for number in range(MOST_ASKINGS):
        note = f"note {number}"
        told = room.child.ask("forgive_passback", "zhao", person="li", reason=note)
        if told != {"accepted": True}:
            return said_yes
        said_yes.append(note)
    raise AssertionError("the disk never failed")


def assert_dead_and_bolted(room: Wired, code: int, words: str) -> None:
    assert code == 70, words
    assert "Traceback" not in words
    assert "nothing may open" in words or "cannot be opened" in words, words
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")
    strike = room.bench.field.relays["main"].bcm
    drawn = [level for _, bcm, level in room.bench.field.board.history if bcm == strike]
    assert drawn.count(True) <= len(room.entries("granted"))
    inside = pins.zone("input/3").alarm.bcm  # the button inside: read by us, wired to the strike's supply
    assert inside not in {bcm for _, bcm, _ in room.bench.field.board.history}


def assert_heals(room: Wired, said_yes: Sequence[str]) -> None:
    """The same folder on a good disk: everything promised is there, and people are let in."""
    verify(room.log)
    room.child = Child(room.bench.site, room.bench.data, room.bench.environment())
    room.up()
    noted = [entry["note"] for entry in room.entries("passback_forgiven")]
    assert noted[: len(said_yes)] == list(said_yes)
    assert len(noted) - len(said_yes) in {0, 1}
    if room.view["rooms"]["vault"]["occupancy"] == "unknown":  # the end came while the bolt was drawn
        told = room.child.ask("recount", "zhao", "chen", room="vault", inside=[])
        assert told == {"accepted": True}
    room.granted()


@pytest.mark.parametrize(
    "fault",
    [
        "fsync,fdatasync:error=EIO:when=60",
        "pwrite64:error=ENOSPC:when=300+",
        "pwrite64,openat,?unlink,unlinkat:error=EROFS:when=300+",
    ],
)
def test_a_disk_that_fails_at_work_drops_the_bolts_and_ends_with_70(fault: str, room: Wired) -> None:
    files = ["custody.db-wal", "custody.db", "custody.lock", "room.time", "gate.sock"]
    room.child = failing(room, fault, files)
    room.up()
    room.granted()
    said_yes = asked_until_it_ends(room)
    assert_dead_and_bolted(room, room.child.wait(LONG), room.child.words)
    assert said_yes
    assert_heals(room, said_yes)


@pytest.mark.parametrize(
    ("fault", "file"),
    [
        ("fsync:error=EIO:when=1", "custody.db-wal"),
        ("openat:error=EROFS:when=1+", "custody.db"),
        ("openat:error=EIO:when=1", "custody.lock"),
        ("openat:error=EROFS:when=1", "room.time"),
        ("pwrite64:error=ENOSPC:when=1+", "custody.lock"),
    ],
)
def test_a_disk_that_fails_at_the_start_opens_nothing_and_is_a_sentence(
    fault: str, file: str, room: Wired
) -> None:
    room.child = failing(room, fault, [file])
    with pytest.raises(IronroomError) as ended:
        room.child.start()
    assert ended.value.exit_code == 70, ended.value
    assert "Traceback" not in str(ended.value)
    assert room.bench.data.name in str(ended.value)
    assert not room.bench.lock("main")
    assert_heals(room, [])
