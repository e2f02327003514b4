"""What happens at the door that networks knock at."""

from datetime import timedelta

from server.channels import signatures
from tests.fakes.networks import NOON, SECRET

POSTED = {"id": "7", "author": "anna", "text": "My tent leaks", "created_at": "2026-11-20T11:59:00Z"}


async def test_what_is_told_is_stored_before_the_answer(channels, door):
    answer = await door.tell(POSTED, {**POSTED, "id": "8", "in_reply_to": "7"})
    assert (answer.status_code, answer.json()) == (202, {"taken": 2, "known": 0})
    assert [row.network_id for row in await channels.posts()] == ["7", "8"]
    assert channels.woken == 1


async def test_telling_it_again_signed_anew_changes_nothing(channels, door):
    await door.tell(POSTED)
    answer = await door.tell(POSTED, at=NOON + timedelta(seconds=1))
    assert (answer.status_code, answer.json()) == (202, {"taken": 0, "known": 1})
    assert len(await channels.posts()) == 1


async def test_a_request_that_was_recorded_is_refused_whatever_is_added_to_its_header(channels, door):
    body = b'{"events": [{"type": "deleted", "id": "7"}]}'
    signature = signatures.sign(SECRET, body, now=NOON)
    assert (await door.post_raw("fernhollow-x", body, {signatures.HEADER: signature})).status_code == 202
    for again in (signature, f"{signature},v1=00", f" {signature} "):
        answer = await door.post_raw("fernhollow-x", body, {signatures.HEADER: again})
        assert (answer.status_code, answer.json()["code"]) == (401, "signature_refused")


async def test_a_request_that_was_refused_may_be_sent_as_it_is_once_more(channels, door):
    body = b'{"events": [{"id": "7"}]}'
    signature = signatures.sign(SECRET, body, now=NOON)
    for _ in range(2):
        answer = await door.post_raw("fernhollow-x", body, {signatures.HEADER: signature})
        assert answer.status_code == 422


async def test_who_has_no_secret_learns_nothing_of_the_accounts(channels, door):
    body = b'{"events": []}'
    wrong = signatures.sign("another secret", body, now=NOON)
    for headers in ({}, {signatures.HEADER: wrong}):
        known, unknown = [await door.post_raw(name, body, headers) for name in ("fernhollow-x", "nobody")]
        assert known.status_code == unknown.status_code == 401
        assert known.json()["detail"] == unknown.json()["detail"]


async def test_a_removed_account_takes_nothing_in(channels, door):
    assert (await door.http.delete("/accounts/fernhollow-x")).status_code == 204
    assert (await door.tell(POSTED)).status_code == 401
    assert await channels.posts() == []


async def test_a_body_that_is_none_names_its_field_and_not_its_words(channels, door):
    answer = await door.tell({**POSTED, "created_at": "yesterday, said Anna"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("events[0].created_at")
    assert "Anna" not in answer.text
