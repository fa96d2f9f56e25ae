"""Any bytes on an OSDP line, from the greeting of a session on."""

from __future__ import annotations

import sys

from tests.soak._fuzzing import main

if __name__ == "__main__":
    sys.exit(main("tests.fuzzing.osdp", "line", "frames", "replies"))
