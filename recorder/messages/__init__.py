"""The line between controller and recorder, a Unix stream socket at which the controller listens.

    {"snapshot":{"shot":17,"wanted":[{"camera":"door","moment":-2000}],"monotonic":1234.5,…}}
    {"picture":{"shot":17,"camera":"door","moment":-2000,"taken":-1987,…,"size":171203}}   and 171203 bytes

A message is one JSON object with one key, in one line; where it has "size", so many raw bytes follow it.
Rule 1: whatever arrives is a message within its limits, or BadMessageError; whoever gets that hangs up.
Rule 2: both ends say a beat every BEAT_S; whoever has heard nothing for SILENT_S hangs up.
"""

from recorder.messages.line import (
    FROM_CONTROLLER,
    FROM_RECORDER,
    LONGEST_LINE,
    FromController,
    FromRecorder,
    Incoming,
    Message,
    Messages,
    spelled,
)
from recorder.messages.orders import Beat, Learn, Rooms, Said, Snapshot, Wanted
from recorder.messages.reports import (
    AFTER,
    CONDITIONS,
    MOST_BYTES,
    NOW,
    WHYS,
    CameraHealth,
    Condition,
    FramesSeen,
    Health,
    Hello,
    Learned,
    NoPicture,
    Picture,
    RoomLooks,
)
from recorder.messages.settings import VERSION, CameraSettings, Settings
from recorder.messages.shapes import BadMessageError

__all__ = [
    "AFTER",
    "BEAT_S",
    "CONDITIONS",
    "FROM_CONTROLLER",
    "FROM_RECORDER",
    "LONGEST_LINE",
    "MOST_BYTES",
    "NOW",
    "SILENT_S",
    "VERSION",
    "WHYS",
    "BadMessageError",
    "Beat",
    "CameraHealth",
    "CameraSettings",
    "Condition",
    "FramesSeen",
    "FromController",
    "FromRecorder",
    "Health",
    "Hello",
    "Incoming",
    "Learn",
    "Learned",
    "Message",
    "Messages",
    "NoPicture",
    "Picture",
    "RoomLooks",
    "Rooms",
    "Said",
    "Settings",
    "Snapshot",
    "Wanted",
    "spelled",
]

BEAT_S = 1.0
SILENT_S = 5.0
