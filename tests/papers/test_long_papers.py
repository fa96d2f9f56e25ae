"""Registers of thousands of rows, rows longer than a page, and where lines end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers import samples
from tests.papers.reading import squeezed, text_of
from web.papers.grid import Column
from web.papers.lettering import _NEVER_FIRST, _NEVER_LAST, Lettering
from web.papers.register import Register, register_paper
from web.papers.sheet import Frame, Sheet
from web.papers.sign_off import sign_off_paper

COLUMNS = (Column("No", 5, number=True), Column("时间", 12), Column("Who"), Column("事项 What", 30))
_WORDS = [
    "开门",
    "铁柜",
    "借阅",
    "归还",
    "绝密",
    "文件",
    "双人",
    "见证",
    "opened",
    "returned",
    "checked",
    "1号",
]


@pytest.fixture(scope="module")
def letters() -> Iterator[Lettering]:
    with Sheet("t", "0" * 64, samples.printing("en"), samples.translator("en"), Frame()) as sheet:
        yield sheet.letters


def register(rows: int) -> Register:
    chance = random.Random(rows)  # noqa: S311 — rows to print, not secrets
    return Register(
        "借阅登记簿 Borrowing register",
        "2026",
        COLUMNS,
        tuple(
            (str(n), "2026-06-01 08:00", "王建国", " ".join(chance.choices(_WORDS, k=9))) for n in range(rows)
        ),
    )


def test_two_thousand_rows_are_printed_whole_in_their_order() -> None:
    wanted = register(2_000)
    begun = perf_counter()
    paper = register_paper(wanted, samples.printing("zh"), samples.translator("zh"))
    assert perf_counter() - begun < 60  # measured 2 s alone; a page that hangs for a minute is a defect
    page = squeezed(text_of(paper.pdf))
    at = 0
    for row in wanted.rows:
        at = page.index(squeezed("".join(row)), at)
    assert paper.pages > 40
    assert page.count("事项What") == paper.pages


def test_a_row_longer_than_a_page_is_printed_whole() -> None:
    long = " ".join(f"[{n:04}]" for n in range(2_500))
    rows = (("1", "08:00", "李红", long), ("2", "08:01", "李红", "short"))
    paper = register_paper(replace(register(0), rows=rows), samples.printing("en"), samples.translator("en"))
    page = text_of(paper.pdf)
    assert paper.pages >= 3
    assert all(f"[{n:04}]" in page for n in range(2_500))


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        register_paper(
            replace(register(0), rows=(("1", "2"),)), samples.printing("en"), samples.translator("en")
        )


def test_two_hundred_entries_signed_off_stand_on_the_paper_each() -> None:
    paper = sign_off_paper(samples.sign_off(200), samples.printing("en"), samples.translator("en"))
    page = text_of(paper.pdf)
    assert all(f"{4_700 + n}" in page for n in range(200))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="王建国\uff0c。\uff08《abc def-gh/1 “”\n", max_size=120), st.floats(6, 60))
def test_no_sign_is_lost_at_the_end_of_a_line_and_no_line_is_too_wide(
    letters: Lettering, text: str, width: float
) -> None:
    lines = letters.lines(text, 10, width)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(letters.width(line, 10) <= width + 1e-6 for line in lines)


def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket(letters: Lettering) -> None:
    text = "双人开启外门，（见证人在外）。随后《借阅登记簿》由保管员核对；一切正常。" * 8  # noqa: RUF001
    for width in range(20, 90):
        lines = letters.lines(text, 10, width)
        assert not [line for line in lines if line[0] in _NEVER_FIRST or line[-1] in _NEVER_LAST]
