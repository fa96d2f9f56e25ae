"""The saved state: equal after any round trip, and refused when it is anything but a state."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.core.freeze import NotAStateError, from_json, to_json
from controller.core.state import State


def _made_of(kind: Any) -> list[type]:
    """Dataclasses that a type is made of, inner ones first."""
    inner = get_type_hints(kind).values() if is_dataclass(kind) else get_args(kind)
    below = [one for hint in inner for one in _made_of(hint)]
    return [*below, kind] if is_dataclass(kind) and isinstance(kind, type) else below


def _any(kind: type) -> st.SearchStrategy[Any]:
    """Any value of a dataclass, each field drawn by its type, defaults or not."""
    return st.builds(kind, **{name: st.from_type(hint) for name, hint in get_type_hints(kind).items()})


for nested in dict.fromkeys(_made_of(State)):
    st.register_type_strategy(nested, _any(nested))
TRIED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_states_drawn_here_have_doors_people_and_carriers() -> None:
    assert {"Door", "Pending", "Room", "Session", "Holder", "Carrier"} <= {
        k.__name__ for k in _made_of(State)
    }


@TRIED
@given(st.from_type(State))
def test_any_state_is_the_same_after_json(one: State) -> None:
    again = from_json(json.loads(json.dumps(to_json(one))))
    assert again == one
    assert to_json(again) == to_json(one)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in _places(one, (*path, key)))]


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], other)
    return copy


def _same_kind(one: Any, other: Any) -> bool:
    return type(one) is type(other) or one is None or other is None


@TRIED
@given(st.from_type(State), st.data())
def test_a_value_of_another_type_is_no_state(one: State, data: st.DataObject) -> None:
    frozen = json.loads(json.dumps(to_json(one)))
    place = data.draw(st.sampled_from(_places(frozen)))
    there = frozen
    for key in place:
        there = there[key]
    other = data.draw(st.sampled_from([1.5, "word", 7, True, ["x"], {"x": 1}]))
    if _same_kind(there, other):
        other = 1.5
    with pytest.raises(NotAStateError):
        from_json(_with(frozen, place, other))


def test_a_field_too_many_or_one_that_is_missing_is_no_state() -> None:
    with pytest.raises(NotAStateError):
        from_json({"at": 0, "colour": "red"})
    with pytest.raises(NotAStateError):
        from_json({"doors": {"main": {"phase": "ajar"}}})
    with pytest.raises(NotAStateError):
        from_json({"alarms": {"a": {"kind": "held", "place": "main"}}})


def test_what_has_its_default_takes_no_room() -> None:
    assert {k: v for k, v in to_json(State()).items() if v not in ({}, [])} == {}


def test_a_state_that_was_kept_once_is_read_for_ever() -> None:
    """A pruned log begins with a kept state: a version that cannot read an older one cannot start it.

    golden_state.json holds every field as the first release keeps it. It is never changed; what is
    renamed or given another type needs its way from there in freeze.py.
    """
    golden = json.loads((Path(__file__).parent / "golden_state.json").read_text(encoding="ascii"))
    again = to_json(from_json(golden))
    assert {key: again[key] for key in golden} == golden
