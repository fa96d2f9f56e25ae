"""Every text is there in both languages, and nothing is translated that nobody says."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.web.conftest import Console
from web import i18n
from web.pages import PAGES

places = re.compile(r"%\(\w+\)[sd]|\{\w*\}").findall
ROOT = i18n.FOLDER.parents[1]
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS: dict[str, None] = {"_": None, "N_": None, "gettext": None, "ngettext": None}


def said() -> set[str]:
    """Every English text of the pages."""
    options = {"**.html": {"newstyle_gettext": "true", "silent": "false"}}
    found = extract_from_dir(ROOT, METHODS, options, {**KEYWORDS, "ngettext": (1, 2)})
    texts = {one for _, _, text, _, _ in found for one in ((text,) if isinstance(text, str) else text)}
    return texts | {page.title for page in PAGES if page.title}


def test_every_text_is_there_in_chinese() -> None:
    missing = sorted(said() - set(i18n.catalogue()))
    assert not missing, "say them in web/translations/zh/<page>.po"


def test_nothing_is_translated_that_no_page_says() -> None:
    assert not sorted(set(i18n.catalogue()) - said())


def test_a_translation_keeps_the_places_where_values_stand() -> None:
    for english, chinese in i18n.catalogue().items():
        assert Counter(english.split("%(")[1:].__len__().__str__()) == Counter(str(chinese.count("%("))), (
            english
        )


def test_two_files_never_translate_a_text_in_two_ways() -> None:
    seen: dict[str, str] = {}
    for file in sorted(i18n.FOLDER.glob("*.po")):
        with file.open("rb") as text:
            for message in read_po(text, locale="zh", abort_invalid=True):
                assert not message.fuzzy or not message.id, (file.name, message.id)
                known = seen.setdefault(str(message.id), str(message.string))
                assert not message.id or known == str(message.string), (file.name, message.id)


@pytest.mark.parametrize(
    ("accepts", "tag"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("en-GB,en;q=0.8", "en"),
        ("de-DE", "en"),
        ("en;q=0.4, zh;q=0.9", "zh-Hans"),
        ("", "en"),
    ],
)
def test_a_page_speaks_as_the_browser_asks(stranger: Console, accepts: str, tag: str) -> None:
    answer = stranger.get("/sign-in", headers={"Accept-Language": accepts})
    assert f'<html lang="{tag}"' in answer.text
    assert ("登录" in answer.text) == (tag == "zh-Hans")


def test_a_chosen_language_is_kept_at_the_seat_and_the_page_stays(stranger: Console) -> None:
    answer = stranger.post("/language", {"language": "zh", "next": "/sign-in?next=/seat"})
    assert answer.headers["Location"] == "/sign-in?next=/seat"
    assert "登录" in stranger.get("/sign-in").text
    stranger.post("/language", {"language": "klingon"})
    assert "登录" in stranger.get("/sign-in").text


def test_errors_are_told_in_the_readers_language(stranger: Console) -> None:
    assert "没有这个页面" in stranger.get("/nothing", headers={"Accept-Language": "zh"}).text


def test_chinese_has_one_form_for_one_and_many() -> None:
    assert i18n.catalogue()["%(n)s alarm"] == i18n.catalogue()["%(n)s alarms"]
