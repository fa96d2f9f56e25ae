import ntplib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.sntp import EARLIEST_S, Answer, TimeRefusedError, answers, judge, question

UNIX_2026 = 1_772_413_200
NTP_1900 = 2_208_988_800


def reply(asked: bytes, unix_s: float, **fields: float) -> bytes:
    packet = ntplib.NTPPacket(version=4, mode=4)
    packet.stratum = 1
    packet.recv_timestamp = packet.tx_timestamp = (unix_s + NTP_1900) % 2**32
    for name, value in fields.items():
        setattr(packet, name, value)
    data: bytes = packet.to_data()
    return data[:24] + asked[40:48] + data[32:]


def test_a_question_is_a_version_4_client_packet_that_tells_nothing() -> None:
    asked = question()
    assert len(asked) == 48
    # LI 0, VN 4, Mode 3 (RFC 5905, figure 8), and nothing but the random number.
    assert asked[0] == 0b00_100_011
    assert asked[1:40] == bytes(39)
    assert asked[40:] != question()[40:]


def test_the_time_is_that_of_the_answers_arrival() -> None:
    asked = question()
    assert judge(asked, reply(asked, UNIX_2026), 0.2) == Answer(UNIX_2026 * 1000 + 100, 100)


def test_the_servers_own_time_between_receiving_and_sending_is_not_on_the_way() -> None:
    asked = question()
    data = reply(asked, UNIX_2026, recv_timestamp=UNIX_2026 + NTP_1900 - 1)
    assert judge(asked, data, 1.5) == Answer(UNIX_2026 * 1000 + 250, 250)


def test_the_error_holds_what_the_server_admits() -> None:
    asked = question()
    data = reply(asked, UNIX_2026, root_delay=0.25, root_dispersion=0.125)
    assert judge(asked, data, 0.0).error_ms == 250


@pytest.mark.parametrize("unix_s", [EARLIEST_S, 2_085_978_495, 2_085_978_497, 4_000_000_000])
def test_the_second_era_begins_in_2036(unix_s: int) -> None:
    asked = question()
    assert judge(asked, reply(asked, unix_s), 0.0).wall_ms == unix_s * 1000


def test_a_time_before_2020_is_none() -> None:
    asked = question()
    with pytest.raises(TimeRefusedError, match="before 2020"):
        judge(asked, reply(asked, EARLIEST_S - 1), 0.0)


def test_zero_is_no_time() -> None:
    asked = question()
    for field in ("recv_timestamp", "tx_timestamp"):
        with pytest.raises(TimeRefusedError, match="has no time"):
            judge(asked, reply(asked, UNIX_2026, **{field: 0}), 0.0)


def test_a_slow_way_makes_a_time_useless() -> None:
    asked = question()
    with pytest.raises(TimeRefusedError, match=r"only good to 1\.5 s"):
        judge(asked, reply(asked, UNIX_2026), 3.0)


def test_a_kiss_carries_its_code() -> None:
    asked = question()
    with pytest.raises(TimeRefusedError) as refused:
        judge(asked, reply(asked, UNIX_2026, stratum=0, ref_id=int.from_bytes(b"RSTR", "big")), 0.0)
    assert refused.value.kiss == "RSTR"


@given(st.binary(max_size=100))
def test_no_bytes_are_a_time_without_our_number(data: bytes) -> None:
    asked = question()
    assert not answers(asked, data)
    with pytest.raises(TimeRefusedError):
        judge(asked, data, 0.0)


@given(st.binary(min_size=48, max_size=60), st.floats(0, 2))
def test_any_bytes_with_our_number_are_a_possible_time_or_refused(data: bytes, round_trip_s: float) -> None:
    asked = question()
    data = data[:24] + asked[40:48] + data[32:]
    try:
        answer = judge(asked, data, round_trip_s)
    except TimeRefusedError:
        return
    assert answer.wall_ms >= EARLIEST_S * 1000
    assert 1 <= answer.error_ms <= 1000
