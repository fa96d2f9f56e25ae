"""Two people with badges that prove themselves go in and out, at both kinds of readers; and badges die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.key_halves import new_halves
from controller.ledger.verify import verify
from tests.wires.badged import Badged, blank, blank_tag
from tests.wires.wired import LONG


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Badged]:
    with Badged(tmp_path) as room:
        room.founded()
        room.equip("li", blank())
        room.equip("wang", blank_tag(), "ntag424")
        yield room


def pass_through(room: Badged, door: str, then: str) -> None:
    assert room.bench.field.wait(door, energised=True, timeout=LONG)
    room.open(door, "opened")
    room.shut(door, then)


def test_two_people_come_in_at_the_boxs_own_reader_and_go_out_at_one_on_the_bus(room: Badged) -> None:
    room.show("main.in", "li", "pending")
    (granted,) = room.show("main.in", "wang", "granted")
    assert granted["who"] == ["li", "wang"]
    pass_through(room, "main", "entered")
    room.walk()
    room.show("side.out", "li", "granted")
    room.show("side.out", "wang", "granted")
    pass_through(room, "side", "room_closed")
    assert room.view["rooms"]["vault"]["occupancy"] == 0
    assert room.child.stop() == 0
    assert verify(room.log).entries


def test_two_people_come_in_at_a_reader_that_carries_the_proof_over_the_bus(room: Badged) -> None:
    room.show("side.in", "wang", "pending")
    (granted,) = room.show("side.in", "li", "granted")
    assert granted["who"] == ["wang", "li"]
    pass_through(room, "side", "entered")


def test_a_badge_blocked_while_it_waits_for_the_second_dies_there_and_then(room: Badged) -> None:
    room.show("main.in", "li", "pending")
    before = room.newest
    with room.shut_against("main"):
        (badge,) = (name for name, one in room.view["badges"].items() if one["holder"] == "li")
        assert room.command("badge", "block", badge, "--as", "zhao").exit_code == 0
        assert room.entries("pending_cancelled", after=before)
        (alone,) = room.show("main.in", "wang", "pending")
        assert alone["who"] == ["wang"]
        (no,) = room.show("main.in", "li", "refused")
        assert no["reason"] == "badge_blocked"


def test_another_site_key_makes_every_badge_of_the_old_one_useless(room: Badged) -> None:
    room.halves = new_halves()
    assert "accepted" in room.enter_key(replace=room.site_keys.check_value)
    for door in ("main", "side"):
        with room.shut_against(door):
            (no,) = room.show(f"{door}.in", "li", "refused")
        assert (no["reason"], no["fault"]) == ("not_genuine", "wrong_key")
        room.walk()


def test_a_badge_is_dead_after_a_restart_that_follows_its_loss(room: Badged) -> None:
    (badge,) = (name for name, one in room.view["badges"].items() if one["holder"] == "li")
    assert room.child.ask("block_badge", "wang", badge=badge) == {"accepted": True}
    room.child.kill()
    room.up()
    with room.shut_against("main"):
        (no,) = room.show("main.in", "li", "refused")
    assert no["reason"] == "badge_blocked"
