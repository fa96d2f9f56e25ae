"""Weekly hours with holidays, extra workdays, nights and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from controller.core.schedule import ALWAYS, WORKDAYS, Schedule, Window, local, written

OFFICE = Schedule("office", (Window(WORKDAYS, time(8), time(18)),))
NIGHT = Schedule("night", (Window(frozenset({4}), time(22), time(6)),))  # Friday night
FULL = timedelta(days=9)


def _at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-02T07:59:59.999", False),
        ("2026-03-02T08:00:00.000", True),
        ("2026-03-02T17:59:59.999", True),
        ("2026-03-02T18:00:00.000", False),
        ("2026-03-06T12:00:00", True),
        ("2026-03-07T12:00:00", False),  # Saturday
        ("2026-03-08T12:00:00", False),
        ("2026-03-09T12:00:00", True),
    ],
)
def test_hours_begin_with_their_first_millisecond_and_end_before_their_last(
    moment: str, is_open: bool
) -> None:
    assert OFFICE.is_open(_at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-06T21:59:59.999", False),
        ("2026-03-06T22:00", True),
        ("2026-03-06T23:59:59.999", True),
        ("2026-03-07T00:00", True),
        ("2026-03-07T05:59:59.999", True),
        ("2026-03-07T06:00", False),
        ("2026-03-07T22:30", False),  # Saturday night is not Friday's
        ("2026-03-06T03:00", False),  # nor is the night before
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_begins_on(moment: str, is_open: bool) -> None:
    assert NIGHT.is_open(_at(moment)) is is_open


def test_a_holiday_has_no_hours() -> None:
    free = Schedule("office", OFFICE.windows, holidays=frozenset({date(2026, 3, 3)}))
    assert not free.is_open(_at("2026-03-03T12:00"))
    assert free.is_open(_at("2026-03-02T12:00"))
    assert free.is_open(_at("2026-03-04T12:00"))


def test_the_night_before_a_holiday_ends_in_the_holiday_and_its_own_night_does_not_begin() -> None:
    nights = Schedule(
        "nights",
        (Window(frozenset(range(7)), time(22), time(6)),),
        holidays=frozenset({date(2026, 3, 3)}),
    )
    assert nights.is_open(_at("2026-03-03T05:00"))
    assert not nights.is_open(_at("2026-03-03T23:00"))
    assert not nights.is_open(_at("2026-03-04T05:00"))


def test_an_extra_workday_has_the_hours_of_a_workday() -> None:
    worked = Schedule("office", OFFICE.windows, workdays=frozenset({date(2026, 3, 7)}))
    assert worked.is_open(_at("2026-03-07T12:00"))
    assert not worked.is_open(_at("2026-03-07T19:00"))
    assert not worked.is_open(_at("2026-03-08T12:00"))


def test_a_day_that_is_both_is_a_holiday() -> None:
    both = frozenset({date(2026, 3, 7)})
    assert not Schedule("both", OFFICE.windows, holidays=both, workdays=both).is_open(_at("2026-03-07T12:00"))


def test_hours_follow_the_wall_clock_of_the_place_over_a_change_of_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for utc, is_open in (
        ("2026-03-27T06:59:59", False),  # winter time, one hour ahead of UTC
        ("2026-03-27T07:00:00", True),
        ("2026-03-30T05:59:59", False),  # summer time, two hours
        ("2026-03-30T06:00:00", True),
    ):
        wall_ms = round(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp() * 1000)
        assert OFFICE.is_open(local(wall_ms, berlin)) is is_open


def test_the_hour_that_comes_twice_is_open_both_times_and_the_one_that_is_skipped_ends_a_window() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    nights = Schedule("nights", (Window(frozenset({6}), time(1), time(2, 30)),))
    autumn = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Berlin, Sunday the 25th
    hours = [autumn + timedelta(minutes=30 * n) for n in range(10)]
    open_at = [h for h in hours if nights.is_open(h.astimezone(berlin))]
    assert open_at == hours[2:5] + hours[6:7]  # 1:00, 1:30, 2:00 in summer time, 2:00 again in winter time
    spring = datetime(2026, 3, 28, 23, tzinfo=UTC)
    hours = [spring + timedelta(minutes=30 * n) for n in range(8)]
    open_at = [h for h in hours if nights.is_open(h.astimezone(berlin))]
    assert open_at == hours[2:4]  # 1:00 and 1:30; two o'clock is three


def test_always_is_always() -> None:
    moment = _at("2026-03-01T00:00")
    for n in range(0, 8 * 24 * 60, 7):
        assert ALWAYS.is_open(moment + timedelta(minutes=n))


def test_hours_without_windows_are_never_open() -> None:
    assert not Schedule("never", ()).is_open(_at("2026-03-02T12:00"))


@pytest.mark.parametrize(
    ("moment", "longest", "left"),
    [
        ("2026-03-02T17:58:00", timedelta(minutes=5), timedelta(minutes=2)),
        ("2026-03-02T12:00:00", timedelta(minutes=5), timedelta(minutes=5)),
        ("2026-03-02T18:00:00", timedelta(minutes=5), timedelta(0)),
        ("2026-03-02T08:00:00", FULL, timedelta(hours=10)),
    ],
)
def test_hours_say_how_long_they_stay_open(moment: str, longest: timedelta, left: timedelta) -> None:
    assert OFFICE.open_for(_at(moment), longest) == left


def test_windows_that_follow_one_another_are_one_stretch() -> None:
    halves = Schedule("halves", (Window(WORKDAYS, time(8), time(12)), Window(WORKDAYS, time(12), time(18))))
    assert halves.open_for(_at("2026-03-02T11:00"), FULL) == timedelta(hours=7)
    assert ALWAYS.open_for(_at("2026-03-02T11:00"), FULL) == FULL


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("08:00-18:00", "2026-03-07T12:00", "2026-03-07T18:00"),
        ("mon-fri 08:00-18:00", "2026-03-06T08:00", "2026-03-07T12:00"),
        ("fri-mon 08:00-18:00", "2026-03-08T12:00", "2026-03-03T12:00"),
        ("sat 22:00-06:00", "2026-03-08T05:59", "2026-03-08T06:00"),
        ("Tue 00:00-24:00", "2026-03-03T23:59", "2026-03-04T00:00"),
    ],
)
def test_hours_may_be_written_out(text: str, inside: str, outside: str) -> None:
    assert written(text).is_open(_at(inside))
    assert not written(text).is_open(_at(outside))


@pytest.mark.parametrize(
    "text", ["", "8:00-18:00", "08:00", "24:00-08:00", "mon 08:00-18:60", "xyz 08:00-18:00", "08:00-18:00 "]
)
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        written(text)
