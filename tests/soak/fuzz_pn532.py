"""Any bytes of a PN532 and of cards through it."""

from __future__ import annotations

import sys

from tests.soak._fuzzing import main

if __name__ == "__main__":
    sys.exit(main("tests.fuzzing.pn532", "chip", "lists", "blocks"))
