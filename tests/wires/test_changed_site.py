"""A changed site file at a running room: two people and the next start, and never less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.child import Child
from controller.errors import IronroomError
from tests.forked import ForkedChild
from tests.wires.processes import SOUNDING
from tests.wires.wired import LONG, Wired


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SOUNDING) as room:
        yield room


def changed(room: Wired, folder: Path, *swaps: tuple[str, str]) -> Child:
    """A child whose site file differs."""
    text = room.bench.site.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    site = folder / "changed.toml"
    site.write_text(text, encoding="utf-8")
    return ForkedChild(site, room.bench.data, room.bench.environment())


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
