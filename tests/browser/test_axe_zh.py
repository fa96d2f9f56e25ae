"""No page of the console shuts anybody out: axe-core finds nothing in the states unseen in English."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.auditing import Audit, Seats, pictures, told
from tests.browser.house import Desk, WebHouse
from tests.browser.scene import Scene


def test_every_other_state_of_the_pages_in_chinese_shuts_nobody_out_and_fits_a_telephone(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    scene = Scene(house)
    seats = Seats(scene, desk, lang="zh-CN", scheme="dark")
    found = Audit(seats, "dark", pictures("zh-CN"), turn=1).of(scene)
    assert not found, told(found)
