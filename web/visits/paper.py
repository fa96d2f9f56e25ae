"""What the desk prints: the pass, and what a visitor is told. Rule: as on the screen, no document number."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from web.desk import Refused, me, site, told
from web.i18n import _
from web.names import name
from web.papers.printing import Paper, Printing
from web.papers.privacy_notice import Kept, PrivacyNotice, privacy_paper
from web.papers.visitor_pass import VisitorPass, pass_card, pass_leaf
from web.seat import language
from web.visits.areas import said
from web.visits.book import Row
from web.visits.form import room_time
from web.zones import zone

View = Mapping[str, Any]


def pass_paper(row: Row, view: View, *, is_leaf: bool) -> Paper:
    """The pass of a visit that goes on."""
    visit = row.told
    shown = VisitorPass(
        name=row.guest.claims.get("name", str(visit["visitor"])),
        company=row.guest.claims.get("company", ""),
        host=name(visit["host"]),
        escort=name(visit["escort"] or visit["host"]),
        areas=tuple(said(visit["areas"], view)),
        valid_until=_spelled(int(visit["ends"])),
        badge=str(visit["badge"]),
        code=str(told("pass_code", visit=row.id)["code"]),
        print_n=int(visit["reprints"]) + 1,
        photo=photo(row.guest.claims.get("photo", "")) or None,
    )
    return (pass_leaf if is_leaf else pass_card)(shown, _printing(view), _)


def notice_paper(row: Row | None, view: View) -> Paper:
    """What a visitor is told and promises; without a visit a leaf to be filled in by hand."""
    kept = (
        Kept(_("entries of the log"), _("without limit; they name nobody once erased")),
        Kept(_("name, document, contact"), _("until two people erase them, on request or by rule")),
        Kept(_("photograph, sealed"), _("as long as pictures of cameras, from the last visit on")),
        Kept(_("pictures of cameras"), _("at least 180 days")),
    )
    visitor = row.guest.claims.get("name", "") if row else ""
    who = str(site().get("site", ""))
    notice = PrivacyNotice(who, _("the desk where you sign in"), kept, visitor, row.id if row else "")
    return privacy_paper(notice, _printing(view), _)


def photo(digest: str) -> bytes:
    """A photograph by its digest, b"" where there is none that may be seen."""
    if not digest:
        return b""
    try:
        return b64decode(told("photo", digest=digest)["jpeg"])
    except Refused:
        return b""


def _printing(view: View) -> Printing:
    return Printing(str(site().get("site", "")), name(me().person), room_time(view), language())


def _spelled(ms: int) -> str:
    here = zone(str(site().get("zone", "UTC")))
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(here).strftime("%Y-%m-%d %H:%M")
