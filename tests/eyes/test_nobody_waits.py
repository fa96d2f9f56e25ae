"""The door never waits for the eyes: orders return with every queue full, whatever the recorder does."""

from __future__ import annotations

import pytest

from controller.core.events import DeviceLost, PicturesTaken
from controller.eyes.outbox import MOST, Outbox
from controller.eyes.picture_orders import MOST as MOST_ORDERS
from recorder.messages import Rooms, Snapshot
from tests.eyes.eyes_house import SETTINGS, House
from tests.eyes.eyes_peer import Peer

ORDERS = 3 * MOST_ORDERS


def test_orders_to_a_recorder_that_reads_nothing_return_and_each_comes_to_its_end(
    house: House, peer: Peer
) -> None:
    house.alarm()
    for number in range(1_000, 1_000 + ORDERS):  # nobody reads, and nothing here can wait
        house.photograph(number)
    ends: dict[int, str] = {}

    def all_have_ended() -> bool:
        told = [one for one in house.heard if isinstance(one, PicturesTaken) and one.shot >= 1_000]
        ends.update({one.shot: one.missing[0]["why"] for one in told})
        return len(ends) == ORDERS

    house.until(all_have_ended)
    assert set(ends.values()) == {"busy", "recorder_silent"}
    assert sum(why == "busy" for why in ends.values()) >= ORDERS - MOST_ORDERS
    assert len(house.eyes._orders) <= 1, "all but that of the alarm, a part of which is of later"


def test_a_recorder_that_takes_nothing_any_more_is_hung_up(
    house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.eyes.link.SAY_S", 0.5)
    house.alarm()
    numbers = iter(range(2_000, 1_000_000))

    def stuffed() -> bool:
        if house.eyes.health()["recorder"]["state"] == "well":
            house.photograph(next(numbers), *range(-200, 1))
        return any(isinstance(one, DeviceLost) for one in house.heard)

    house.until(stuffed)
    (lost,) = house.told(DeviceLost)
    assert lost.why == "the recorder does not take what it is told"


def test_a_full_outbox_says_no_and_nobody_is_told_of_what_is_old() -> None:
    outbox = Outbox(SETTINGS, {"vault": "empty"})
    order = Snapshot.__new__(Snapshot)
    assert [outbox.order(order) for _ in range(MOST + 1)] == [*MOST * [True], False]
    outbox.rooms({"vault": "occupied"})
    outbox.rooms({"vault": "unknown"})
    assert outbox.next(0.0) == SETTINGS
    assert outbox.next(0.0) == Rooms({"vault": "unknown"})
    outbox.close()
    assert outbox.next(0.0) is None
    assert not outbox.order(order)


def test_an_order_that_was_given_before_is_not_given_twice(house: House, peer: Peer) -> None:
    house.alarm()
    peer.nothing(peer.order())
    house.photograph(77)
    house.photograph(77)
    refused = _of(house, 77, 1)[0]
    assert refused.missing[0]["why"] == "busy"
    order = peer.order()
    peer.answer(order, order.wanted[0])
    assert len(_of(house, 77, 2)[1].pictures) == 1


def _of(house: House, shot: int, count: int) -> list[PicturesTaken]:
    """What was told of a shot, once so much was."""
    house.until(lambda: sum(_is(one, shot) for one in house.heard) >= count)
    return [one for one in house.heard if _is(one, shot)]


def _is(one: object, shot: int) -> bool:
    return isinstance(one, PicturesTaken) and one.shot == shot
