"""Cameras that want more of us than to be looked at: files, other machines, memory, passwords.

Each look happens in a process of its own, as the restrictions are those of a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cameras import rtsp
from tests.cameras.senders import HEAD, Peer, Wire, part

WireMaker = Callable[[Callable[[Peer], None]], Wire]
OURS = """
import json, resource, sys
from hardware.cameras.address import Address
from hardware.cameras.jpeg import JpegError
from hardware.cameras.libraries import opencv
from hardware.cameras.stream import Stream, StreamError, Timeouts
opencv()
before, good, refused, why = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0, 0, ""
try:
    stream = Stream(Address.parsed(sys.argv[1], "li", "hushhush"), timeouts=Timeouts(1.5, 1.0))
    while good < 5 and refused < 20:
        at = stream.grab()
        try:
            stream.picture(at)
            good += 1
        except JpegError:
            refused += 1
except StreamError as error:
    why = error.why
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"why": why, "good": good, "refused": refused, "grown_kb": grown}))
"""
BOUND_KB = 260_000
PLAIN = """
import sys, cv2
parameters = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 1500, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 1000]
cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG, parameters).read()
"""


@dataclass(frozen=True)
class Looked:
    why: str
    good: int
    refused: int
    grown_kb: int
    printed: bytes


def run(program: str, url: str) -> subprocess.CompletedProcess[bytes]:
    root = Path(__file__).parent.parent.parent
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENCV")}
    command = [sys.executable, "-c", program, url]
    return subprocess.run(command, cwd=root, env=clean, capture_output=True, timeout=60, check=False)


def look(url: str) -> Looked:
    done = run(OURS, url)
    assert done.returncode == 0, done.stderr
    return Looked(**json.loads(done.stdout.splitlines()[-1]), printed=done.stderr)


def answer(body: bytes, kind: bytes) -> Callable[[Peer], None]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
    return lambda peer: peer.send(head + body)


def playlist(url: str) -> bytes:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n".encode()


def redirect(url: str) -> Callable[[Peer], None]:
    text = f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
    return lambda peer: peer.send(text.encode())


LURES: dict[str, Callable[[str], Callable[[Peer], None]]] = {
    "playlist": lambda url: answer(playlist(url), b"application/vnd.apple.mpegurl"),
    "redirect": redirect,
}


@pytest.mark.parametrize("lure", sorted(LURES))
def test_a_camera_cannot_send_us_to_another_machine(wire: WireMaker, jpegs: list[bytes], lure: str) -> None:
    inner = wire(lambda peer: peer.stream(jpegs))
    there = wire(LURES[lure](inner.url(path="/inner.ts")))
    assert look(there.url(path="/video.m3u8")).why == "lost"
    assert there.asked
    assert not inner.asked
    run(PLAIN, there.url(path="/video.m3u8"))
    assert inner.asked, "without our restrictions it does send us there"


def test_a_camera_cannot_send_us_to_another_machine_by_rtsp(wire: WireMaker) -> None:
    inner = wire(lambda peer: rtsp.describe(peer, rtsp.MPEG4))
    there = wire(lambda peer: rtsp.describe(peer, b"", moved=inner.url("rtsp").encode()))
    assert look(there.url("rtsp")).why == "lost"
    assert not inner.asked
    run(PLAIN, there.url("rtsp"))
    assert inner.asked, "without our restrictions it does send us there"


@pytest.mark.parametrize(
    "scheme", ["file://", "", "concat:", "subfile,,start,0,end,0,,:", "data:image/jpeg;base64,"]
)
@pytest.mark.parametrize("lure", sorted(LURES))
def test_a_camera_cannot_make_us_read_files(
    wire: WireMaker, jpegs: list[bytes], tmp_path: Path, lure: str, scheme: str
) -> None:
    secret = tmp_path / "secret.mjpeg"
    secret.write_bytes(HEAD.split(b"\r\n\r\n")[1] + b"".join(part(one) for one in jpegs))
    there = wire(LURES[lure](f"{scheme}{secret}"))
    looked = look(there.url(path="/video.m3u8"))
    assert (looked.why, looked.good) == ("lost", 0)


@pytest.mark.parametrize(
    "body",
    [
        b"ffconcat version 1.0\nfile {}\n",
        b"<?xml version='1.0'?><MPD><BaseURL>{}</BaseURL></MPD>",
        b"v=0\r\n",
    ],
)
def test_lists_of_other_kinds_are_no_camera(wire: WireMaker, jpegs: list[bytes], body: bytes) -> None:
    inner = wire(lambda peer: peer.stream(jpegs))
    there = wire(answer(body.replace(b"{}", inner.url().encode()), b"text/plain"))
    assert look(there.url()).why == "lost"
    assert not inner.asked


def test_a_picture_of_gigabytes_takes_bounded_memory(wire: WireMaker, jpegs: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        peer.stream(jpegs, times=4)
        peer.send(part(b"\xff\xd8", 2_000_000_000)[:-2])
        for _ in range(1900):
            peer.send(bytes(1 << 20))

    looked = look(wire(serve).url())
    assert looked.good >= 1
    assert looked.why in ("ended", "stalled")
    assert looked.grown_kb < BOUND_KB


def test_a_picture_without_an_end_takes_bounded_memory(wire: WireMaker, jpegs: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        peer.stream(jpegs, times=4)
        peer.send(b"--b\r\nContent-Type: image/jpeg\r\n\r\n")
        for _ in range(1900):
            peer.send(b"\xff\xd8" + bytes(1 << 20))

    looked = look(wire(serve).url())
    assert looked.why in ("ended", "stalled")
    assert looked.grown_kb < BOUND_KB


def test_a_picture_of_billions_of_pixels_takes_no_memory(wire: WireMaker, jpegs: list[bytes]) -> None:
    at = jpegs[0].index(b"\xff\xc0")
    claims = jpegs[0][: at + 5] + b"\xff\xdc\xff\xdc" + jpegs[0][at + 9 :]
    looked = look(wire(lambda peer: peer.stream([jpegs[0], claims, claims], per_second=100)).url())
    assert looked.good == 5
    assert looked.refused >= 8
    assert looked.grown_kb < 60_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return rtsp.mpeg4(tmp_path_factory.mktemp("large"), 1, 6000, 6000)


@pytest.mark.parametrize("begin", ["large", "small"])
def test_a_video_of_too_many_pixels_is_not_begun_and_takes_bounded_memory(
    wire: WireMaker, tmp_path: Path, large: list[bytes], begin: str
) -> None:
    small = rtsp.mpeg4(tmp_path, 1) * 4 if begin == "small" else []

    def serve(peer: Peer) -> None:
        rtsp.describe(peer, rtsp.MPEG4)
        stream = rtsp.Rtp(peer, 96)
        for frame in small:
            stream.send(rtsp.pieces(frame))
            peer.wait(0.05)
        while True:
            stream.send(rtsp.pieces(large[0]))
            peer.wait(0.2)

    looked = look(wire(serve).url("rtsp"))
    # A stream that grows later is scaled to what it was when it began.
    assert (looked.good == 0) == (begin == "large")
    assert looked.grown_kb < BOUND_KB


def test_nothing_is_printed_whatever_happens(wire: WireMaker, jpegs: list[bytes]) -> None:
    forged = jpegs[0][: len(jpegs[0]) // 2]
    wires = [
        wire(lambda peer: peer.stream([forged, b"hello", jpegs[0]], per_second=50, times=20)),
        wire(lambda peer: peer.send(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=a\r\n\r\n")),
        wire(Peer.wait),
        wire(redirect("file:///etc/hostname")),
        wire(lambda peer: rtsp.describe(peer, b"m=video nonsense\r\n")),
    ]
    urls = [there.url("rtsp" if turn == 4 else "http") for turn, there in enumerate(wires)]
    with ThreadPoolExecutor(len(urls)) as threads:
        assert [looked.printed for looked in threads.map(look, urls)] == [b""] * len(urls)


def test_a_proxy_of_the_environment_sees_no_camera(
    wire: WireMaker, jpegs: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, proxy = wire(lambda peer: peer.stream(jpegs)), wire(lambda peer: peer.stream(jpegs))
    monkeypatch.setenv("http_proxy", proxy.url(path=""))
    monkeypatch.delenv("no_proxy", raising=False)
    assert look(there.url()).good == 5
    assert there.asked
    assert not proxy.asked
