"""kill -9 at a thousand random moments of three running rooms; some three minutes. Run by `make soak`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.wires.test_kill import killed

KILLS = 1_000


def main() -> int:
    """Kill, and tell what was met; a loss, or a bolt that stayed drawn, ends it with its sentence."""
    with TemporaryDirectory(prefix="ironroom-kills-") as folder:
        kinds, met = killed(Path(folder), KILLS)
    sys.stdout.write(
        f"{KILLS} kills: {kinds['entered']} came in, {kinds['interrupted']} interrupted; {dict(met)}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
