import asyncio

import httpx
import pytest
from sqlmodel import select

from server.db import reading
from server.models import AnsweredRow
from tests.web.conftest import client

KEY = {"Idempotency-Key": "k-1"}


def _begin_and_wait(begun: asyncio.Event, release: asyncio.Event):
    async def wait() -> None:
        begun.set()
        await release.wait()

    return wait


async def test_a_request_sent_twice_is_done_once_and_answered_twice(http, made):
    first = await http.post("/things", json={"name": "a"}, headers=KEY)
    again = await http.post("/things", json={"name": "a"}, headers=KEY)
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, {"made": 1})
    assert made.names == ["a"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


async def test_another_request_under_the_same_key_is_refused(http, made):
    await http.post("/things", json={"name": "a"}, headers=KEY)
    answer = await http.post("/things", json={"name": "b"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_taken")
    assert made.names == ["a"]


async def test_keys_of_two_callers_never_meet(app, http, made):
    await http.post("/things", json={"name": "a"}, headers=KEY)
    async with client(app, "ben") as ben:
        assert (await ben.post("/things", json={"name": "a"}, headers=KEY)).status_code == 201
    assert made.names == ["a", "a"]


async def test_of_many_twins_at_once_one_is_carried_out(http, made):
    release = asyncio.Event()
    made.before = release.wait
    twins = [asyncio.create_task(http.post("/things", json={"name": "a"}, headers=KEY)) for _ in range(12)]
    done, _ = await asyncio.wait(twins, return_when=asyncio.FIRST_COMPLETED)
    while len(done) < len(twins) - 1:
        done, _ = await asyncio.wait(twins, timeout=0.01)
    release.set()
    answers = [(await twin).status_code for twin in twins]
    assert sorted(answers) == [201] + [409] * 11
    assert made.names == ["a"]


async def test_a_refusal_is_given_again_too(http):
    first = await http.post("/things", json={"name": "taken"}, headers=KEY)
    again = await http.post("/things", json={"name": "taken"}, headers=KEY)
    assert first.json() == again.json()
    assert again.headers["content-type"] == "application/problem+json"


async def test_after_a_fault_that_changed_nothing_the_request_may_be_sent_again(http, made):
    def fail() -> None:
        raise RuntimeError

    made.before = fail
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 500
    made.before = lambda: None
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 201


async def test_after_a_fault_behind_the_change_it_is_not_done_again(http, made):
    def fail() -> None:
        raise RuntimeError

    made.after = fail
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 500
    made.after = lambda: None
    answer = await http.post("/things", json={"name": "a"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "answer_not_kept")
    assert made.names == ["a"]


async def test_a_request_whose_process_died_may_be_sent_again_after_a_while(http, made, clock):
    begun, never = asyncio.Event(), asyncio.Event()
    made.before = _begin_and_wait(begun, never)
    dead = asyncio.create_task(http.post("/things", json={"name": "a"}, headers=KEY))
    await begun.wait()
    made.before = lambda: None
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 409
    clock.pass_by(minutes=3)
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 201
    dead.cancel()
    await asyncio.gather(dead, return_exceptions=True)
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 201
    assert made.names == ["a"]


async def test_who_was_given_up_and_comes_back_changes_nothing(http, made, clock):
    begun, release = asyncio.Event(), asyncio.Event()
    made.before = _begin_and_wait(begun, release)
    slow = asyncio.create_task(http.post("/things", json={"name": "a"}, headers=KEY))
    await begun.wait()
    made.before = lambda: None
    clock.pass_by(minutes=3)
    assert (await http.post("/things", json={"name": "a"}, headers=KEY)).status_code == 201
    release.set()
    assert ((await slow).status_code, (await slow).json()["code"]) == (409, "taken_over")
    assert made.names == ["a"]


async def test_an_answer_that_holds_a_secret_is_not_kept(http, engine):
    first = await http.post("/things/secrets", headers=KEY)
    again = await http.post("/things/secrets", headers=KEY)
    assert first.json() == {"secret": "dsk_only_once"}
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")
    async with reading(engine) as session:
        [row] = await session.exec(select(AnsweredRow))
    assert "dsk_" not in row.model_dump_json()


async def test_a_zipped_page_is_sent_and_not_kept(http):
    first = await http.post("/things/zipped", headers=KEY)
    again = await http.post("/things/zipped", headers=KEY)
    assert (first.status_code, first.text) == (200, "a page")
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_no_header_may_hold(http, key):
    answer = await http.post("/things", json={"name": "a"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "broken_idempotency_key")


async def test_without_a_key_every_request_counts(http: httpx.AsyncClient, made):
    for _ in range(2):
        await http.post("/things", json={"name": "a"})
    assert made.names == ["a", "a"]
