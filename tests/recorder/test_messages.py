"""Both ends of the recorder's line, cut at every byte, and everything that is no message."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.core import events
from recorder.messages import (
    CONDITIONS,
    FROM_CONTROLLER,
    FROM_RECORDER,
    LONGEST_LINE,
    MOST_BYTES,
    BadMessageError,
    Beat,
    CameraHealth,
    CameraSettings,
    Condition,
    FramesSeen,
    FromRecorder,
    Health,
    Hello,
    Incoming,
    Learn,
    Learned,
    Message,
    Messages,
    NoPicture,
    Picture,
    RoomLooks,
    Rooms,
    Said,
    Settings,
    Snapshot,
    Wanted,
    spelled,
)

RECIPIENT = "age1" + "q" * 58
SAID = Said("Bank", "vault", "room_opened", "2026-11-22T06:31:00Z", "good", 17)
PICTURE = Picture(17, "door", -2000, -1987, 1280, 720, True, False, b"sealed\nbytes")
SETTINGS = Settings(
    1,
    "Bank",
    {"door": CameraSettings("http://cam/", 10, 10.0, ((0, 0, 250, 100),), (), "vault", 2.0, 1.0)},
)
ORDERS: tuple[Message, ...] = (
    SETTINGS,
    Snapshot(17, (Wanted("door", -2000), Wanted("door", 0)), 1234.5, SAID, (RECIPIENT,), 2.0),
    Learn(("door",)),
    Rooms({"vault": "empty"}),
    Beat(3),
)
REPORTS: tuple[Message, ...] = (
    Hello(1, 77),
    PICTURE,
    NoPicture(17, "door", 0, "stalled"),
    FramesSeen(17, "door", "now", 20, 1, 230),
    Condition("door", "covered", "black"),
    Learned("door"),
    RoomLooks("door", True),
    Health(3, {"door": CameraHealth(9.9, 40, "back", 1_000_000, 9.8, 0)}, 120.5, 14.0, 0.5),
)


@pytest.fixture
def ends() -> Iterator[tuple[Messages[FromRecorder], socket.socket]]:
    ours, theirs = socket.socketpair()
    messages = Messages(ours, FROM_RECORDER)
    yield messages, theirs
    messages.close()
    theirs.close()


def heard(octets: bytes, kinds: tuple[type[Message], ...], step: int) -> list[Message]:
    incoming, found = Incoming(kinds), []
    for start in range(0, len(octets), step):
        incoming.feed(octets[start : start + step])
        while (message := incoming.taken()) is not None:
            found.append(message)
    return found


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 100_000])
@pytest.mark.parametrize(("kinds", "said"), [(FROM_CONTROLLER, ORDERS), (FROM_RECORDER, REPORTS)])
def test_every_message_is_heard_as_it_was_said_wherever_it_is_cut(
    kinds: tuple[type[Message], ...], said: tuple[Message, ...], step: int
) -> None:
    assert heard(b"".join(map(spelled, said)), kinds, step) == list(said)
    assert {type(message) for message in said} == set(kinds)


def test_conditions_are_the_words_of_the_log() -> None:
    assert CONDITIONS == events.CONDITIONS


def test_the_settings_of_the_line_are_spelled_as_the_line_says() -> None:
    said = json.loads(spelled(SETTINGS))["settings"]
    assert said["version"] == 1
    assert said["cameras"]["door"]["masks"] == [[0, 0, 250, 100]]
    assert set(said) == {
        "version",
        "site",
        "cameras",
        "memory_mb",
        "ring_mb",
        "cpu_percent",
        "picture_bytes",
    }


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"beat":1,"beat":2}',
        b'{"beat":1,"learn":["door"]}',
        b'{"beat":NaN}',
        b'{"beat":true}',
        b'{"beat":-1}',
        b'{"beat":1.0}',
        b'{"beat":9007199254740993}',
        b'{"learn":[]}',
        b'{"learn":["../door"]}',
        b'{"learn":["Door"]}',
        b'{"rooms":{"vault":"full"}}',
        b'{"rooms":{"vault":["empty"]}}',
        b'{"open":"vault"}',
        b'{"hello":{"version":1,"pid":1}}',
        spelled(SETTINGS).replace(b'"version":1', b'"version":2').strip(),
        spelled(SETTINGS).replace(b"[0,0,250,100]", b"[900,0,250,100]").strip(),
        spelled(SETTINGS).replace(b"[0,0,250,100]", b"[0,0,0,100]").strip(),
        spelled(ORDERS[1]).replace(b'"patience_s":2.0', b'"patience_s":1e400').strip(),
        spelled(ORDERS[1]).replace(b'"patience_s":2.0', b'"patience_s":1' + b"0" * 400).strip(),
        spelled(ORDERS[1]).replace(RECIPIENT.encode(), b"age1secret").strip(),
        spelled(ORDERS[1]).replace(b'"site":"Bank"', b'"site":"Ba\\u0000nk"').strip(),
        spelled(ORDERS[1]).replace(b'"site":"Bank"', b'"site":"\\ud800"').strip(),
    ],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    incoming = Incoming(FROM_CONTROLLER)
    incoming.feed(line + b"\n")
    with pytest.raises(BadMessageError):
        incoming.taken()


@pytest.mark.parametrize("size", [b"-1", b"0", b'"9"', b"12.0", str(MOST_BYTES + 1).encode()])
def test_a_size_beyond_the_limit_is_refused_before_its_bytes_come(size: bytes) -> None:
    incoming = Incoming(FROM_RECORDER)
    incoming.feed(spelled(PICTURE).split(b"\n")[0].replace(b'"size":12', b'"size":' + size) + b"\n")
    with pytest.raises(BadMessageError):
        incoming.taken()


def test_a_line_without_an_end_is_refused_at_its_limit() -> None:
    incoming = Incoming(FROM_RECORDER)
    incoming.feed(b" " * (LONGEST_LINE - 1))
    assert incoming.taken() is None
    incoming.feed(b" ")
    with pytest.raises(BadMessageError):
        incoming.taken()


@pytest.mark.parametrize(
    "beyond",
    [
        Beat(-1),
        replace(PICTURE, camera="Door"),
        replace(PICTURE, sealed=bytes(MOST_BYTES + 1)),
        replace(PICTURE, sealed=b""),
        NoPicture(1, "door", 0, "tired"),
        replace(SETTINGS, cameras={f"c{n}": SETTINGS.cameras["door"] for n in range(33)}),
    ],
)
def test_nothing_beyond_the_limits_is_said(beyond: Message) -> None:
    with pytest.raises(BadMessageError):
        spelled(beyond)


@settings(deadline=None)  # other programs may have the processor
@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_to_be_refused(octets: bytes) -> None:
    for kinds in (FROM_CONTROLLER, FROM_RECORDER):
        try:
            heard(octets, kinds, 64)
        except BadMessageError:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)  # other programs may have the processor
@given(st.data())
def test_a_message_with_another_value_in_it_is_refused_or_says_just_that(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(ORDERS))
    said = json.loads(spelled(message))
    inner = said[message.WORD]
    if isinstance(inner, dict):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON)
    else:
        said[message.WORD] = data.draw(JSON)
    incoming = Incoming(FROM_CONTROLLER)
    incoming.feed(json.dumps(said).encode() + b"\n")
    try:
        taken = incoming.taken()
    except BadMessageError:
        return
    assert taken is not None
    assert json.loads(spelled(taken)) == json.loads(json.dumps(said))


def test_a_reader_that_waits_in_vain_keeps_what_has_come(
    ends: tuple[Messages[FromRecorder], socket.socket],
) -> None:
    messages, theirs = ends
    octets = spelled(PICTURE)
    theirs.sendall(octets[:-3])
    assert messages.next(0.01) is None
    theirs.sendall(octets[-3:])
    assert messages.next(5) == PICTURE


def test_a_message_that_never_ends_is_refused_in_time(
    ends: tuple[Messages[FromRecorder], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.messages.line.WHOLE_S", 0.05)
    messages, theirs = ends
    theirs.sendall(spelled(PICTURE)[:-3])
    assert messages.next(0.02) is None
    with pytest.raises(BadMessageError):
        messages.next(5)


def test_the_reader_learns_that_the_other_end_hung_up(
    ends: tuple[Messages[FromRecorder], socket.socket],
) -> None:
    messages, theirs = ends
    theirs.close()
    with pytest.raises(ConnectionError):
        messages.next(5)


def test_what_nobody_takes_ends_the_line(ends: tuple[Messages[FromRecorder], socket.socket]) -> None:
    messages, _ = ends
    with pytest.raises(TimeoutError):
        messages.say(replace(PICTURE, sealed=bytes(MOST_BYTES)), 0.05)
    with pytest.raises(OSError, match="pipe"):
        messages.say(REPORTS[0])


def test_who_speaks_on_a_line_that_was_closed_learns_it(
    ends: tuple[Messages[FromRecorder], socket.socket],
) -> None:
    messages, _ = ends
    messages.close()
    with pytest.raises(ConnectionError):
        messages.say(REPORTS[0])
    messages.hang_up()
