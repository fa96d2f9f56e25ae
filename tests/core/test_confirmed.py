"""Entry is counted when people are confirmed inside, by the door or by the inner reader (behaviour 11)."""

from __future__ import annotations

from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room


def _inner(**door: object) -> Room:
    return Room(example(door={"confirm_by_reader": True, **door}))


def test_b11_by_the_door_the_pair_is_inside_once_it_has_opened_and_shut() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert not room.inside
    room.open()
    assert not room.inside
    room.shut()
    assert room.inside == {"li", "wang"}
    assert room.state.room("vault").lone_at is None


def test_b11_by_the_reader_the_pair_is_unconfirmed_and_the_lone_timer_runs() -> None:
    room = _inner()
    room.enter("B1", "B2")
    entered = room.of("entered")[0]
    assert entered["reason"] == Reason.UNCONFIRMED_PAIR
    assert entered["unconfirmed"] == ["li", "wang"]
    assert room.state.room("vault").lone_at == entered["at"] + 30_000


def test_b11_two_confirmed_stop_the_lone_timer() -> None:
    room = _inner()
    room.enter("B1", "B2")
    room.tap("main.inside", "B1")
    assert room.kinds == ["confirmed"]
    assert room.state.room("vault").lone_at is not None
    room.tap("main.inside", "B2")
    assert room.state.room("vault").lone_at is None
    room.wait(60)
    assert not room.alarms


def test_b11_one_confirmed_of_two_is_alone_after_the_limit() -> None:
    room = _inner()
    room.enter("B1", "B2")
    due = room.of("entered")[0]["at"] + 30_000
    room.tap("main.inside", "B1")
    room.wait_ms(due - room.now - 1)
    assert not room.alarms
    room.wait_ms(1)
    assert room.alarms == {"lone"}


def test_b11_after_the_alarm_the_lone_person_is_not_alarmed_again_by_an_unconfirmed_pair() -> None:
    room = _inner()
    room.enter("B1", "B2")
    room.tap("main.inside", "B1")
    room.tap("main.inside", "B2")
    room.wait(5)
    room.leave("B2")
    room.wait(60)
    room.enter("B2", "B3")
    assert room.state.room("vault").lone_at is None
    room.wait(60)
    assert len(room.of("lone")) == 1


def test_b11_the_same_person_twice_confirms_one() -> None:
    room = _inner()
    room.enter("B1", "B2")
    room.tap("main.inside", "B1")
    room.wait(2)
    room.tap("main.inside", "B1b")
    assert room.state.room("vault").unconfirmed == ("wang",)


def test_b11_the_cabinets_own_reader_confirms_as_well() -> None:
    room = _inner()
    room.enter("B1", "B2")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    assert room.state.room("vault").unconfirmed == ()


def test_b11_a_withdrawn_badge_confirms_nobody() -> None:
    for reader in ("main.inside", "c1"):
        room = _inner()
        room.enter("B1", "B2")
        room.ask("block_badge", "zhao", badge="B1")
        room.tap(reader, "B1")
        assert room.state.room("vault").unconfirmed == ("li", "wang")
        assert room.reason is Reason.BADGE_BLOCKED


def test_b11_a_strangers_badge_at_the_inner_reader_is_refused_and_written_down() -> None:
    room = _inner()
    room.tap("main.inside", "nobody")
    assert room.kinds == ["refused"]
    assert room.reason is Reason.UNKNOWN_BADGE


def test_b11_nobody_joins_an_unconfirmed_pair_alone() -> None:
    room = _inner()
    room.enter("B1", "B2")
    room.tap("main.in", "B3")
    assert not room.is_open()
    room.tap("main.inside", "B1")
    room.tap("main.inside", "B2")
    room.wait(20)
    room.tap("main.in", "B3")
    assert room.is_open()


def test_b11_a_grant_without_an_opening_counts_nobody() -> None:
    for room in (Room(), _inner()):
        room.tap("main.in", "B1")
        room.tap("main.in", "B2")
        room.wait(6)
        room.tap("main.inside", "B1")
        room.tap("main.inside", "B2")
        assert not room.inside
        assert not room.of("entered")
