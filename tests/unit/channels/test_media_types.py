"""What bytes are, whatever they are called."""

import pytest

from server.channels.media_types import EXTENSIONS, SHOWN, media_type


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypmp42....", "video/mp4"),
        (b"\x00\x00\x00\x18ftypqt  ....", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypM4A ....", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypavif....", "image/avif"),
        (b"\x1aE\xdf\xa3....", "video/webm"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
    ],
)
def test_pictures_films_sound_and_papers_are_known_by_their_bytes(body, found):
    assert media_type(body) == found
    assert found in EXTENSIONS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"#!/bin/sh",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"RIFF\x00\x00\x00\x00EVIL",
        b"\xff\xfe<\x00h\x00",
    ],
)
def test_pages_programs_and_archives_are_not_kept(body):
    assert media_type(body) is None


def test_nothing_that_a_browser_would_run_is_shown():
    assert {type_.split("/")[0] for type_ in SHOWN} == {"image", "video"}
    assert "image/svg+xml" not in EXTENSIONS
