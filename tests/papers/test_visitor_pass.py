"""A pass: read by a camera, legible at its worst, and silent about everybody else."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from tests.papers import samples
from tests.papers.reading import picture_of, squeezed, text_of
from web.camera.images import PictureRefused
from web.camera.qr import read_codes
from web.papers.printing import Paper
from web.papers.visitor_pass import VisitorPass, pass_card, pass_leaf

PASSES = (pass_card, pass_leaf)


@cache
def printed(shown: VisitorPass, language: str = "en", *, leaf: bool = False) -> Paper:
    make = pass_leaf if leaf else pass_card
    return make(shown, samples.printing(language), samples.translator(language))


@pytest.mark.parametrize("leaf", [False, True])
def test_the_printed_code_is_read_by_the_desk_as_the_pass_code_alone(leaf: bool) -> None:
    out = BytesIO()
    picture_of(printed(samples.visitor_pass(), leaf=leaf).pdf, 150).save(out, "JPEG", quality=60)
    assert read_codes(out.getvalue()) == (samples.CODE,)


@pytest.mark.parametrize("leaf", [False, True])
def test_the_code_stands_beside_in_groups_for_hands(leaf: bool) -> None:
    page = text_of(printed(samples.visitor_pass(), leaf=leaf).pdf)
    assert "7K2M-9QXA" in page
    assert "01ZP-RT4W" in page


def test_a_pass_says_that_it_opens_nothing_that_it_is_given_back_and_which_print_it_is() -> None:
    english = squeezed(text_of(printed(samples.visitor_pass()).pdf))
    assert "Opensnothingbyitself." in english
    assert "Givethispassback" in english
    assert "Print2·" in english
    chinese = squeezed(text_of(printed(samples.visitor_pass(), "zh").pdf))
    assert "本证不能开启任何门。" in chinese
    assert "离开时交回本证" in chinese
    assert "第2次打印" in chinese


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("leaf", [False, True])
def test_the_longest_texts_do_not_run_into_one_another(language: str, leaf: bool) -> None:
    long = "Maximiliana-Theodora von Hohenlohe-Langenburg-Schillingsfürst "
    shown = samples.visitor_pass(
        name=long * 3, company=long, host=long, escort=long, areas=(long,) * 9, badge="V" * 40
    )
    page = text_of(printed(shown, language, leaf=leaf).pdf, "-layout")
    lines = [line for line in page.splitlines() if line.strip()]
    law = "Opens nothing" if language == "en" else "本证不能开启"
    assert any(line.strip().startswith(law) for line in lines)  # not mixed with a line of the fields
    assert samples.CODE[:4] in page
    assert "2026-11-22 18:30" in page
    assert "VVVVVV" in page


@pytest.mark.parametrize("leaf", [False, True])
def test_a_pass_without_a_photograph_says_so(leaf: bool) -> None:
    assert "Nophotograph" in squeezed(text_of(printed(samples.visitor_pass(photo=None), leaf=leaf).pdf))


def test_a_photograph_is_printed_without_what_the_camera_wrote_into_it() -> None:
    assert b"SECRET-CAMERA-MAKER" in samples.face()
    assert b"SECRET-CAMERA-MAKER" not in printed(samples.visitor_pass()).pdf


def test_a_file_that_is_no_picture_makes_no_pass() -> None:
    with pytest.raises(PictureRefused):
        printed(samples.visitor_pass(photo=b"%PDF-1.7 not a picture"))


def test_a_pass_of_one_visitor_says_nothing_of_another() -> None:
    printed(samples.visitor_pass(name="张伟", company="另一公司", code="AAAABBBBCCCCDDDD"))
    page = text_of(printed(samples.visitor_pass(name="刘洋", photo=None)).pdf)
    assert "刘洋" in page
    for other in ("张伟", "另一公司", "AAAA", "欧阳"):
        assert other not in page


def test_the_photograph_is_there() -> None:
    page = picture_of(printed(samples.visitor_pass()).pdf, 120)
    place = page.crop((int(5 * 4.7), int(10 * 4.7), int(19 * 4.7), int(30 * 4.7)))
    shades = {value // 40 for value in place.tobytes()}
    assert len(shades) >= 3
    assert isinstance(page, Image.Image)
