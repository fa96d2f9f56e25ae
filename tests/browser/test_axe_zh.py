"""No page of the console shuts anybody out: axe-core finds nothing in any state of it, in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.auditing import Audit, Seats, told
from tests.browser.house import Desk, WebHouse
from tests.browser.scene import Scene


def test_no_state_of_any_page_shuts_anybody_out_or_is_wider_than_a_telephone_in_chinese(
    house: WebHouse, desk: Callable[..., Desk], tmp_path: Path
) -> None:
    scene = Scene(house)
    seats = Seats(scene, desk, lang="zh-CN", scheme="dark")
    found = Audit(seats, "dark", tmp_path).of(scene)
    assert not found, told(found)
