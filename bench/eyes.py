"""``ironroom bench eyes``: from an event to its pictures on the disk, what rings cost, and what doors notice.

Rule: each figure stands beside what this disk, this library or a door without cameras does in the same run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Event

from bench.eyes_world import CAMERAS, FRAMES, RING_S, SIZE, World, cpu_s, world
from bench.figures import Figure, spread, tails
from bench.path import TAPS, Bench, outer_doors, tap
from recorder.bounds import rss_mb

EVENTS = 200
LOOK_S = 20
PAUSE_S = 0.4
BAD = {"door": "stall", "room": "flood", "cabinet": "garbage", "window": "gigantic_length"}
Say = Callable[[str], object]


def measured(
    folder: Path, events: int, say: Say, look_s: float = LOOK_S, taps: int = TAPS
) -> dict[str, Figure]:
    """All figures, of so many events; ``say`` hears what is being measured."""
    say("a door without cameras")
    without = _doors_without(_fresh(folder, "without"), taps)
    figures: dict[str, Figure] = {}
    with world(_fresh(folder, "with")) as eyes:
        say(f"{events} events")
        figures["event_to_disk"] = _event_to_disk(eyes, events, folder)
        say("what rings cost")
        figures |= _rings(eyes, look_s)
        say("doors while cameras are well, and while they lie")
        figures["door_latency_with_stall"] = _doors(eyes, without, taps)
    return figures


def _fresh(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir(mode=0o700)
    return made


def _event_to_disk(eyes: World, events: int, folder: Path) -> Figure:
    """Event to all pictures from before and at it durable, sealed and with thumbnails, of four cameras."""
    dice, samples, late, sizes = Random(7), [], [], []  # noqa: S311 - when events come, not what is secret
    missing = 0
    for _ in range(events):
        spent, told = eyes.photographed()
        missing += len(told.missing)
        samples.append(spent)
        late += [one["taken"] for one in told.pictures if one["moment"] == 0 and not one["thumbnail"]]
        sizes = [one["size"] for one in told.pictures]
        Event().wait(PAUSE_S * dice.random())
    disk = _disk(folder, sizes, min(events, 100))
    counted = {"missing": float(missing), "frame_interval": 1_000 / FRAMES}
    beside = counted | tails(late, "frame_after_event") | tails(disk, "disk_alone")
    return spread(samples, "ms", beside)


def _disk(folder: Path, sizes: list[int], times: int) -> list[float]:
    """What this disk needs to keep as many files of these sizes, each synced, and their folder."""
    spent = []
    where = _fresh(folder, "disk")
    for round_ in range(times):
        begun = time.perf_counter()
        for number, size in enumerate(sizes):
            file = where / f"{round_}-{number}"
            with file.open("xb") as opened:
                opened.write(os.urandom(size))
                opened.flush()
                os.fsync(opened.fileno())
        descriptor = os.open(where, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        spent.append((time.perf_counter() - begun) * 1_000)
    return spent


def _rings(eyes: World, look_s: float) -> dict[str, Figure]:
    """Processor and memory of a recorder with nothing to do but hold pictures ready and look at them."""
    worker, begun, before = eyes.worker, time.monotonic(), cpu_s(eyes.worker)
    Event().wait(look_s)
    percent = (cpu_s(worker) - before) / (time.monotonic() - begun) * 100
    memory = rss_mb(worker)
    peer_cpu, peer_rss = _decoding(list(eyes.cameras.urls.values()), look_s / 2)
    raw = len(CAMERAS) * FRAMES * RING_S * SIZE[0] * SIZE[1] * 3 / 2**20
    rate = sum(one["fps"] for one in eyes.eyes.health()["cameras"])
    return {
        "ring_cpu": Figure(
            "% of a core",
            round(look_s),
            value=percent,
            beside={"decoding": peer_cpu, "frames_a_second": rate},
        ),
        "ring_rss": Figure("MiB", 1, value=memory, beside={"decoding": peer_rss, "raw_ring_computed": raw}),
    }


def _decoding(urls: list[str], seconds: float) -> tuple[float, float]:
    """The same streams read and decoded by OpenCV as usual: percent of a core, and MiB."""
    command = [sys.executable, "-m", "bench.eyes_peer", str(seconds), *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own module
    percent, memory = done.stdout.split()
    return float(percent), float(memory)


def _doors_without(folder: Path, taps: int) -> Figure:
    bench = Bench(outer_doors(), folder)
    bench.begin({"li": {"badges": ["B1"]}})
    samples = [tap(bench) for _ in range(taps)]
    bench.end()
    return spread(samples, "ms")


def _doors(eyes: World, without: Figure, taps: int) -> Figure:
    """Tap to unlock while every camera lies in its own way and the recorder stands still half of the time."""
    well = spread([tap(eyes.bench) for _ in range(taps)], "ms")
    for camera, fault in BAD.items():
        eyes.cameras.tell("fault", camera=camera, fault=fault)
    samples = [tap(eyes.bench) for _ in range(taps)]
    worker = eyes.worker
    os.kill(worker, signal.SIGSTOP)
    try:
        samples += [tap(eyes.bench) for _ in range(taps)]
    finally:
        os.kill(worker, signal.SIGCONT)
    return spread(samples, "ms", without.tails("without_cameras") | well.tails("cameras_well"))
