import pytest

from controller.toml_text import DEEPEST, LONGEST_LINE, LONGEST_TEXT, MOST_DOTS, is_deep, parse


def told(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.key) for fault in parse(text, "site.toml").faults]


def test_valid_toml_is_what_tomllib_reads() -> None:
    parsed = parse('[site]\nname = "x"\n', "site.toml")
    assert parsed.table == {"site": {"name": "x"}}
    assert parsed.lines[("site", "name")] == 2
    assert parsed.faults == ()


def test_every_statement_that_is_no_toml_is_told_and_the_others_are_read() -> None:
    text = '[a]\nb = yes\nc = 1\nd "x"\n[e]\nf = "no end\ng = 08:00\nh = 2\nh = 3\n'
    parsed = parse(text, "site.toml")
    assert [(fault.line, fault.key) for fault in parsed.faults] == [
        (2, "a.b"), (4, "a"), (6, "e.f"), (7, "e.g"), (9, "e.h")
    ]  # fmt: skip
    assert parsed.table == {"a": {"c": 1}, "e": {"h": 2}}
    assert parsed.lines[("e", "h")] == 8


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('a = """\nb = 1\nc = 2\n', 1, "a"),
        ("a = 1\nb = '''\nc = 2\n", 2, "b"),
        ("a = [\n  1,\n  2\nb = 3\n", 1, "a"),
        ("a = [\n  1,\n  x,\n]\nb = 3\n", 3, "a"),
        ("a = { b = 1\n", 1, "a"),
        ("a = " + "[" * 1500, 1, "a"),
        ("a = 1\n= 2\n", 2, "(file)"),
        ("[a\nb = 1\n", 1, "a"),
        ("a = 2026-02-30\n", 1, "a"),
        ("a = [\n1,\n]\na = [\n2,\n]\n", 4, "a"),
        ("a = 1\n\x00\n", 2, "(file)"),
    ],
)
def test_a_fault_is_told_where_the_statement_is_that_has_it(text: str, line: int, key: str) -> None:
    assert told(text) == [(line, key)]


def test_keys_under_a_broken_heading_are_not_taken_for_those_of_the_table_above() -> None:
    parsed = parse("[a]\nb = 1\n[c\nd = 2\n[e]\nf = 3\n", "site.toml")
    assert parsed.table == {"a": {"b": 1}, "e": {"f": 3}}


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\n" * (LONGEST_TEXT // 6 + 1),
        'a = "' + "x" * LONGEST_LINE + '"',
        "a." * (MOST_DOTS + 1) + "a = 1",
        "a." * (DEEPEST + 1) + "a = 1",
        "a = " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    ],
    ids=["text", "line", "dots", "dotted", "nested"],
)
def test_what_would_cost_memory_without_end_is_refused(text: str) -> None:
    parsed = parse(text, "site.toml")
    assert parsed.table == {}
    assert len(parsed.faults) == 1


def test_a_comment_may_have_any_number_of_dots() -> None:
    assert told("# " + "." * 200 + "\na = 1\n") == []


def test_depth_is_that_of_tables_and_lists() -> None:
    assert not is_deep({"a": [[{"b": 1}]]})
    deep: object = 1
    for _ in range(DEEPEST):
        deep = [deep]
    assert is_deep({"a": deep})


def test_a_list_with_an_impossible_date_is_not_said_to_have_no_end() -> None:
    (fault,) = parse("days = [2026-10-01, 2026-13-02]\n", "site.toml").faults
    assert fault.problem == "a list is broken off by something else"
    (fault,) = parse("days = [2026-10-01,\n", "site.toml").faults
    assert fault.problem != "a list is broken off by something else"
