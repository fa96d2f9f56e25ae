"""The measure of how long a commit waits for its cosignature, itself at work."""

from pathlib import Path

from bench.cosigning import cosigned_latency


def test_every_commit_is_cosigned_and_measured(tmp_path: Path) -> None:
    samples = cosigned_latency(tmp_path / "bench", 20)
    assert len(samples) == 20
    assert all(0 < one < 30 for one in samples)
