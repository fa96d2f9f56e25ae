"""A camera and its thread, at cameras that do everything wrong and then behave again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import monotonic

from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.mjpeg import MjpegSender
from firmware_shims.cameras.scene import Scene
from firmware_shims.cameras.sender import LOST
from hardware.cameras.address import Address
from hardware.cameras.capture import Camera, Patience
from hardware.cameras.jpeg import Limits, decoded
from hardware.cameras.masks import GREY
from hardware.cameras.ring import Ring
from hardware.cameras.stream import Timeouts
from tests.cameras.senders import HEAD, LONG_S, QUICK, Peer, Watched, Wire, part

SHARES = (
    ("http", ("flood", "stall", "rst")),
    ("http", ("half", "forged", "gigantic_length", "drip")),
    ("http", ("garbage", "garbage_jpeg", "truncated", "gigantic_header", "huge")),
    ("http", ("silent", "error", "playlist", "redirect", "lost")),
    # Those that differ from the same over HTTP in what arrives.
    ("rtsp", ("stall", "garbage", "garbage_jpeg", "rst", "silent", "lost")),
    ("rtsp", ("flood", "huge")),
)
FAULTS = {"lost", "ended", "stalled", "broken", "too_big", "flooding"}
WatchedMaker = Callable[..., Watched]


def test_a_good_camera_fills_its_ring_at_the_configured_rate(
    watched: WatchedMaker, jpegs: list[bytes]
) -> None:
    door = watched(lambda peer: peer.stream(jpegs, per_second=40), per_second=10)
    health = door.until(lambda health: health.ring_s > 1)
    assert health.state == "good"
    assert health.why == ""
    assert (health.reconnects, health.refused) == (0, 0)
    assert health.age_s is not None
    times = [one.at for one in door.ring._frames]
    # Thinned, never above the rate by more than the one picture that came half a period early.
    assert len(times) <= 10 * (times[-1] - times[0]) + 2
    assert all(one.jpeg in jpegs for one in door.ring._frames)


def test_a_picture_is_there_for_whoever_is_told_of_it(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    door = watched(lambda peer: peer.stream(jpegs))
    door.becomes("good")
    now = monotonic()
    told = Event()
    door.ring.tell = told.set
    assert told.wait(LONG_S)
    frame = door.ring.first(now)
    assert frame is not None
    assert now <= frame.at <= monotonic()


def test_a_camera_of_which_a_share_is_kept_is_thinned_and_the_rest_counts_as_missed(
    watched: WatchedMaker, jpegs: list[bytes]
) -> None:
    door = watched(lambda peer: peer.stream(jpegs, per_second=20), per_second=20)
    door.becomes("good")
    door.camera.kept = 0.25
    begun = monotonic()
    door.until(lambda _: door.ring.counts(begun, monotonic()).seen >= 15)
    seen = door.ring.counts(begun, monotonic())
    assert seen.missed > seen.seen


def test_nothing_unmasked_is_ever_ringed(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    door = watched(lambda peer: peer.stream(jpegs), masks=((0, 0, 500, 500),))
    door.until(lambda health: health.ring_bytes > 40_000)
    for frame in list(door.ring._frames):
        assert frame.masked
        assert abs(decoded(frame.jpeg)[:40, :72].astype(int) - GREY).max() <= 2


def test_a_camera_that_closes_is_opened_again_and_again(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    door = watched(lambda peer: peer.stream(jpegs, times=3))
    door.until(lambda health: health.reconnects >= 3)
    assert door.becomes("ended").why == "has ended the stream"


def test_a_stalled_camera_is_told_while_its_thread_is_stuck_in_reading(
    watched: WatchedMaker, jpegs: list[bytes]
) -> None:
    def serve(peer: Peer) -> None:
        peer.stream(jpegs, times=5)
        peer.wait()

    slow = Patience(timeouts=Timeouts(open_s=4, read_s=LONG_S), fault_after_s=0.3)
    door = watched(serve, patience=slow)
    assert door.becomes("stalled").reconnects == 0
    assert door.camera._thread.is_alive()
    door.wire.stop()


def test_a_stop_in_the_middle_of_reading_waits_as_told_and_takes_no_more_pictures(
    watched: WatchedMaker, jpegs: list[bytes]
) -> None:
    going_on = Event()

    def serve(peer: Peer) -> None:
        peer.stream(jpegs, times=5)
        going_on.wait(LONG_S)
        peer.stream(jpegs)

    door = watched(serve, patience=Patience(timeouts=Timeouts(open_s=4, read_s=LONG_S)))
    door.until(lambda health: health.ring_bytes > 0)
    Event().wait(0.4)
    assert not door.camera.stop(0.05)
    held = door.ring.newest()
    going_on.set()
    assert door.camera.stop(LONG_S)
    assert door.ring.newest() == held
    assert door.camera.health().state == "stopped"


def test_a_server_that_never_answers_is_lost(watched: WatchedMaker) -> None:
    door = watched(Peer.wait)
    assert door.becomes("lost").age_s is None
    assert door.until(lambda _: len(door.wire.asked) > 1)


def test_a_flood_is_cut_off_and_bounded_and_tried_again(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    good = Event()

    def serve(peer: Peer) -> None:
        if good.is_set():
            peer.stream(jpegs)
        peer.send(HEAD)
        while not peer.over.is_set():
            peer.send(b"".join(part(one) for one in jpegs))

    door = watched(serve, per_second=5)
    door.becomes("flooding")
    assert len(door.ring) <= 30
    good.set()
    assert door.becomes("good").reconnects >= 1


def test_pictures_too_large_are_told_and_never_ringed(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    large = jpegs[0][:-2] + bytes(9000) + b"\xff\xd9"
    door = watched(lambda peer: peer.stream([large]), limits=Limits(bytes=9000))
    assert door.becomes("too_big").refused >= 3
    assert len(door.ring) == 0


def test_now_and_then_a_broken_picture_is_no_fault(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    door = watched(lambda peer: peer.stream([*jpegs[:3], b"hello"]))
    health = door.until(lambda health: health.refused >= 3)
    assert (health.state, health.reconnects) == ("good", 0)


def test_forged_pictures_are_found_by_sampling(watched: WatchedMaker, jpegs: list[bytes]) -> None:
    forged = [one[: len(one) // 2] + b"\xff\xd9" for one in jpegs]
    door = watched(lambda peer: peer.stream(forged))
    assert door.becomes("broken").ring_bytes == 0


def test_no_health_tells_a_secret_or_an_address(wire: Callable[[Callable[[Peer], None]], Wire]) -> None:
    refuse = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=a\r\nContent-Length: 0\r\n\r\n"
    there = wire(lambda peer: peer.send(refuse))
    address = Address.parsed(there.url(), "li", "hushhush")
    camera = Camera("door", address, Ring(1, 1 << 20, 5), patience=QUICK)
    camera.start()
    door = Watched(camera, there)
    health = door.becomes("lost")
    assert camera.stop()
    shown = f"{health} {camera!r} {address!r} {vars(camera)}"
    assert "hushhush" not in shown
    assert "127.0.0.1" not in str(health)


def test_a_camera_that_was_not_started_has_nothing_to_stop(jpegs: list[bytes]) -> None:
    camera = Camera("door", Address.parsed("http://127.0.0.1:1/"), Ring(1, 1 << 20, 5))
    assert camera.health().state == "starting"
    assert camera.stop()


@contextmanager
def looking_at(shim: CameraShim) -> Iterator[Watched]:
    camera = Camera("door", Address.parsed(shim.url), Ring(5, 4 << 20, 10), patience=QUICK)
    camera.start()
    yield Watched(camera, None)  # type: ignore[arg-type]
    assert camera.stop()


def test_whatever_a_camera_does_wrong_ends_in_a_fault_and_it_comes_back() -> None:
    """Several at once, each through some faults, one after the other: each meets what the last one left."""
    assert {fault for scheme, share in SHARES if scheme == "http" for fault in share} == {
        *MjpegSender.faults,
        LOST,
    }
    with ThreadPoolExecutor(len(SHARES)) as threads:
        for _ in threads.map(goes_through, SHARES):
            pass


def goes_through(share: tuple[str, tuple[str, ...]]) -> None:
    scheme, faults = share
    make = Make(size=(320, 184), fps=10, scheme=scheme)
    with CameraShim("door", Scene(), make) as shim, looking_at(shim) as looking:
        looking.becomes("good")
        _each_fault(shim, looking, faults)


def _each_fault(shim: CameraShim, looking: Watched, faults: tuple[str, ...]) -> None:
    for fault in faults:
        shim.fault(fault)
        health = looking.becomes(*FAULTS)
        assert health.why, fault
        assert health.ring_bytes <= looking.ring.most_bytes
        shim.back()
        looking.becomes("good")
        newest = looking.ring.newest()
        assert newest is not None
        decoded(newest.jpeg)
