"""The walk of every world to closure, and what must hold over its whole paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from controller.core import people, state
from tests.core.walk.canon import KEPT, SET_ASIDE
from tests.core.walk.graph import cannot_leave, never_rests, told_apart
from tests.core.walk.invariants import LAWS
from tests.core.walk.rooms import PASSAGE, WALKED
from tests.core.walk.state_invariants import STATE_LAWS
from tests.core.walk.walk import Walked, walk
from tests.core.walk.worlds import World

Record = Callable[[str, object], None]
FEWEST = 1_000  # states; a walk that sees less has stood still
SEEN_IN_THE_PASSAGE = {
    *(
        "entered",
        "left",
        "lone",
        "count_lost",
        "recounted",
        "interrupted",
        "pending_lost",
        "pending_cancelled",
    ),
    *("exit_waiting", "interlock_overridden", "unknown_exit", "compartment_opened", "no_opening", "no_entry"),
}


def _closed(world: World, record_property: Record) -> Walked:
    walked = walk(world, LAWS, STATE_LAWS)
    record_property("figures", walked.figures())
    assert not walked.broken, walked.story()
    for question in (cannot_leave, never_rests, told_apart):
        found = question(walked)
        assert not found, "\n".join([f"{world.name}: {question.__doc__}", *walked.path(found[0], "…")])
    return walked


@pytest.mark.parametrize("world", WALKED, ids=lambda world: world.name)
def test_every_state_of_a_room_keeps_every_law_and_lets_everybody_out(
    world: World, record_property: Record
) -> None:
    walked = _closed(world, record_property)
    assert len(walked.numbers) > FEWEST
    assert walked.doubles
    assert walked.kinds >= (SEEN_IN_THE_PASSAGE if world is PASSAGE else set()), sorted(walked.kinds)


@pytest.mark.parametrize("name", KEPT)
def test_the_canonical_form_keeps_each_field_or_says_why_not(name: str) -> None:
    kind = getattr(state, name, None) or getattr(people, name)
    assert not KEPT[name] & SET_ASIDE[name].keys()
    assert KEPT[name] | SET_ASIDE[name].keys() == {f.name for f in fields(kind)}
