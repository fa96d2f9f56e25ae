"""Addresses of cameras, and secrets that are not shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cameras.address import Address


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.7/video.mjpg",
        "http://cam-1.vault.example:8080/axis-cgi/mjpg/video.cgi?fps=10",
        "rtsp://[2001:db8::7]:554/stream1",
        "v4l2:///dev/video0",
        "v4l2:///dev/v4l/by-id/usb-Cam_1.2:index0",
    ],
)
def test_cameras_in_the_network_and_of_this_box_have_addresses(url: str) -> None:
    assert Address.parsed(url).opened_as() == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/etc/passwd",
        "file:///etc/passwd",
        "https://192.0.2.7/",
        "udp://192.0.2.7:1234",
        "concat:http://192.0.2.7/",
        "http:///video",
        "http://192.0.2.7:port/",
        "http://192.0.2.7:99999/",
        "http://[2001:db8::7/",
        "http://192.0.2.7/a b",
        "http://192.0.2.7/a\nb",
        "http://192.0.2.7/#here",
        "http://192.0.2.7/\N{SNOWMAN}",
        "http://192.0.2.7/" + "x" * 1024,
        "HTTP://192.0.2.7/",
        "v4l2:///etc/passwd",
        "v4l2:///dev/../etc/passwd",
        "v4l2://video0",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="camera"):
        Address.parsed(url)


def test_a_secret_in_a_url_is_refused_without_telling_it() -> None:
    with pytest.raises(ValueError, match="passwords file") as error:
        Address.parsed("rtsp://li:hushhush@192.0.2.7/")
    assert "hush" not in str(error.value)
    assert "192" not in str(error.value)


@given(st.text(min_size=1, max_size=12), st.text(max_size=12))
def test_a_secret_is_in_no_text_of_an_address_and_cannot_leave_its_place(user: str, password: str) -> None:
    try:
        address = Address.parsed("http://192.0.2.7:80/video", user, password)
    except ValueError:
        return
    head, tail = address.opened_as().split("@")
    assert tail == "192.0.2.7:80/video"
    assert head.removeprefix("http://").count(":") == 1
    assert not set(head.removeprefix("http://")) & set("/?# ")
    assert repr(address) == "Address(url='http://192.0.2.7:80/video')"


@pytest.mark.parametrize(("user", "password"), [("a:b", "c"), ("", "c"), ("a", "b\n"), ("a", "ü" * 30)])
def test_secrets_that_could_not_be_sent_are_refused(user: str, password: str) -> None:
    with pytest.raises(ValueError, match="user name"):
        Address.parsed("http://192.0.2.7/", user, password)
