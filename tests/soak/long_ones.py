"""Every test that is marked as a long one; some minutes. Run by `make soak`."""

from __future__ import annotations

import sys

import pytest


def main() -> int:
    """Run them as `make test` runs the others."""
    return pytest.main(["-n", "2", "--dist", "loadfile", "-m", "long", "tests"])


if __name__ == "__main__":
    sys.exit(main())
