"""Any bytes of a converter, and wherever people type: gate, halves of the site key, addresses, site files."""

from __future__ import annotations

import sys

from tests.soak._fuzzing import main

if __name__ == "__main__":
    sys.exit(main("tests.fuzzing.lines", "converter", "gate", "half", "address", "site"))
