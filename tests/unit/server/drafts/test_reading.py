import json
from datetime import UTC, datetime

from assistant.case import Thread
from server.drafts.reading import BadLine, GoodLine, read_threads

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
POST = {"id": "1", "author": "@mo", "role": "customer", "created_at": "2026-11-20T09:00:00+01:00", "text": "hi"}


def read(*lines: object) -> list[Thread | BadLine]:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    return [line.thread if isinstance(line, GoodLine) else line for line in read_threads(texts, now=NOW)]


def test_a_thread_is_read_with_times_in_utc_and_the_handle_without_its_sign():
    (thread,) = read({"id": "t", "posts": [POST], "somebody_elses_field": 1})
    assert isinstance(thread, Thread)
    assert (thread.channel, thread.target.author) == ("x", "mo")
    assert thread.target.created_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_a_post_is_public_unless_it_says_otherwise():
    (thread,) = read({"id": "t", "posts": [{**POST, "private": True}, {**POST, "id": "2", "private": None}]})
    assert isinstance(thread, Thread)
    assert [post.private for post in thread.posts] == [True, False]


def test_a_bad_line_says_where_and_what_and_the_rest_goes_on():
    bad, empty, nobody, good = read(
        "{not json",
        {"id": "e", "posts": []},
        {"id": "n", "posts": [{**POST, "role": "brand"}]},
        {"id": "g", "posts": [POST]},
    )
    assert isinstance(bad, BadLine)
    assert bad.as_json() == {"id": None, "line": 1, "error": bad.error}
    assert isinstance(empty, BadLine)
    assert (empty.id, empty.line) == ("e", 2)
    assert "posts" in empty.error
    assert isinstance(nobody, BadLine)
    assert "no post by a customer" in nobody.error
    assert isinstance(good, Thread)


def test_blank_lines_are_skipped_but_counted():
    blank_then_bad = read("", "[]")
    assert blank_then_bad == [BadLine(2, None, "expected an object, found list")]


def test_a_number_for_a_name_is_read_as_text():
    (thread,) = read({"id": 7, "posts": [{**POST, "id": 8}]})
    assert isinstance(thread, Thread)
    assert (thread.id, thread.target.id) == ("7", "8")


def test_half_a_surrogate_pair_is_read_as_a_replacement_sign():
    (thread,) = read(
        '{"id": "a\\ud83d", "posts": [{"id": "1", "author": "mo", "role": "customer", "text": "\\uDE00 hi"}]}'
    )
    assert isinstance(thread, Thread)
    assert (thread.id, thread.target.text) == ("a�", "� hi")


def test_a_number_for_an_id_comes_back_with_what_is_wrong():
    (bad,) = read({"id": 7, "posts": []})
    assert isinstance(bad, BadLine)
    assert bad.id == "7"


def test_a_time_that_no_calendar_holds_is_a_bad_line():
    (bad,) = read({"id": "y", "posts": [{**POST, "created_at": "0001-01-01T00:00:00+14:00"}]})
    assert isinstance(bad, BadLine)
    assert "created_at" in bad.error


def test_null_and_empty_mean_not_given_and_a_channel_has_one_spelling():
    nulls, shouted = read(
        {"id": "a", "channel": None, "brand": "", "posts": [{**POST, "attachments": None, "created_at": None}]},
        {"id": "b", "channel": "Mastodon", "posts": [POST]},
    )
    assert isinstance(nulls, Thread)
    assert (nulls.channel, nulls.brand, nulls.target.created_at) == ("x", None, NOW)
    assert isinstance(shouted, Thread)
    assert shouted.channel == "mastodon"
