"""Controller, recorder and cameras, each a process: two people badge, and the pictures lie on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from controller import config
from controller.child import Child
from controller.core.effects import Body
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from firmware_shims.bench import Bench
from recorder.caption import caption_of
from recorder.seal import opened
from tests.forked import ForkedChild
from tests.wires.wired import LONG, SITE, WALL_MS, Wired

# Where a grant waits for its picture the recorder has seconds for it, however busy the box is.
PICTURED = SITE.replace("[room.vault]\n", '[room.vault]\npictures = "required"\npicture_s = 10\n')


class Watched(Wired):
    """A room on wires whose cameras are played too, and that opens only with a picture."""

    def __init__(self, folder: Path) -> None:
        site = config.loads(PICTURED, "test.toml")
        self.plan = site.plan
        self.bench = Bench(site.text, site.addresses, folder, wall_ms=WALL_MS, cameras=site.cameras)
        self.child: Child = ForkedChild(self.bench.site, self.bench.data, self.bench.environment())
        self.log = self.bench.data / "custody.db"

    def recorder_is(self, state: str) -> None:
        """Wait until the recorder is so."""
        self.until(lambda: self.child.tell({"look": "eyes"})["recorder"]["state"] == state, state)


@contextmanager
def recording(line: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The recorder, as its service starts it."""
    command = [sys.executable, "-m", "controller", "recorder", "--line", str(line)]
    with subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
        assert process.wait(LONG) == 0


def test_pictures_of_a_grant_are_on_disk_named_in_the_log_and_open_with_its_keys(tmp_path: Path) -> None:
    with Watched(tmp_path) as room:
        room.founded()
        with recording(room.bench.data / "eyes.sock"):
            room.recorder_is("well")
            room.until(_reaches_back(room), "pictures from before")
            before = room.newest
            room.granted()
            room.until(lambda: bool(_granted(room, before)), "pictures of the grant")
        (entry,) = _granted(room, before)
        ends = {(one["camera"], one["moment"]) for one in (*entry["pictures"], *entry["missing"])}
        assert ends == {(camera, moment) for camera in ("door", "room") for moment in (-2_000, 0)}
        # A frame from before must lie within a quarter of a second; the first one at the event comes.
        assert {one["camera"] for one in entry["pictures"] if one["moment"] == 0} == {"door", "room"}
        assert [one["shot"] for one in room.entries("grant_pictured", after=before)] == [entry["shot"]]
        (snapshot,) = [one for one in room.entries("snapshot") if one["shot"] == entry["shot"]]
        with LogReader(room.log) as reader:
            keys = reader.picture_identities(snapshot["seals"])
        for one in entry["pictures"]:
            sealed = (room.bench.data / "pictures" / one["sha256"]).read_bytes()
            said = caption_of(opened(sealed, keys).picture)
            assert (said.camera, said.moment, said.shot) == (one["camera"], one["moment"], entry["shot"])
        room.written("device_lost", after=before)
        assert room.child.stop() == 0
        verify(room.log)


def _granted(room: Watched, after: int) -> list[Body]:
    """What became of the pictures from before and at the grant."""
    ends = room.entries("pictures_taken", "no_picture", after=after)
    return [entry for entry in ends if entry["part"] == "now" and entry["why"] == "granted"]


def _reaches_back(room: Watched) -> Callable[[], bool]:
    def reaches() -> bool:
        cameras = room.child.tell({"look": "eyes"})["cameras"]
        return all((one["ring_s"] or 0) > 2 for one in cameras)

    return reaches
