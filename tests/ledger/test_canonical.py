"""The canonical spelling: everything comes back, and nothing has a second spelling.

Oracle: rfc8785 (Trail of Bits); vectors: RFC 8785 sections 3.2.2.2 and 3.2.3.
"""

import json
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import EntryRefused, NotCanonical
from controller.ledger.canonical import INTEGER_LIMIT, LIMIT, decode, encode

patiently = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a loaded machine is no fault

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-INTEGER_LIMIT, INTEGER_LIMIT) | text
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
entries = st.dictionaries(text, values, max_size=6)


@patiently
@given(entries)
def test_an_entry_comes_back_and_its_spelling_is_that_of_rfc8785(entry: dict[str, object]) -> None:
    body = encode(entry)
    assert body == rfc8785.dumps(entry)  # type: ignore[arg-type]
    assert decode(body) == entry


def test_every_character_is_spelt_as_rfc8785_spells_it() -> None:
    for first in range(0, 0x11000, 0x1000):
        sign = [chr(code) for code in range(first, first + 0x1000) if not 0xD800 <= code < 0xE000]
        entry = {f"a{character}": character for character in sign}
        assert encode(entry) == rfc8785.dumps(entry)
        assert decode(encode(entry)) == entry


def test_strings_are_escaped_as_in_rfc_8785_section_3_2_2_2() -> None:
    body = encode({"string": '€$\x0f\nA\'B"\\\\"/'})
    assert body == b'{"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert encode(decode(body)) == body


def test_names_are_sorted_as_in_rfc_8785_section_3_2_3() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "ö"]
    body = encode(dict.fromkeys(names, 0))
    assert list(decode(body)) == ["\r", "1", "\x80", "ö", "\u20ac", "\U0001f600", "\ufb33"]


def test_names_sorted_by_code_point_are_a_second_spelling() -> None:
    with pytest.raises(NotCanonical):
        decode('{"\ufb33":0,"\U0001f600":0}'.encode())


@patiently
@given(entries, st.data())
def test_other_spellings_of_the_same_entry_are_refused(entry: dict[str, object], data: st.DataObject) -> None:
    spelling = data.draw(
        st.sampled_from(
            [
                json.dumps(entry, ensure_ascii=True, separators=(",", ":"), sort_keys=True),
                json.dumps(entry, ensure_ascii=False, separators=(", ", ":")),
                json.dumps(entry, ensure_ascii=False, separators=(",", ": ")),
                json.dumps(
                    dict(sorted(entry.items(), reverse=True)), ensure_ascii=False, separators=(",", ":")
                ),
                encode(entry).decode() + "\n",
            ]
        )
    ).encode()
    if spelling != encode(entry):
        with pytest.raises(NotCanonical):
            decode(spelling)


@patiently
@given(entries, st.data())
def test_every_changed_byte_is_refused_or_is_another_entry(
    entry: dict[str, object], data: st.DataObject
) -> None:
    body = bytearray(encode(entry))
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        other = decode(bytes(body))
    except NotCanonical:
        return
    assert encode(other) == bytes(body)
    assert other != entry


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b"{",
        b"{}{}",
        b" {}",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\u0061"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u000A"}',
        b'{"a":"\\u000a"}',
        b'{"a":"\x01"}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\xc0\xaf"}',
        b'{"b":1,"a":1}',
        b'{"a":1,}',
        b'{"a":' * 60_000,
        b"[" * 65_535,
    ],
)
def test_bytes_that_are_not_the_one_spelling_are_refused(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(body)


@pytest.mark.parametrize(
    "value",
    [0.0, 1.5, float("nan"), b"bytes", {1, 2}, {1: "a"}, object(), 2**53, -(2**53), "\ud800", {"\udfff": 1}],
)
def test_values_without_a_safe_spelling_are_refused(value: object) -> None:
    with pytest.raises(EntryRefused):
        encode({"deep": [{"value": value}]})


def test_an_entry_that_contains_itself_is_refused() -> None:
    entry: dict[str, object] = {}
    entry["self"] = entry
    with pytest.raises(EntryRefused, match="inside each other"):
        encode(entry)


def test_sixteen_objects_and_lists_inside_each_other_are_kept_and_seventeen_refused() -> None:
    entry: dict[str, object] = {"many": [[], {}] * 20}
    for _ in range(13):
        entry = {"deeper": entry}
    assert decode(encode(entry)) == entry
    with pytest.raises(EntryRefused, match="16 objects"):
        encode({"deeper": entry})
    with pytest.raises(NotCanonical, match="16 objects"):
        decode(b'{"deeper":' + encode(entry) + b"}")


def test_words_of_an_enum_and_tuples_are_spelt_as_plain_values() -> None:
    class Kind(StrEnum):
        GRANTED = "granted"

    assert encode({"kind": Kind.GRANTED, "who": ("li", "wang")}) == b'{"kind":"granted","who":["li","wang"]}'


def test_an_entry_has_at_most_65_535_bytes() -> None:
    room = LIMIT - len(b'{"a":""}')
    assert decode(encode({"a": "x" * room})) == {"a": "x" * room}
    with pytest.raises(EntryRefused, match="65536 bytes"):
        encode({"a": "x" * (room + 1)})
    with pytest.raises(NotCanonical, match="65536 bytes"):
        decode(b'{"a":"' + b"x" * (room + 1) + b'"}')
