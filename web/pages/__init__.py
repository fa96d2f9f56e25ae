"""The pages of the console, in the order of the navigation. Rule: what is not in PAGES does not exist."""

from __future__ import annotations

from web.page import Page
from web.pages import account, bar, commands, devices, machine, now, seat, sign_in, signing

PAGES: tuple[Page, ...] = (
    now.page,
    commands.page,
    devices.page,
    account.page,
    sign_in.page,
    signing.page,
    seat.page,
    bar.page,
    machine.page,
)
