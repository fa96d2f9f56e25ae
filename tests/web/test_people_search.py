"""Finding somebody by what a guard types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.people_search import matches

HOUSE = {
    "wang": "王建国",
    "wu": "吴敬业",
    "li": "李娜",
    "anna": "Anna Bérg",
    "lv": "吕洞宾",
    "yu": "尉迟恭",
    "ou": "欧阳修",
}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("wjg", "wang"),
        ("WJG", "wang"),
        ("wangjg", "wang"),
        ("wjianguo", "wang"),
        ("wang jian", "wang"),
        ("jianguo", "wang"),
        ("王建", "wang"),
        ("建国", "wang"),
        ("王jg", "wang"),
        ("ln", "li"),
        ("ab", "anna"),
        ("berg", "anna"),
        ("BÉRG", "anna"),
        ("lv", "lv"),
        ("lü", "lv"),
        ("lyu dongbin", "lv"),
        ("yuchi", "yu"),
        ("ycg", "yu"),
        ("ouyang", "ou"),
        ("oyx", "ou"),
    ],
)
def test_a_name_is_found_by_initials_pinyin_characters_and_mixtures(typed: str, first: str) -> None:
    assert matches(typed, HOUSE)[0] == first


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("曾国藩", ("zeng", "ceng", "zgf")),
        ("单雄信", ("shan", "dan", "sxx")),
        ("仇英", ("qiu", "chou", "qy")),
        ("解缙", ("xie", "jie", "xj")),
        ("查良镛", ("zha", "cha", "zly")),
        ("区大相", ("ou", "qu", "odx")),
        ("朴正", ("piao", "pu", "pz")),
        ("尉迟恭", ("yuchi", "weichi", "wcg")),
        ("任我行", ("ren", "rwx")),
        ("盖聂", ("ge", "gai", "gn")),
        ("万俟卨", ("moqi", "wanqi")),
    ],
)
def test_a_surname_is_found_by_every_reading_it_has(name: str, readings: tuple[str, ...]) -> None:
    assert all(matches(typed, {"p": name}) == ["p"] for typed in readings)


def test_the_same_name_comes_first_then_beginnings_then_what_lies_further_on() -> None:
    names = {"a": "张李", "b": "李", "c": "李娜", "d": "黎明", "e": "王"}
    assert matches("李", names) == ["b", "c", "a"]
    assert matches("li", names)[-1] == "a"
    assert "e" not in matches("li", names)


def test_a_list_is_sorted_as_it_is_read() -> None:
    assert matches("", {"a": "赵六", "b": "李四", "c": "Chen Jing", "d": "安七"}) == ["d", "c", "b", "a"]


def test_every_word_must_fit() -> None:
    assert matches("wang guo", HOUSE) == ["wang"]
    assert not matches("wang na", HOUSE)


def test_an_empty_query_finds_everybody_by_name_and_signs_alone_nobody() -> None:
    assert matches("  ", {"x": "b", "y": "a"}) == ["y", "x"]
    assert not matches("·…!", HOUSE)


def test_an_id_is_found_too() -> None:
    assert matches("v-17", {"v-17": "Anna", "v-18": "Berta"}) == ["v-17"]


def test_a_long_name_and_a_long_query_take_no_longer() -> None:
    assert not matches("a" * 63 + "b", {"p": "aaaa " * 40})
    assert matches("a" * 60, {"p": "aaaa " * 40}) == ["p"]


@given(
    st.text(max_size=30), st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=12), max_size=4)
)
def test_whatever_is_typed_only_people_are_found_each_once(typed: str, names: dict[str, str]) -> None:
    found = matches(typed, names)
    assert len(found) == len(set(found))
    assert set(found) <= set(names)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=4))
def test_everybody_is_found_by_their_own_name(name: str) -> None:
    assert matches(name, {"p": name}) == ["p"]
