"""What tests of the desk's parts begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.console.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A file of the desk's own."""
    kept = Store(tmp_path)
    yield kept
    kept.close()
