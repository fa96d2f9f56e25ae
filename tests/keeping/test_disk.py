"""The disk's filling up is told in time, pictures give way first, and the last room is the log's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from controller.core.events import Asking, ClockJumped, TimePassed
from controller.disk_reserve import MB, Reserve, make_room_to_start, room_for_pictures
from controller.housekeeping import Housekeeping
from controller.loop import Loop
from controller.picture_keeping import AT_ONCE
from controller.site_log import Keeping
from tests.core.plans import START
from tests.keeping.house import DAY, room
from tests.power.test_bad_disks import OWN_MOUNTS, run

LARGE = 10**9  # MB that no disk has
NOW = 1_000 * DAY
DAYS = Keeping(reserve_mb=1, announce_free_mb=1, picture_days=400)
LOW = Keeping(reserve_mb=1, announce_free_mb=LARGE, picture_days=400)
NO_RESERVE = Keeping(reserve_mb=LARGE, announce_free_mb=1, picture_days=400)


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    with room(tmp_path / "data" / "custody.db") as loop:
        loop.turn([TimePassed(NOW)])
        yield loop


def pictures(loop: Loop, *ages: int) -> dict[str, int]:
    """Pictures of so many days, as whoever writes them leaves them: their names with their ages."""
    folder = loop.log.file.parent / "pictures"
    folder.mkdir()
    made = {}
    for number, age in enumerate(ages):
        name = sha256(number.to_bytes(4, "big")).hexdigest()
        (folder / name).write_bytes(bytes(1000))
        then = datetime.fromtimestamp(START / 1000, UTC) + timedelta(days=1000 - age)
        os.utime(folder / name, (then.timestamp(), then.timestamp()))
        made[name] = age
    return made


def kept(loop: Loop, keeping: Keeping, ages: dict[str, int], rounds: int = 40) -> list[int]:
    """Ages of the pictures that are left after a while in which nobody came."""
    house = Housekeeping(loop, loop.log.file.parent, keeping)
    for _ in range(rounds):
        house.after_turn(loop.site.state.at)
        house.idle(loop.site.state.at)
    return sorted(ages[one.name] for one in (loop.log.file.parent / "pictures").iterdir())


def told(loop: Loop, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in loop.log.tail() if entry["kind"] == kind]


def test_entries_go_on_long_after_pictures_could_not_be_written(tmp_path: Path) -> None:
    if not OWN_MOUNTS:
        assert not Reserve(tmp_path, LARGE).take()
        return
    said = run(*OWN_MOUNTS, sys.executable, "-m", "tests.keeping.small_house", str(tmp_path))
    lines = {line.split()[0]: line.split()[1:] for line in said.splitlines()}
    assert int(lines["announced"][0]) > 4 * MB  # so much could still be written when it was told
    written, *troubles = lines["pictures"]
    assert (int(written) > 50, troubles) == (True, ["disk_low"])
    assert lines["full"] == ["0"]
    entries, deleted, *troubles = lines["entries"]
    assert int(entries) > 4_000
    assert 0 < int(deleted) < int(written)  # no more than were wanted
    assert troubles == ["disk_low", "reserve_used"]
    assert lines["room"][:-1] == []  # every trouble has ended
    assert said.split()[-1] == "healed"


def test_pictures_go_when_they_are_too_old_and_the_entry_names_them(loop: Loop) -> None:
    made = pictures(loop, 10, 200, 399, 401, 900)
    assert kept(loop, DAYS, made) == [10, 200, 399]
    (entry,) = told(loop, "pictures_deleted")
    assert [made[name] for name in entry["digests"].split()] == [900, 401]
    assert (entry["bytes"], entry["why"]) == (2000, "age")


def test_while_the_disk_is_low_only_pictures_of_180_days_are_safe(loop: Loop) -> None:
    assert kept(loop, LOW, pictures(loop, 10, 179, 181, 399, 401)) == [10, 179]
    assert "disk_low" in loop.site.state.log_troubles


def test_before_the_log_would_stop_the_youngest_pictures_go(loop: Loop) -> None:
    assert kept(loop, NO_RESERVE, pictures(loop, 0, 10, 200)) == []
    assert told(loop, "pictures_deleted")[0]["why"] == "room for the log"
    assert len(told(loop, "reserve_used")) == 1


@pytest.mark.parametrize("keeping", [DAYS, LOW, NO_RESERVE])
def test_under_a_legal_hold_no_picture_goes(loop: Loop, keeping: Keeping) -> None:
    loop.turn([Asking(NOW, "set_hold", "li", "", {"hold": "case", "person": "", "reason": "court"})])
    assert kept(loop, keeping, pictures(loop, 10, 900)) == [10, 900]


def test_a_clock_that_nobody_accepted_makes_no_picture_old(loop: Loop) -> None:
    loop.turn([ClockJumped(NOW, 900 * DAY)])
    assert loop.site.state.claimed is not None
    assert kept(loop, LOW, pictures(loop, 10, 200, 900)) == [10, 200, 900]


def test_one_entry_names_no_more_pictures_than_it_can(loop: Loop) -> None:
    assert kept(loop, DAYS, pictures(loop, *[500] * (2 * AT_ONCE + 5))) == []
    assert [len(e["digests"].split()) for e in told(loop, "pictures_deleted")] == [AT_ONCE, AT_ONCE, 5]


def test_what_is_no_picture_is_left_alone(loop: Loop) -> None:
    pictures(loop)
    stranger = loop.log.file.parent / "pictures" / "README"
    stranger.write_text("not ours")
    os.utime(stranger, (0, 0))
    kept(loop, NO_RESERVE, {"README": 1})
    assert stranger.exists()


def test_a_full_disk_is_told_once_and_so_is_its_end(loop: Loop) -> None:
    for keeping in (LOW, LOW, DAYS, DAYS, LOW):
        Housekeeping(loop, loop.log.file.parent, keeping).after_turn(loop.site.state.at)
    kinds = [str(e["kind"]) for e in loop.log.tail() if str(e["kind"]).startswith("disk")]
    assert kinds == ["disk_low", "disk_enough", "disk_low"]


def test_the_reserve_is_allocated_private_and_given_up_at_its_floor(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 2)
    assert reserve.take()
    status = reserve.file.stat()
    assert (status.st_size, status.st_mode & 0o777) == (2 * MB, 0o600)
    assert status.st_blocks * 512 >= 2 * MB
    assert room_for_pictures(tmp_path) > 0
    reserve.make_room()
    assert reserve.file.exists()  # there is room enough
    reserve.floor = LARGE * MB
    reserve.make_room()
    assert (reserve.file.exists(), reserve.held, room_for_pictures(tmp_path)) == (False, False, 0)


def test_a_reserve_without_its_blocks_is_none_and_is_made_anew(tmp_path: Path) -> None:
    with (tmp_path / "reserve").open("wb") as hollow:
        hollow.truncate(2 * MB)
    reserve = Reserve(tmp_path, 2)
    assert not reserve.held
    assert reserve.take()
    make_room_to_start(tmp_path)
    assert Reserve(tmp_path, 2).held


def test_the_log_makes_room_before_each_commit(loop: Loop) -> None:
    Housekeeping(loop, loop.log.file.parent, DAYS)
    reserve = loop.log.before_commit.__self__  # type: ignore[attr-defined]
    reserve.floor = LARGE * MB
    assert reserve.file.exists()
    loop.turn([Asking(NOW, "set_hold", "li", "", {"hold": "case", "person": "", "reason": "court"})])
    assert not reserve.file.exists()
