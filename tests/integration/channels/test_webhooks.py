"""What happens at the door that networks knock at."""

import asyncio
from datetime import timedelta

from server.channels import arrivals, signatures
from server.channels.arrivals import Arrivals, Told
from tests.fakes.networks import NOON, SECRET, account
from tests.integration.channels.conftest import incoming

POSTED = {"id": "7", "author": "anna", "text": "My tent leaks", "created_at": "2026-11-20T11:59:00Z"}


async def test_what_is_told_is_stored_before_the_answer(channels, door):
    answer = await door.tell(POSTED, {**POSTED, "id": "8", "in_reply_to": "7"})
    assert (answer.status_code, answer.json()) == (202, {"taken": 2, "known": 0})
    assert [row.network_id for row in await channels.posts()] == ["7", "8"]


async def test_workers_are_woken_for_what_can_be_done_at_once(channels, door):
    await door.tell(POSTED)
    assert channels.woken == 0  # the draft waits until its author is quiet
    await door.tell({**POSTED, "id": "8", "attachments": [{"type": "image", "url": "https://media.example.com/8"}]})
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


async def test_requests_that_arrive_together_are_each_answered_for_themselves(channels, door):
    told = [door.tell({**POSTED, "id": str(number), "author": f"anna{number}"}) for number in range(40)]
    again = door.tell({**POSTED, "id": "1", "author": "anna1"}, {**POSTED, "id": "99"})
    *answers, mixed = await asyncio.gather(*told, again)
    assert [answer.json() for answer in answers] == [{"taken": 1, "known": 0}] * 40
    assert mixed.json() == {"taken": 1, "known": 1}
    assert len(await channels.cases()) == 41


async def test_of_one_request_sent_twice_at_once_the_second_is_refused(channels, door):
    answers = await asyncio.gather(door.tell(POSTED), door.tell(POSTED), door.tell({**POSTED, "id": "8"}))
    assert [answer.status_code for answer in answers] == [202, 401, 202]
    assert len(await channels.posts()) == 2


async def test_a_request_that_cannot_be_stored_does_not_spoil_those_beside_it(channels, monkeypatch):
    def arrived(*ids: str) -> Told:
        return Told(account(), digest="-".join(ids), events=[incoming(one, author=one, thread=one) for one in ids])

    real = arrivals.take_each

    async def take_each(session, account, events, now, **how):
        taken = await real(session, account, events, now, **how)
        if any(event.network_id == "bad" for event in events):
            raise ValueError
        return taken

    monkeypatch.setattr(arrivals, "take_each", take_each)
    together = Arrivals()
    stored = [together.store(channels.service, arrived(*ids)) for ids in (("1", "2"), ("3", "bad"), ("4",))]
    first, bad, last = await asyncio.gather(*stored, return_exceptions=True)
    assert (first, type(bad), last) == (2, ValueError, 1)
    assert [row.network_id for row in await channels.posts()] == ["1", "2", "4"]


async def test_where_the_database_does_not_answer_everybody_is_told_so_at_once(channels, monkeypatch):
    tries = []

    async def take_each(*_: object, **__: object) -> None:
        tries.append(1)
        raise OSError

    monkeypatch.setattr(arrivals, "take_each", take_each)
    together = Arrivals()
    stored = [together.store(channels.service, Told(account(), str(number), [incoming("1")])) for number in range(5)]
    assert [type(error) for error in await asyncio.gather(*stored, return_exceptions=True)] == [OSError] * 5
    assert len(tries) == 1
