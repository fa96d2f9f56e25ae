"""What an entry must carry, and every way of not carrying it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import EntryRefused
from controller.ledger.entry import check, utc_millis

patiently = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a loaded machine is no fault

Make = Callable[..., dict[str, object]]


def test_an_entry_with_all_its_names_is_lawful(draft: Make) -> None:
    entry = draft(5000, n=7, reason="ok", sealed=True, detail={"x": 1})
    assert check(entry) == int(datetime(2026, 3, 2, 1, 0, 5, tzinfo=UTC).timestamp() * 1000)


def test_place_people_and_reason_may_be_left_out(draft: Make) -> None:
    entry = draft(n=0)
    del entry["place"], entry["who"]
    check(entry)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", -1),
        ("n", True),
        ("n", "1"),
        ("n", None),
        ("at", -1),
        ("at", 1.0),
        ("at", None),
        ("clock", ""),
        ("clock", None),
        ("policy", 3),
        ("kind", ""),
        ("kind", ["granted"]),
        ("place", None),
        ("place", ""),
        ("place", 1),
        ("reason", ""),
        ("who", "li"),
        ("who", [""]),
        ("who", ["li", 1]),
        ("who", None),
        ("sealed", False),
        ("sealed", 1),
        ("time", None),
        ("time", 0),
    ],
)
def test_an_entry_with_a_wrong_value_is_refused_by_name(draft: Make, name: str, value: object) -> None:
    with pytest.raises(EntryRefused, match=f"`{name}`"):
        check({**draft(), "n": 0, name: value})


@pytest.mark.parametrize("name", ["n", "at", "time", "clock", "policy", "kind"])
def test_an_entry_without_a_required_name_is_refused(draft: Make, name: str) -> None:
    entry = draft(n=0)
    del entry[name]
    with pytest.raises(EntryRefused, match=f"`{name}`"):
        check(entry)


@patiently
@given(st.integers(-(10**13), 10**14))
def test_time_is_read_to_the_millisecond(millis: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
    assert utc_millis(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")) == millis


@pytest.mark.parametrize(
    "time",
    [
        "",
        "2026-03-02",
        "2026-03-02T01:00:00Z",
        "2026-03-02T01:00:00.000",
        "2026-03-02T01:00:00.000+00:00",
        "2026-03-02 01:00:00.000Z",
        "2026-03-02T01:00:00.0000Z",
        "2026-03-02T01:00:60.000Z",
        "2026-03-02T24:00:00.000Z",
        "2026-03-02T01:60:00.000Z",
        "2026-02-29T01:00:00.000Z",
        "2026-13-01T01:00:00.000Z",
        "2026-W10-1T01:00:00.000Z",
        "\u0662\u0660\u0662\u0666-03-02T01:00:00.000Z",
        "2026-03-02T01:00:00.000z",
        " 2026-03-02T01:00:00.000Z",
    ],
)
def test_another_spelling_of_a_time_is_refused(time: str) -> None:
    with pytest.raises(EntryRefused, match="it must read like"):
        utc_millis(time)
