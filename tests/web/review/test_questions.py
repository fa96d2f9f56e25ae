"""What is asked: dates as people type them, steps that are URLs, kinds that are each in one group."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from controller.core.words import Kind
from web.feed.level import QUIET
from web.review.asked import asked, asked_before
from web.review.groups import _KINDS, GROUPS, group_of, kinds_of
from web.review.moments import typed
from web.review.people import is_called
from web.review.window import MOST_TICKS, ZOOMS, window

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "is_day"),
    [
        ("2026-03-02", "2026-03-02 00:00:00", True),
        (" 2026/3/2 14:05 ", "2026-03-02 14:05:00", False),
        ("2026-03-02T14:05:09", "2026-03-02 14:05:09", False),
        ("2026年3月2日 14\uff1a30", "2026-03-02 14:30:00", False),
        ("9:30", "2026-03-02 09:30:00", False),
    ],
)
def test_a_moment_is_typed_as_people_write_it(text: str, at: str, is_day: bool) -> None:
    found = typed(text, ZONE, NOW)
    assert found is not None
    assert (f"{found.at:%Y-%m-%d %H:%M:%S}", found.whole_day) == (at, is_day)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "25:00", "9999-12-31", "0001-01-01", "-", "2026-03"]
)
def test_what_is_no_moment_is_not_guessed(text: str) -> None:
    assert typed(text, ZONE, NOW) is None


def test_every_kind_is_in_one_group_and_every_group_is_named() -> None:
    listed = [kind for kinds in _KINDS.values() for kind in kinds]
    assert len(listed) == len({*listed})
    assert {group_of(kind) for kind in Kind} == {*GROUPS}


def test_loudness_and_group_leave_the_kinds_that_both_allow() -> None:
    assert kinds_of("", "all") == frozenset()
    assert kinds_of("", "matters").isdisjoint(QUIET)
    assert kinds_of("visitors", "alarms") == {"-"}, "which is no kind, so that nothing answers"
    assert Kind.FORCED in kinds_of("", "alarms")


def test_a_question_is_read_back_from_the_log_as_it_was_asked() -> None:
    first = asked(
        {"from": "2026-03-01 08:00", "place": "main", "who": "李", "words": "x", "new": "1"}, ZONE, NOW
    )
    assert asked_before(first.filter, "x", ZONE, NOW) == first
    assert "x" not in dict(first.args, words="").values()


def test_steps_zooms_and_ticks_stay_within_the_question() -> None:
    question = asked({"from": "2026-03-02", "to": "2026-03-02"}, ZONE, NOW)
    for zoom in ZOOMS:
        view = window({"zoom": zoom, "at": "2026-03-02 09:00"}, question, ZONE, NOW)
        assert view.shown.since >= question.since
        assert view.shown.until <= question.until
        assert 0 < len(view.ticks()) <= MOST_TICKS + 1
        assert window(view.step(1).args, asked(view.step(1).args, ZONE, NOW), ZONE, NOW) == view.step(1)
    hour = window({"zoom": "hour", "at": "2026-03-02 09:00"}, question, ZONE, NOW)
    assert f"{hour.step(10).at:%H:%M}" == "10:00"
    assert f"{window({}, question, ZONE, NOW).step(1).asked.since:%m-%d}" == "03-03"


@pytest.mark.parametrize(("text", "fits"), [("wjg", True), ("wang", True), ("王建", True), ("li", False)])
def test_a_chinese_name_is_found_by_letters_and_signs(text: str, fits: bool) -> None:
    assert is_called("王建国", text) is fits
    assert is_called("Zhao Lei", "zl")
