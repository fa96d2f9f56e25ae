"""A line of the console is one of the requests, with its fields and no other, or one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.console.lines import REQUESTS, BadLineError, Flag, Mapped, Request, Text, Whole, parsed

SAMPLES: dict[type, Any] = {Text: "x", Flag: True, Whole: 5, Mapped: {"a": 1}}
WRONG: dict[type, Any] = {Text: 5, Flag: "yes", Whole: True, Mapped: ["a"]}


def line_of(said: object) -> bytes:
    return json.dumps(said).encode()


def sample(do: str) -> dict[str, Any]:
    return {"do": do, **{name: SAMPLES[type(row)] for name, row in REQUESTS[do].items()}}


@pytest.mark.parametrize("do", REQUESTS)
def test_every_request_is_understood_with_all_its_fields(do: str) -> None:
    said = sample(do)
    assert parsed(line_of(said)) == Request(do, {name: said[name] for name in REQUESTS[do]})


@pytest.mark.parametrize("do", REQUESTS)
def test_a_field_that_is_not_the_requests_own_is_refused(do: str) -> None:
    for strange in ("by", "second", "via", "proof", "person_id"):
        with pytest.raises(BadLineError, match="no field"):
            parsed(line_of({**sample(do), strange: "zhao"}))


@pytest.mark.parametrize(("do", "name"), [(do, name) for do, spec in REQUESTS.items() for name in spec])
def test_a_field_of_another_type_is_refused(do: str, name: str) -> None:
    with pytest.raises(BadLineError, match=name):
        parsed(line_of({**sample(do), name: WRONG[type(REQUESTS[do][name])]}))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'"who"',
        b'{"do": "open"}',
        b'{"do": 5}',
        b'{"do": "who"}',
        b'{"do": "who", "token": "a", "token": "b"}',
        b'{"do": "who", "token": "\\ud800"}',
        b'{"do": "who", "token": NaN}',
        b'{"do": "who", "token": "\xff"}',
        json.dumps({"do": "who", "token": "x" * 201}).encode(),
        b'{"do": "ask", "token": "t", "ask": "x", "fields": ' + b'{"a":' * 9 + b"1" + b"}" * 9 + b"}",
        b'{"do": "ask", "token": "t", "ask": "x", "fields": {"n": 9007199254740993}}',
    ],
)
def test_what_is_no_request_is_refused_with_a_sentence(line: bytes) -> None:
    with pytest.raises(BadLineError, match=r"."):
        parsed(line)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_refused(line: bytes) -> None:
    with pytest.raises(BadLineError):
        parsed(line)
