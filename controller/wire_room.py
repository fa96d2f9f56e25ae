"""Everything that a drill on wires is played with, brought up and taken away again.

Rule: what was begun last ends first; a site that the bench cannot play is a sentence, not a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.child import Child
from controller.config import SiteFile
from controller.drill import Drill
from controller.drill_eyes import has_eyes
from controller.errors import ConfigError
from controller.start import LOG
from controller.wire_eyes import seeing
from controller.wire_sight import Sight
from controller.wire_site import site_of
from controller.wire_stage import WireStage
from firmware_shims.bench import Bench


@contextmanager
def on_wires(drill: Drill, data: Path) -> Iterator[WireStage]:
    """A stage on wires, with the log of its controller in a folder."""
    sees = has_eyes(drill)
    site = site_of(drill, cameras=sees)
    with (
        TemporaryDirectory(prefix="ironroom-") as name,
        _bench(drill, site, Path(name), data) as bench,
        Child(bench.site, bench.data, bench.environment()) as child,
        closing(Sight(child, bench.data / LOG)) as sight,
        seeing(bench, child, sight, Path(name)) as eyes,
    ):
        yield WireStage(drill, bench, child, sight, eyes)


def _bench(drill: Drill, site: SiteFile, folder: Path, data: Path) -> Bench:
    try:
        return Bench(
            site.text, site.addresses, folder, data=data, wall_ms=drill.wall_ms, cameras=site.cameras
        )
    except ValueError as error:
        raise ConfigError(f"{drill.path}: this site cannot be played on wires: {error}") from error
