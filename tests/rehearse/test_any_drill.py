"""Whatever stands in a drill, it is a drill or it is told what is wrong: nothing else can happen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from controller import drill_file
from controller.core.words import AlarmKind, Kind
from controller.drill_judge import JUDGES
from controller.drill_names import names_of
from controller.drill_people import fields
from controller.drill_words import deeds, expectations
from controller.errors import ConfigError
from controller.site_faults import Faults
from controller.toml_text import Parsed, parse
from tests.core.plans import example

NAMES = names_of(example(), ["li", "wang"])
KEYS = sorted(
    {"title", "site", "start", "people", "step", "at", "after", "do", "expect", "within", "li"}
    | {key for words in (deeds(NAMES), expectations(NAMES)) for row in words.values() for key in row}
    | set(fields(NAMES, None, UTC))
)
WORDS = sorted(
    {*deeds(NAMES), *JUDGES, *KEYS, "main", "main.in", "c1.a", "example", "passage", "li", "B1", "4821", "on"}
    | {*map(str, Kind), *map(str, AlarmKind), "2026-03-02T09:00:00+08:00", "08:00-18:00"}
)
PLAIN = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=5),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.just(datetime(2026, 3, 2, 9, tzinfo=UTC)),
    st.just(date(2026, 3, 2)),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)
STEP = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6).map(lambda given: {"do": "tap", **given})


def _told(parsed: Parsed) -> str:
    """What is said about a drill: its faults, or its title."""
    faults = Faults("any.toml", parsed.lines)
    for fault in parsed.faults:
        faults.note(fault)
    try:
        drill = drill_file._drill(Path("any.toml"), parsed, faults)
        faults.settle()
    except ConfigError as error:
        return str(error)
    return drill.title


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6), st.lists(STEP, max_size=4))
def test_a_table_is_a_drill_or_tells_its_faults(table: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    sound: dict[str, Any] = {"site": "example", "start": "2026-03-02T09:00:00+08:00", "step": steps}
    for one in (table, sound | table, sound):
        assert _told(Parsed(one))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_text_is_a_drill_or_tells_its_faults(text: str) -> None:
    assert _told(parse(text, "any.toml"))
