"""What holds for every paper, in both languages, read back from the file by another program."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from tests.papers import samples
from tests.papers.reading import media_box, picture_of, squeezed, text_of
from web.papers.daily_closing import daily_closing_paper
from web.papers.hand_over import hand_over_paper
from web.papers.head_slip import head_slip_paper
from web.papers.printing import Paper, digest_of, grouped
from web.papers.privacy_notice import privacy_paper
from web.papers.roll_call import roll_call_paper
from web.papers.sign_off import sign_off_paper
from web.papers.visitor_pass import pass_card, pass_leaf

PAPERS: dict[str, tuple[Callable[..., Paper], Callable[[], object], tuple[float, float]]] = {
    "card": (pass_card, samples.visitor_pass, (85.6, 54)),
    "leaf": (pass_leaf, samples.visitor_pass, (105, 148)),
    "privacy": (privacy_paper, samples.privacy_notice, (148, 210)),
    "sign_off": (sign_off_paper, samples.sign_off, (210, 297)),
    "hand_over": (hand_over_paper, samples.hand_over, (210, 297)),
    "daily_closing": (daily_closing_paper, samples.daily_closing, (210, 297)),
    "roll_call": (roll_call_paper, samples.roll_call, (210, 297)),
    "head_slip": (head_slip_paper, samples.head_slip, (148, 210)),
}
EVERY = [
    pytest.param(name, language, marks=[] if (at + other) % 2 else [pytest.mark.long])
    for at, name in enumerate(PAPERS)
    for other, language in enumerate(samples.LANGUAGES)
]
"""Every paper in every language; in each run of the tests a paper in one of two."""


@cache
def made(name: str, language: str) -> Paper:
    make, values, _ = PAPERS[name]
    return make(values(), samples.printing(language), samples.translator(language))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_page_says_who_printed_it_when_which_page_of_how_many_and_the_digest(
    name: str, language: str
) -> None:
    paper = made(name, language)
    pages = [squeezed(page) for page in text_of(paper.pdf).split("\f") if page.strip()]
    assert len(pages) == paper.pages
    count = {"en": "age{}of{}", "zh": "第{}页，共{}页"}[language]  # noqa: RUF001
    for n, page in enumerate(pages, start=1):
        assert squeezed("2026-11-22 17:38:05 UTC+0800") in page
        assert squeezed(samples.printing(language).by) in page
        assert count.format(n, paper.pages) in page
        assert squeezed(grouped(paper.digest, 4)) in page


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_paper_has_exactly_its_size_and_its_own_fonts(name: str, language: str) -> None:
    paper = made(name, language)
    assert media_box(paper.pdf) == pytest.approx(PAPERS[name][2], abs=0.02)
    assert paper.pdf.count(b"/FontFile3") == paper.pdf.count(b"/Type /FontDescriptor") > 0


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_nothing_is_printed_over_the_edge(name: str, language: str) -> None:
    page = picture_of(made(name, language).pdf, 60)
    width, height = page.size
    top = height // 7 if name in {"card", "leaf"} else 0  # a pass is headed by a black band from edge to edge
    sides = [page.crop((0, top, 2, height)), page.crop((width - 2, top, width, height))]
    for edge in (*sides, page.crop((0, height - 2, width, height))):
        assert min(edge.tobytes()) > 200


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_speaks_one_language(name: str) -> None:
    own = squeezed(text_of(made(name, "zh").pdf))
    english = [text for text, chinese in samples.chinese().items() if chinese != text and "%" not in text]
    assert not [text for text in english if len(text) > 12 and squeezed(text) in own]


def test_the_same_content_gives_the_same_file() -> None:
    again = pass_card(samples.visitor_pass(), samples.printing("zh"), samples.translator("zh"))
    assert again == made("card", "zh")


def test_a_print_by_somebody_else_has_the_same_digest_of_its_contents() -> None:
    other = replace(samples.printing("en"), by="Sun Lei")
    paper = roll_call_paper(samples.roll_call(), other, samples.translator("en"))
    assert paper.digest == made("roll_call", "en").digest
    assert "SunLei" in squeezed(text_of(paper.pdf))


def test_the_digest_changes_with_every_value_that_is_shown() -> None:
    shown = samples.visitor_pass()
    changed = [
        samples.visitor_pass(**{name: "other"}) for name in ("name", "company", "host", "escort", "badge")
    ]
    changed += [
        samples.visitor_pass(print_n=3),
        samples.visitor_pass(photo=None),
        samples.visitor_pass(areas=()),
    ]
    assert len({digest_of("pass", one) for one in (shown, *changed)}) == 1 + len(changed)


def test_papers_of_other_kinds_with_the_same_values_have_other_digests() -> None:
    assert digest_of("pass", ("a",)) != digest_of("notice", ("a",))
    with pytest.raises(TypeError, match="plain values"):
        digest_of("pass", 1.5)


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_what_was_given_is_what_poppler_reads_back(language: str) -> None:
    page = squeezed(text_of(made("sign_off", language).pdf))
    sheet = samples.sign_off()
    for seen in sheet.seen:
        assert f"{seen.n}" in page
    for text in (sheet.noted[0].comment, sheet.comment, grouped(sheet.set_digest, 16), sheet.head.origin):
        assert unicodedata.normalize("NFC", squeezed(text)) in page
    assert page.count("!4703") == 1


def test_signs_that_nobody_sees_are_printed_as_their_numbers() -> None:
    spoofed = replace(samples.roll_call(), assembly_point="North\u202e etag \x07 \ue000 \U0010ffff \u05d0")
    page = squeezed(text_of(roll_call_paper(spoofed, samples.printing("en"), samples.translator("en")).pdf))
    for number in ("202E", "0007", "E000", "10FFFF", "05D0"):
        assert f"‹U+{number}›" in page  # noqa: RUF001


def test_a_notice_to_be_filled_in_by_hand_names_no_visit() -> None:
    asked = replace(samples.privacy_notice(), visit="", visitor="")
    lines = text_of(privacy_paper(asked, samples.printing("en"), samples.translator("en")).pdf).splitlines()
    assert "Visit" not in [line.strip() for line in lines]
    assert "Visit 2026-0317" in text_of(made("privacy", "en").pdf)


def test_who_signs_stands_behind_the_colon_of_the_language() -> None:
    assert "来访人：欧阳明月" in squeezed(text_of(made("privacy", "zh").pdf))  # noqa: RUF001
    assert "Visitor: 欧阳明月" in text_of(made("privacy", "en").pdf)


def test_the_file_names_no_person_outside_its_pages() -> None:
    pdf = made("roll_call", "en").pdf
    info = pdf[pdf.rindex(b"/Producer") - 400 : pdf.rindex(b"/Producer") + 400]
    assert b"Roll call" in info
    for name in ("王建国", "李红", "Chen Xiao"):
        assert name.encode() not in pdf
        assert name.encode("utf-16-be") not in info
