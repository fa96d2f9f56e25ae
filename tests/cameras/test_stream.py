"""Streams that OpenCV opens, from cameras that behave."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from hardware.cameras.address import Address
from hardware.cameras.jpeg import JpegError, Limits, TooBigError, check, decoded
from hardware.cameras.masks import GREY
from hardware.cameras.stream import Stream, StreamError, Timeouts
from tests.cameras import rtsp
from tests.cameras.senders import HEAD, Peer, Wire, drawn, part

Outcomes = set[bytes | type[JpegError]]
WireMaker = Callable[[Callable[[Peer], None]], Wire]
SHORT = Timeouts(open_s=1.5, read_s=1.0)
MASK = ((0, 0, 500, 500),)


def to_its_end(stream: Stream) -> None:
    for _ in range(9):
        stream.grab()


def outcomes(stream: Stream) -> Outcomes:
    found: Outcomes = set()
    for _ in range(6):
        at = stream.grab()
        try:
            found.add(stream.picture(at).jpeg)
        except JpegError as error:
            found.add(type(error))
    return found


def test_pictures_of_an_mjpeg_camera_are_passed_on_byte_for_byte(wire: WireMaker, jpegs: list[bytes]) -> None:
    stream = Stream(wire(lambda peer: peer.stream(jpegs)).address())
    assert stream.as_sent
    before = monotonic()
    frames = [stream.picture(stream.grab()) for _ in range(10)]
    stream.close()
    sent = {sha256(one).digest() for one in jpegs}
    assert {sha256(one.jpeg).digest() for one in frames} == sent
    assert [one.at for one in frames] == sorted(one.at for one in frames)
    assert before <= frames[0].at
    assert frames[-1].at <= monotonic()
    assert {(one.width, one.height, one.masked) for one in frames} == {(160, 96, False)}


def test_pictures_from_before_a_stream_was_open_get_no_later_time(
    wire: WireMaker, jpegs: list[bytes]
) -> None:
    def serve(peer: Peer) -> None:
        peer.send(HEAD + part(jpegs[0]) * 10)
        peer.wait(0.5)
        while True:
            peer.send(part(jpegs[1]))
            peer.wait(0.05)

    stream = Stream(wire(serve).address())
    assert [stream.picture(stream.grab()).jpeg == jpegs[1] for _ in range(3)] == [True] * 3
    stream.close()


def test_a_camera_without_lengths_is_read_by_its_boundaries(wire: WireMaker, jpegs: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        peer.send(HEAD)
        for turn in range(200):
            peer.send(b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + jpegs[turn % 8] + b"\r\n")
            peer.wait(0.02)

    stream = Stream(wire(serve).address())
    assert all(stream.picture(stream.grab()).jpeg in jpegs for _ in range(10))
    stream.close()


def test_what_fills_a_block_after_a_picture_is_no_part_of_it(wire: WireMaker, jpegs: list[bytes]) -> None:
    stream = Stream(wire(lambda peer: peer.stream([one + bytes(100) for one in jpegs])).address())
    assert all(stream.picture(stream.grab()).jpeg in jpegs for _ in range(5))
    stream.close()


def test_nothing_unmasked_leaves_a_masked_stream(wire: WireMaker, jpegs: list[bytes]) -> None:
    stream = Stream(wire(lambda peer: peer.stream(jpegs)).address(), MASK)
    for _ in range(5):
        frame = stream.picture(stream.grab())
        assert frame.masked
        assert abs(decoded(frame.jpeg)[:40, :72].astype(int) - GREY).max() <= 2
    stream.close()


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_camera_that_is_not_there_is_lost(scheme: str) -> None:
    with pytest.raises(StreamError) as error:
        Stream(Address.parsed(f"{scheme}://127.0.0.1:1/video", "li", "hush"))
    assert error.value.why == "lost"
    assert "hush" not in str(error.value)
    assert "127" not in str(error.value)


def test_a_server_that_never_answers_is_given_up_after_its_time(wire: WireMaker) -> None:
    with pytest.raises(StreamError, match="does not answer") as error:
        Stream(wire(Peer.wait).address(), timeouts=Timeouts(open_s=0.5))
    assert error.value.why == "lost"


def test_a_camera_that_closes_has_ended(wire: WireMaker, jpegs: list[bytes]) -> None:
    stream = Stream(wire(lambda peer: peer.stream(jpegs, times=3)).address())
    with pytest.raises(StreamError) as error:
        to_its_end(stream)
    stream.close()
    assert error.value.why == "ended"


def test_a_camera_that_stops_sending_is_stalled(wire: WireMaker, jpegs: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        peer.stream(jpegs, times=3)
        peer.send(part(jpegs[0])[:1500])
        peer.wait()

    stream = Stream(wire(serve).address(), timeouts=SHORT)
    with pytest.raises(StreamError) as error:
        to_its_end(stream)
    stream.close()
    assert error.value.why == "stalled"


def test_a_picture_beyond_the_limits_is_refused_and_the_next_one_is_not(
    wire: WireMaker, jpegs: list[bytes]
) -> None:
    large = jpegs[0][:-2] + bytes(9000) + b"\xff\xd9"
    stream = Stream(wire(lambda peer: peer.stream([jpegs[0], large])).address(), limits=Limits(bytes=9000))
    assert outcomes(stream) == {jpegs[0], TooBigError}
    stream.close()


def test_a_stream_of_too_many_pixels_is_not_begun(wire: WireMaker, jpegs: list[bytes]) -> None:
    with pytest.raises(StreamError, match="160x96") as error:
        Stream(wire(lambda peer: peer.stream(jpegs)).address(), limits=Limits(pixels=160 * 95))
    assert error.value.why == "too_big"


def test_mjpeg_by_rtsp_is_passed_on_without_decoding(wire: WireMaker, jpegs: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        rtsp.describe(peer, rtsp.JPEG)
        stream = rtsp.Rtp(peer, 26)
        while True:
            for jpeg in jpegs:
                stream.send(rtsp.jpeg_pieces(jpeg, 160, 96))
                peer.wait(0.05)

    stream = Stream(wire(serve).address("rtsp"))
    assert stream.as_sent
    pixels = [decoded(one).tobytes() for one in jpegs]
    for _ in range(5):
        frame = stream.picture(stream.grab())
        check(frame.jpeg)
        assert decoded(frame.jpeg).tobytes() in pixels
    stream.close()


def play(frames: list[bytes], refuse: bytes = b"") -> Callable[[Peer], None]:
    def serve(peer: Peer) -> None:
        rtsp.describe(peer, rtsp.MPEG4, refuse)
        stream = rtsp.Rtp(peer, 96)
        while True:
            for frame in frames:
                stream.send(rtsp.pieces(frame))
                peer.wait(0.05)

    return serve


def test_other_codecs_are_decoded_masked_and_encoded(wire: WireMaker, tmp_path: Path) -> None:
    there = wire(play(rtsp.mpeg4(tmp_path, 12)))
    stream = Stream(there.address("rtsp"), MASK)
    assert not stream.as_sent
    for _ in range(4):
        stream.grab()
    frame = stream.picture(stream.grab())
    stream.close()
    seen = decoded(frame.jpeg).astype(int)
    assert (frame.width, frame.height, frame.masked) == (160, 96, True)
    assert abs(seen[:40, :72] - GREY).max() <= 2
    rolled = [
        abs(seen[56:] - np.roll(drawn(1), turn * 2, axis=1)[56:].astype(int)).mean() for turn in range(12)
    ]
    assert min(rolled) < 25 < max(rolled)


@pytest.mark.parametrize("user", ["li", "li@door"])
def test_a_camera_is_told_who_looks_as_it_asks_for(
    wire: WireMaker, jpegs: list[bytes], user: str, tmp_path: Path
) -> None:
    known = b"Authorization: Basic " + b64encode(f"{user}:p:/@ 5".encode()) + b"\r\n"
    refuse = b'WWW-Authenticate: Basic realm="camera"\r\n'

    def serve(peer: Peer) -> None:
        if known in peer.asked:
            peer.stream(jpegs)
        peer.send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n" + refuse + b"\r\n")

    there = wire(serve)
    stream = Stream(Address.parsed(there.url(), user, "p:/@ 5"))
    assert stream.picture(stream.grab()).jpeg in jpegs
    stream.close()
    there = wire(play(rtsp.mpeg4(tmp_path, 3), refuse))
    Stream(Address.parsed(there.url("rtsp"), user, "p:/@ 5")).close()
    assert any(one.startswith(b"DESCRIBE") and known in one for one in there.asked)


def test_by_digest_no_password_crosses_the_wire(wire: WireMaker, jpegs: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        if b"Authorization: Digest" in peer.asked and b'response="' in peer.asked:
            peer.stream(jpegs)
        ask = b'WWW-Authenticate: Digest realm="camera", nonce="abc", algorithm=MD5, qop="auth"\r\n'
        peer.send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n" + ask + b"\r\n")

    there = wire(serve)
    stream = Stream(Address.parsed(there.url(), "li", "hushhush"))
    assert stream.picture(stream.grab()).jpeg in jpegs
    stream.close()
    assert b"hushhush" not in b"".join(there.asked)
    assert b64encode(b"li:hushhush") not in b"".join(there.asked)


def test_what_is_no_picture_is_refused_as_broken(wire: WireMaker, jpegs: list[bytes]) -> None:
    stream = Stream(wire(lambda peer: peer.stream([jpegs[0], b"hello" * 200])).address())
    assert outcomes(stream) == {jpegs[0], JpegError}
    stream.close()


def test_a_camera_of_this_box_that_is_not_there_is_lost() -> None:
    with pytest.raises(StreamError) as error:
        Stream(Address.parsed("v4l2:///dev/video97"))
    assert error.value.why == "lost"
