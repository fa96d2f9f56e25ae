import socket
from collections.abc import Iterator

import ntplib
import pytest

from firmware_shims.ntp_server import NtpServer

START = 1_772_413_200_000


@pytest.fixture
def server() -> Iterator[NtpServer]:
    with NtpServer(START) as server:
        yield server


def ask(server: NtpServer) -> ntplib.NTPStats:
    return ntplib.NTPClient().request(server.host, version=4, port=server.port, timeout=10)


def test_a_foreign_client_gets_the_time_that_was_set(server: NtpServer) -> None:
    before = server.wall_ms()
    answer = ask(server)
    assert (answer.stratum, answer.mode, answer.version, answer.leap) == (2, 4, 4, 0)
    assert before - 1 <= answer.tx_time * 1000 <= server.wall_ms() + 1
    assert before >= START


def test_it_jumps_both_ways(server: NtpServer) -> None:
    for seconds in (7200, -14400):
        before = server.wall_ms()
        server.jump(seconds)
        assert abs(ask(server).tx_time - (before / 1000 + seconds)) < 300


def test_mute_it_answers_nothing_and_speaks_again(server: NtpServer) -> None:
    server.mute()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.2)
        line.sendto(bytes(48), (server.host, server.port))
        with pytest.raises(TimeoutError):
            line.recv(100)
    assert server.asked == 1
    server.speak()
    assert ask(server).stratum == 2


def test_it_lies_only_in_fields_that_exist(server: NtpServer) -> None:
    server.lie(stratum=7, root_dispersion=0.5)
    answer = ask(server)
    assert (answer.stratum, answer.root_dispersion) == (7, 0.5)
    with pytest.raises(ValueError, match="no such field: colour"):
        server.lie(colour=1)
    server.honest()
    assert ask(server).stratum == 2


def test_a_kiss_has_its_code_in_the_reference(server: NtpServer) -> None:
    server.kiss("RATE")
    answer = ask(server)
    assert (answer.stratum, answer.ref_id.to_bytes(4, "big")) == (0, b"RATE")


def test_what_is_too_short_to_be_a_question_is_not_answered(server: NtpServer) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.2)
        line.sendto(b"time?", (server.host, server.port))
        with pytest.raises(TimeoutError):
            line.recv(100)
    assert ask(server).stratum == 2
