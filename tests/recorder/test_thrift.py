"""Too much CPU thins the frames; when there is enough again they come back."""

from __future__ import annotations

import os

import pytest

from recorder.pulse import BEFORE_SETTINGS_MB, Heard, Pulse
from recorder.thrift import Thrift


def used(thrift: Thrift, share: float, seconds: int, since: int = 0) -> None:
    for second in range(since, since + seconds):
        thrift.note(second + 1.0, thrift_used(since, second + 1, share), 50)


def thrift_used(since: int, now: int, share: float) -> float:
    return (now - since) * share


def test_frames_are_thinned_while_more_than_the_bound_is_used() -> None:
    thrift = Thrift(0.0, 0.0)
    used(thrift, 1.0, 4)
    assert thrift.cpu_percent == pytest.approx(100)
    assert thrift.kept == pytest.approx(0.25)
    used(thrift, 1.0, 40)
    assert thrift.kept >= 0.1


def test_frames_come_back_when_little_is_used() -> None:
    thrift = Thrift(0.0, 0.0)
    used(thrift, 2.0, 10)
    assert thrift.kept < 0.5
    for second in range(10, 60):
        thrift.note(second + 1.0, 20.0 + (second - 9) * 0.1, 50)
    assert thrift.kept == 1.0


def test_within_the_bound_nothing_changes() -> None:
    thrift = Thrift(0.0, 0.0)
    used(thrift, 0.45, 30)
    assert thrift.kept == 1.0


@pytest.mark.parametrize(
    "octets", [b"", b"x\n", b"0\n", b"99999999999\n", b"70000\n", b"-5\n", b"12", b"1.5\n"]
)
def test_what_is_no_pulse_is_not_heard(octets: bytes) -> None:
    ours, theirs = os.pipe()
    heard = Heard(ours)
    os.write(theirs, octets)
    heard.listen(0)
    assert (heard.at, heard.memory_mb) == (0.0, BEFORE_SETTINGS_MB)
    heard.close()
    os.close(theirs)


def test_a_pulse_says_what_may_be_used_and_nobody_waits_for_its_hearer() -> None:
    ours, theirs = os.pipe()
    heard, pulse = Heard(ours), Pulse(theirs)
    for _ in range(40_000):  # more than a pipe holds
        pulse.beat(600)
    while heard.memory_mb != 600:
        heard.listen(0)
    assert heard.at > 0
    heard.close()
    pulse.beat(600)
    os.close(theirs)
