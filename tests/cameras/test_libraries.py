"""OpenCV as it is loaded, and what is said where it cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hardware.cameras import libraries
from hardware.cameras.libraries import opencv

ROOT = Path(__file__).parent.parent.parent


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_opencv_keeps_to_one_thread_and_says_nothing() -> None:
    cv2 = opencv()
    assert cv2.getNumThreads() == 1
    assert cv2.utils.logging.getLogLevel() == cv2.utils.logging.LOG_LEVEL_SILENT


def test_what_needs_no_picture_loads_no_opencv() -> None:
    program = (
        "import sys, hardware.cameras.libraries as l, hardware.cameras.ring, hardware.cameras.address;"
        "print(l.lacking(), l.warning(), 'cv2' in sys.modules)"
    )
    assert run(program).stdout.split() == ["False"]


def test_a_missing_library_is_a_sentence_with_its_remedy() -> None:
    program = (
        "import sys; sys.modules['cv2'] = None\n"
        "from hardware.cameras.libraries import LibraryMissingError, opencv\n"
        "try:\n opencv()\nexcept LibraryMissingError as error:\n print(error)"
    )
    said = run(program).stdout
    assert said.startswith("OpenCV cannot be loaded")
    assert "pip install 'ironroom[eyes]'" in said


def test_two_builds_in_one_folder_are_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("opencv_python", "opencv_python_headless"):
        folder = tmp_path / f"{name}-5.0.0.93.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 5.0.0.93\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert libraries.warning().startswith("opencv-python and opencv-python-headless share one folder")
