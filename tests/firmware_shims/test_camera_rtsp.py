"""The RTSP camera, request by request and packet by packet (RFC 2326, RFC 2435)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.eye import Eye
from firmware_shims.cameras.rtp_jpeg import PAYLOAD, interleaved, packets, scan_of
from firmware_shims.cameras.rtsp_requests import MOST, Requests, TooMuchError
from firmware_shims.cameras.scene import Scene

SIZE = (640, 360)
WAIT_S = 20.0
TCP = "Transport: RTP/AVP/TCP;unicast;interleaved=4-5\r\n"


class Client:
    """Asks, and takes packets of frames apart."""

    def __init__(self, camera: CameraShim) -> None:
        where = urlsplit(camera.url)
        self.url = camera.url
        self.socket = socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=WAIT_S)
        self.stream = self.socket.makefile("rb")
        self.count = 0

    def ask(self, method: str, more: str = "") -> tuple[int, dict[str, str], bytes]:
        self.count += 1
        self.socket.sendall(f"{method} {self.url} RTSP/1.0\r\nCSeq: {self.count}\r\n{more}\r\n".encode())
        while (first := self.stream.read(1)) == b"$":
            self._packet()
        status = int((first + self.stream.readline()).split()[1])
        lines = iter(lambda: self.stream.readline().decode().strip(), "")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        assert headers["cseq"] == str(self.count)
        return status, headers, self.stream.read(int(headers.get("content-length", 0)))

    def frame(self) -> list[bytes]:
        """Packets of one frame, as they come."""
        found: list[bytes] = []
        while not found or not found[-1][1] & 0x80:
            assert self.stream.read(1) == b"$"
            found.append(self._packet())
        return found

    def _packet(self) -> bytes:
        _, *size = self.stream.read(3)
        return self.stream.read(int.from_bytes(bytes(size)))

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


@pytest.fixture
def camera() -> Iterator[CameraShim]:
    with CameraShim("door", Scene(), Make(size=SIZE, fps=50, scheme="rtsp")) as camera:
        yield camera


@pytest.fixture
def client(camera: CameraShim) -> Iterator[Client]:
    client = Client(camera)
    yield client
    client.close()


@pytest.fixture
def playing(client: Client) -> Client:
    assert client.ask("SETUP", TCP)[0] == 200
    assert client.ask("PLAY")[0] == 200
    client.frame()
    return client


def test_it_says_what_can_be_asked_and_what_there_is_to_see(client: Client) -> None:
    assert "GET_PARAMETER" in client.ask("OPTIONS")[1]["public"]
    status, headers, body = client.ask("DESCRIBE")
    assert (status, headers["content-type"]) == (200, "application/sdp")
    assert b"m=video 0 RTP/AVP 26\r\na=rtpmap:26 JPEG/90000\r\n" in body


def test_packets_go_into_the_connection_or_nowhere(client: Client) -> None:
    assert client.ask("PLAY")[0] == 454
    assert client.ask("SETUP", "Transport: RTP/AVP;unicast;client_port=5000-5001\r\n")[0] == 461
    assert client.ask("SETUP", TCP)[1]["transport"].endswith("interleaved=4-5")
    assert client.ask("RECORD")[0] == 405


def test_a_frame_is_numbered_packets_with_the_tables_in_the_first(playing: Client) -> None:
    frame = playing.frame()
    numbers = [int.from_bytes(packet[2:4]) for packet in frame]
    assert numbers == list(range(numbers[0], numbers[0] + len(frame)))
    assert len({packet[4:8] for packet in frame}) == 1
    assert [packet[1] >> 7 for packet in frame] == [0] * (len(frame) - 1) + [1]
    assert frame[0][12:24] == bytes((0, 0, 0, 0, 1, 255, SIZE[0] // 8, SIZE[1] // 8, 0, 0, 0, 128))
    at = [int.from_bytes(packet[13:16]) for packet in frame]
    assert at[:3] == [0, PAYLOAD - 132, 2 * PAYLOAD - 132]


def test_while_it_plays_it_answers_and_torn_down_it_ends(playing: Client) -> None:
    assert playing.ask("GET_PARAMETER")[0] == 200
    playing.frame()
    assert playing.ask("TEARDOWN")[0] == 200
    assert playing.stream.read() == b""


def test_what_the_packets_carry_is_the_picture_bit_by_bit() -> None:
    jpeg = Eye(Scene(), "room", SIZE).jpeg(1.0)
    scan = scan_of(jpeg)
    made = list(packets(scan, 65_530, 7))
    assert b"".join(packet[20 + 132 * (n == 0) :] for n, packet in enumerate(made)) == scan.data
    assert scan.tables[:64] in jpeg
    assert scan.tables[64:] in jpeg
    assert jpeg.endswith(scan.data + b"\xff\xd9")
    assert int.from_bytes(made[10][2:4]) == 4


@pytest.mark.parametrize("jpeg", [b"", b"\xff\xd8\xff\xd9", bytes(100)])
def test_what_is_no_picture_is_not_sent(jpeg: bytes) -> None:
    with pytest.raises(ValueError, match="no baseline JPEG"):
        scan_of(jpeg)


def test_half_a_picture_ends_as_if_it_were_whole(camera: CameraShim, playing: Client) -> None:
    whole = sum(map(len, playing.frame()))
    camera.fault("truncated")
    assert any(sum(map(len, playing.frame())) < whole * 0.7 for _ in range(200))


def test_the_largest_sides_can_be_claimed(camera: CameraShim, playing: Client) -> None:
    camera.fault("gigantic_header")
    assert any(playing.frame()[0][18:20] == b"\xff\xff" for _ in range(200))


def test_a_huge_frame_goes_to_the_last_offset(camera: CameraShim, playing: Client) -> None:
    camera.fault("huge")
    assert any(int.from_bytes(playing.frame()[-1][13:16]) > 16_700_000 for _ in range(200))


def test_garbage_is_not_even_a_packet(camera: CameraShim, playing: Client) -> None:
    camera.fault("garbage")
    while (start := playing.stream.read(1)) == b"$":
        playing._packet()
    assert start not in (b"$", b"")


def test_requests_are_the_same_wherever_the_stream_is_cut() -> None:
    stream = (
        b"OPTIONS rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n"
        + interleaved(b"\r\n\r\n$", 1)
        + b"GET_PARAMETER rtsp://a/b RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\n\r\n\r\n"
        + b"TEARDOWN rtsp://a/b RTSP/1.0\r\nCSeq: 3\r\n\r\n"
    )
    for cut in range(len(stream)):
        requests = Requests()
        found = [*requests.take(stream[:cut]), *requests.take(stream[cut:])]
        assert [one.method for one in found] == ["OPTIONS", "GET_PARAMETER", "TEARDOWN"]
        assert [one.headers["cseq"] for one in found] == ["1", "2", "3"]


def test_a_request_that_never_ends_is_the_end() -> None:
    requests = Requests()
    with pytest.raises(TooMuchError):
        list(requests.take(b"OPTIONS " + b"a" * MOST))
