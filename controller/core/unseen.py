"""Why a picture that was asked for is not there: stable words, and their sentences in both languages.

Rule: as in words.py; the recorder says all but the last three, which are said on this side of its line.
"""

from __future__ import annotations

from enum import StrEnum


class Unseen(StrEnum):
    """Why a picture that was asked for is not there."""

    LOST = "lost"
    STALLED = "stalled"
    NO_FRAME = "no_frame"
    TOO_YOUNG = "too_young"
    BROKEN = "broken"
    TOO_BIG = "too_big"
    NO_ROOM = "no_room"
    BUSY = "busy"
    UNKNOWN_CAMERA = "unknown_camera"
    RECORDER_SILENT = "recorder_silent"
    INTERRUPTED = "interrupted"
    NO_KEY = "no_key"


# Why a picture that was asked for is not there.
UNSEEN: dict[Unseen, str] = {
    Unseen.LOST: "the camera is not connected",
    Unseen.STALLED: "the camera is connected and gives no pictures",
    Unseen.NO_FRAME: "the camera gave no picture at that moment",
    Unseen.TOO_YOUNG: "the recorder was not looking yet at that moment",
    Unseen.BROKEN: "what the camera or the recorder gave is no whole picture",
    Unseen.TOO_BIG: "the picture is larger than allowed",
    Unseen.NO_ROOM: "there was no room for the picture",
    Unseen.BUSY: "too many pictures were asked for at once",
    Unseen.UNKNOWN_CAMERA: "the recorder does not know this camera",
    Unseen.RECORDER_SILENT: "the recorder did not answer in time",
    Unseen.INTERRUPTED: "the controller was restarted before the answer",
    Unseen.NO_KEY: "the key of somebody in it was gone",
}

UNSEEN_ZH: dict[Unseen, str] = {
    Unseen.LOST: "摄像机未连接",
    Unseen.STALLED: "摄像机已连接但不出画面",
    Unseen.NO_FRAME: "该时刻摄像机没有画面",
    Unseen.TOO_YOUNG: "该时刻录像程序尚未开始录制",
    Unseen.BROKEN: "摄像机或录像程序所给的不是完整照片",
    Unseen.TOO_BIG: "照片超过允许大小",
    Unseen.NO_ROOM: "没有存放照片的空间",
    Unseen.BUSY: "同时要求的照片过多",
    Unseen.UNKNOWN_CAMERA: "录像程序不认识此摄像机",
    Unseen.RECORDER_SILENT: "录像程序未及时应答",
    Unseen.INTERRUPTED: "应答之前控制器重启",
    Unseen.NO_KEY: "照片中某人的密钥已不存在",
}
