"""Another controller beside a room's own, run to its end, and what a strike did."""

from __future__ import annotations

import subprocess
import sys

from tests.wires.wired import LONG, SIREN, SITE, Wired

SOUNDING = SITE + SIREN


def run(room: Wired, *prefix: str) -> subprocess.CompletedProcess[str]:
    """Run another controller to its end."""
    command = ["-m", "controller", "run", "--site", str(room.bench.site), "--data", str(room.bench.data)]
    return subprocess.run(
        [*prefix, sys.executable, *command],
        env=room.bench.environment(),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


def strike_edges(room: Wired) -> list[bool]:
    bcm = room.bench.field.relays["main"].bcm
    return [level for _, pin, level in room.bench.field.board.history if pin == bcm]
