"""A camera that offers more than pictures: what nobody looks at is not asked for, and is not parsed."""

from __future__ import annotations

from tests.cameras import rtsp
from tests.cameras.test_stream_attacks import WireMaker, look

SOUND = b"m=audio 0 RTP/AVP 0\r\na=control:sound\r\n"
DATA = b"m=application 0 RTP/AVP 98\r\na=rtpmap:98 vnd.onvif.metadata/90000\r\na=control:data\r\n"


def test_of_what_a_camera_offers_by_rtsp_pictures_alone_are_asked_for(wire: WireMaker) -> None:
    there = wire(lambda peer: rtsp.describe(peer, SOUND + DATA + rtsp.JPEG))
    look(there.url("rtsp"))
    asked = [one for one in there.asked if one.startswith(b"SETUP")]
    assert len(asked) == 1
    assert b"/track " in asked[0]
