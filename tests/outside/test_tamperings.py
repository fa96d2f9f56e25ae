"""One export that all accept, and eleven tamperings that two verifiers refuse whom nobody here wrote."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.outside.forgery import TAMPERINGS, Tampering, World, build, prune
from tests.outside.verifiers import VERIFIERS

MANUAL = Path(__file__).parent.parent.parent / "docs" / "verify.md"
FOREIGN = ("go", "openssl+pymerkle", "aics-tlog")
ONLY_WITH_MEMORY = {"dropped_tail", "rewritten_history", "rolled_back_head", "split_view"}
UNSEEN = {(one, "aics-tlog") for one in ("altered_picture", "exchanged_pictures")}  # it knows tiles alone


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("outside"))


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("memory", [True, False], ids=["with a remembered head", "without"])
def test_the_true_export_is_accepted_by_everybody(world: World, verifier: str, memory: bool) -> None:
    assert VERIFIERS[verifier](world.vkey, world.export, world.remembered if memory else None) == ""


def test_a_pruned_export_is_accepted_by_go_and_by_us(world: World, tmp_path: Path) -> None:
    folder = prune(world, tmp_path)
    for verifier in ("go", "ironroom"):
        assert VERIFIERS[verifier](world.vkey, folder, world.remembered) == ""
        (folder / "minimum-index").rename(tmp_path / "kept")
        assert VERIFIERS[verifier](world.vkey, folder, None)
        (tmp_path / "kept").rename(folder / "minimum-index")


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.__name__)
def test_a_tampering_is_refused_as_the_table_says(
    world: World, tmp_path: Path, tampering: Tampering, verifier: str
) -> None:
    name, folder = tampering.__name__, tmp_path / "export"
    shutil.copytree(world.export, folder)
    tampering(folder, world)
    alone = VERIFIERS[verifier](world.vkey, folder, None)
    remembering = VERIFIERS[verifier](world.vkey, folder, world.remembered)
    assert bool(remembering) == ((name, verifier) not in UNSEEN), remembering
    assert bool(alone) == ((name, verifier) not in UNSEEN and name not in ONLY_WITH_MEMORY), alone


def test_every_tampering_has_two_foreign_verifiers_without_a_newer_python() -> None:
    for tampering in TAMPERINGS:
        refusing = [one for one in FOREIGN[:2] if (tampering.__name__, one) not in UNSEEN]
        assert len(refusing) == 2


def test_the_manual_shows_this_table() -> None:
    rows = [_row(tampering.__name__) for tampering in TAMPERINGS]
    assert len(rows) == 11
    text = MANUAL.read_text(encoding="utf-8")
    for row in rows:
        assert row in text, row


def test_the_manuals_own_commands_accept_the_true_export(world: World, tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to(world.export)
    (tmp_path / "log.vkey").write_text(world.vkey + "\n", encoding="ascii")
    script = MANUAL.read_text(encoding="utf-8").split("```sh\n")[1].split("```")[0]
    done = subprocess.run(
        ["sh", "-euc", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert "Signature Verified Successfully" in done.stdout
    assert done.stdout.rstrip().endswith(": OK")


def _row(name: str) -> str:
    seen = "only with a remembered head" if name in ONLY_WITH_MEMORY else "refused"
    columns = ["-" if (name, one) in UNSEEN else seen for one in ("ironroom", *FOREIGN)]
    return f"| {name.replace('_', ' ')} | {' | '.join(columns)} |"
