"""One question to a time server, and whether its answer can be believed (RFC 5905, RFC 4330).

Rule 1: an answer counts only when it echoes the random number of our question: nobody off the path can
guess it, and it tells the server nothing about our clock.
Rule 2: this file has no clock and no socket.
Rule 3: what is unsynchronised, refusing, too uncertain or absurd is an error with a reason, never a time.
"""

import secrets
from dataclasses import dataclass

import ntplib

SIZE = 48
MAX_DISTANCE_S = 1.0  # RFC 5905, MAXDIST: half the way there and back, and what the server admits
EARLIEST_S = 1_577_836_800  # 2020-01-01: no honest source says earlier
_ERA_S = 2**32


class TimeRefusedError(Exception):
    """The answer is no time. ``kiss`` is the server's code when it asks to be left alone (RFC 5905, 7.4)."""

    def __init__(self, why: str, kiss: str = "") -> None:
        super().__init__(why)
        self.kiss = kiss


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server's clock says at the moment its answer arrived, and how far that may be off."""

    wall_ms: int
    error_ms: int


def question() -> bytes:
    """A client packet whose transmit timestamp is a random number."""
    packet: bytes = ntplib.NTPPacket(version=4, mode=3).to_data()
    return packet[: SIZE - 8] + secrets.token_bytes(8)


def answers(asked: bytes, data: bytes) -> bool:
    """Whether a packet is an answer to this question; anything else is to be ignored."""
    return len(data) >= SIZE and secrets.compare_digest(data[24:32], asked[40:48])


def judge(asked: bytes, data: bytes, round_trip_s: float) -> Answer:
    """The time in an answer that took ``round_trip_s`` to come.

    Raises TimeRefusedError when it cannot be believed.
    """
    if not answers(asked, data):
        raise TimeRefusedError("the answer is not to our question")
    packet = ntplib.NTPPacket()
    packet.from_data(data)
    _check_header(packet)
    if not packet.recv_timestamp or not packet.tx_timestamp:
        # RFC 5905, 6: zero is no time at all, also in the second it stands for in 2036.
        raise TimeRefusedError("it has no time")
    received, sent = _unix(packet.recv_timestamp), _unix(packet.tx_timestamp)
    on_the_way = round_trip_s - (sent - received)
    if sent < received or on_the_way < -0.001:
        raise TimeRefusedError("its timestamps contradict each other")
    if min(received, sent) < EARLIEST_S:
        raise TimeRefusedError("the time is before 2020")
    half = max(0.0, on_the_way) / 2
    error = half + packet.root_delay / 2 + packet.root_dispersion
    if error > MAX_DISTANCE_S:
        raise TimeRefusedError(f"the time is only good to {error:.1f} s")
    return Answer(round((sent + half) * 1000), max(1, round(error * 1000)))


def _check_header(packet: ntplib.NTPPacket) -> None:
    if packet.mode != 4 or packet.version not in {3, 4}:
        raise TimeRefusedError(f"not a server's answer (version {packet.version}, mode {packet.mode})")
    if packet.stratum == 0:
        code = packet.ref_id.to_bytes(4, "big").decode("ascii", "replace").strip("\0")
        raise TimeRefusedError(f"the server refuses ({code!a})", kiss=code)
    if packet.stratum > 15 or packet.leap == 3:
        raise TimeRefusedError("the server's own clock is not synchronised")


def _unix(ntp_s: float) -> float:
    # RFC 4330, 3: without the top bit the seconds count from 2036-02-07, the second era.
    era = _ERA_S if ntp_s < _ERA_S / 2 else 0
    return float(ntplib.ntp_to_system_time(ntp_s)) + era
