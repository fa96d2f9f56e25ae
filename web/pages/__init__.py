"""The pages of the console, in the order of the navigation. Rule: what is not in PAGES does not exist."""

from __future__ import annotations

from web.page import Page
from web.pages import (
    account,
    bar,
    closing,
    commands_look,
    devices,
    export,
    machine,
    now,
    people,
    proof,
    review_correct,
    seat,
    set_up,
    sign_in,
    sign_off,
    signing,
    visitors_waiting,
)

PAGES: tuple[Page, ...] = (
    now.page,
    visitors_waiting.page,  # with visitors.py, visitors_deeds.py and visitors_eyes.py
    people.page,
    commands_look.page,  # with commands.py
    devices.page,
    review_correct.page,  # with review.py, review_entry.py and review_notes.py
    sign_off.page,
    closing.page,
    export.page,
    proof.page,
    account.page,
    sign_in.page,
    set_up.page,
    signing.page,
    seat.page,
    bar.page,
    machine.page,
)
