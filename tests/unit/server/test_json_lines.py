from pathlib import Path

import pytest

from server.json_lines import parse_line, read_lines


def test_only_a_line_feed_ends_a_line_and_neither_a_mark_nor_a_broken_byte_hides_one(tmp_path: Path):
    file = tmp_path / "posts.jsonl"
    file.write_bytes('﻿{"a": "one\u2028two\x85three"}\r\n'.encode() + b'"\xff"\n' + b'"last"')
    assert [parse_line(line) for line in read_lines(file)] == [{"a": "one\u2028two\x85three"}, "�", "last"]


def test_an_emoji_written_as_two_escapes_stays_an_emoji():
    assert parse_line(r'["\ud83d\ude00", "\ud83d", {"\udc00": 1}]') == ["😀", "�", {"�": 1}]


@pytest.mark.parametrize("line", ["{bad", "[" * 100_000])
def test_what_is_not_json_or_nested_without_end_is_said_to_be(line: str):
    with pytest.raises((ValueError, RecursionError)):
        parse_line(line)
