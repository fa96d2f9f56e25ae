"""One order and what comes of it, as values: time is what the test says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controller.core.effects import Wanted
from controller.eyes.allowance import Allowance
from controller.eyes.picture_order import Claim, PictureOrder, Terms, never
from recorder.messages import Said

DOOR_BEFORE, DOOR_NOW, DOOR_AFTER = Wanted("door", -2_000), Wanted("door", 0), Wanted("door", 3_000)


def shot() -> PictureOrder:
    terms = Terms(("room:vault",), ("age1",), Said("bank", "vault", "granted", "", "good", 7))
    return PictureOrder.of([DOOR_BEFORE, DOOR_NOW, DOOR_AFTER], terms, 0, event=100.0, patience_s=2.0)


def test_each_part_waits_for_its_last_moment_and_then_for_its_patience() -> None:
    parts = shot().parts
    assert {name: part.until for name, part in parts.items()} == {"now": 102.0, "after": 105.0}


def test_a_part_that_is_whole_waits_for_its_frames_a_moment_and_no_longer() -> None:
    part = shot().parts["after"]
    part.missing[DOOR_AFTER] = "lost"
    assert 103.0 < part.due(103.0) < 103.5
    part.frames["door"] = {"seen": 1, "missed": 0, "gap_ms": 0}
    assert part.due(103.1) == 103.1


@given(st.lists(st.sampled_from(["picture", "thumbnail"]), max_size=6), st.integers(-5_000, 5_000))
def test_nothing_may_come_twice_nor_what_was_not_ordered(words: list[str], moment: int) -> None:
    one, order = Wanted("door", moment), shot()
    claims = [(word, order.claim(word, one)) for word in words]
    for word in set(words):
        here = [claim for said, claim in claims if said == word]
        first = Claim.WANTED if one in (DOOR_BEFORE, DOOR_NOW, DOOR_AFTER) else Claim.UNORDERED
        assert here == [first, *(len(here) - 1) * [Claim.UNORDERED]]


def test_what_comes_after_the_report_is_late_and_then_unordered() -> None:
    order = shot()
    order.parts["now"].reported = True
    assert order.claim("picture", DOOR_NOW) is Claim.LATE
    assert order.claim("picture", DOOR_NOW) is Claim.UNORDERED
    assert order.claim_frames("now", "door") is Claim.LATE
    assert order.claim_frames("now", "room") is Claim.UNORDERED


def test_an_order_that_was_never_given_is_missing_in_all_its_parts() -> None:
    now, after = never(7, [DOOR_NOW, DOOR_AFTER, DOOR_NOW], "busy")
    assert [(now.part, len(now.missing)), (after.part, len(after.missing))] == [("now", 1), ("after", 1)]
    assert {one["why"] for one in (*now.missing, *after.missing)} == {"busy"}


def test_what_could_not_be_made_durable_is_missing() -> None:
    order = shot()
    part = order.parts["after"]
    part.pictures[DOOR_AFTER] = {"thumbnail": False}
    part.lose("no_room")
    told = order.told("after")
    assert (told.pictures, [one["why"] for one in told.missing]) == ((), ["no_room"])


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 6), st.booleans()), max_size=60))
def test_no_more_is_allowed_than_a_burst_and_so_much_a_second(asked: list[tuple[float, int, bool]]) -> None:
    allowance, now, allowed = Allowance(5, 2.0), 1_000.0, 0
    for pause, many, needed in asked:
        now += pause
        taken = many if allowance.take(now, many) else 0
        if not needed:
            allowance.give(taken)
        allowed += taken if needed else 0
    assert allowed <= 5 + 2 * sum(pause for pause, _, _ in asked) + 1e-6
