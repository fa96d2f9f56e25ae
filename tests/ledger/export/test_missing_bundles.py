"""A minimum index is signed by nobody: bundles are missing only where an Entry says that bodies went."""

from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.tiles import ENTRIES, Tile, tiles
from tests.ledger.export.exporting import DIGEST, Make, exported, verified


@pytest.mark.parametrize("minimum", [256, 512, 600])
def test_bundles_that_somebody_took_out_are_not_taken_for_pruned(
    grown: CustodyLog, folder: Path, minimum: int
) -> None:
    (grown.file.parent / "pictures" / DIGEST).unlink()
    exported(grown, folder)
    (folder / "minimum-index").write_text(f"{minimum}\n")
    for bundle in tiles(minimum, ENTRIES):
        (folder / str(bundle)).unlink()
    with pytest.raises(LogDamaged, match="none that is there says that they were pruned"):
        verified(grown, folder)


def test_an_entry_of_pruning_allows_no_bundle_behind_it_to_be_missing(
    grown: CustodyLog, folder: Path, draft: Make
) -> None:
    grown.append([draft(700, kind="pruned", kept_from=200, bodies=199)])
    (grown.file.parent / "pictures" / DIGEST).unlink()
    exported(grown, folder)
    (folder / "minimum-index").write_text("512\n")
    (folder / str(Tile(ENTRIES, 0))).unlink()
    assert verified(grown, folder).bodies == 601 - 256
    (folder / str(Tile(ENTRIES, 1))).unlink()
    with pytest.raises(LogDamaged, match="entries from 256 on are missing"):
        verified(grown, folder)
