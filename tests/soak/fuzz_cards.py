"""Any bytes of a card, to every scheme's reading and making and to the parsers of what cards hold."""

from __future__ import annotations

import sys

from tests.soak._fuzzing import main

if __name__ == "__main__":
    sys.exit(main("tests.fuzzing.cards", "any_answers", "damaged_answers", "objects"))
