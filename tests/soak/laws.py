"""Every law of the tests, each with thousands of examples; some hours. Run by `make soak`."""

from __future__ import annotations

import sys

import pytest


def main() -> int:
    """Try what the tests state of all values; an example that breaks a law ends it with that example."""
    return pytest.main(["-n", "2", "-m", "hypothesis", "--hypothesis-profile", "soak", "tests"])


if __name__ == "__main__":
    sys.exit(main())
