"""What every adapter does, whatever its network: see `server.channels.protocol.Channel`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from pydantic_core import to_json

from server.channels import signatures
from server.channels.adapters import ADAPTERS, open_channel
from server.channels.protocol import (
    Channel,
    Happened,
    NetworkUnreachable,
    NotOffered,
    Outgoing,
    SendDelayed,
    SendRefused,
    SendUnknown,
    SignatureRefused,
)
from server.errors import Unprocessable
from tests.fakes.networks import NOON, SECRET, Helpdesk, World, account, later

TEXT = Outgoing(key="pub_1", text="We are on it.", reply_to="1", recipient="anna", private=False)
POSTED = {"id": "7", "thread": "7", "author": "@anna", "text": "hello", "created_at": "2026-11-20T11:59:00Z"}


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request) -> str:
    return request.param


@pytest.fixture
async def channel(adapter, tmp_path) -> AsyncIterator[Channel]:
    """On a network that behaves, with one post on it, by anna."""
    if adapter == "simulated":
        world = World(tmp_path / "network.db")
        await world.say("anna", "My tent leaks")
        yield world.channel()
        await world.aclose()
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Helpdesk().app)) as http:
        yield open_channel(account(adapter), secret=SECRET, http=http, clock=lambda: NOON)


@asynccontextmanager
async def on(adapter: str, answer: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> AsyncIterator[Channel]:
    """On a network that answers so."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        yield open_channel(account(adapter), secret=SECRET, http=http, clock=lambda: NOON)


def answers(status: int, **headers: str):
    async def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def fails(error: Exception):
    async def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def signed(body: bytes, **time: float) -> dict[str, str]:
    return {signatures.HEADER: signatures.sign(SECRET, body, now=later(**time))}


def told(**changes: object) -> bytes:
    return to_json({"events": [{**POSTED, **changes}]})


def is_let_through(channel, headers: dict[str, str], body: bytes) -> bool:
    try:
        channel.verify(headers, body, now=NOON)
    except SignatureRefused:
        return False
    return True


async def test_what_the_network_has_signed_is_let_through(channel):
    assert is_let_through(channel, signed(b"{}"), b"{}")
    assert is_let_through(channel, signed(b"{}", minutes=-4), b"{}")
    assert is_let_through(channel, {name.lower(): value for name, value in signed(b"{}").items()}, b"{}")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({signatures.HEADER: ""}, b"{}"),
        ({signatures.HEADER: "v1=abc"}, b"{}"),
        ({signatures.HEADER: "t=1795176000"}, b"{}"),
        ({signatures.HEADER: "t=now,v1=é"}, b"{}"),
        ({signatures.HEADER: signatures.sign("another secret", b"{}", now=NOON)}, b"{}"),
        (signed(b"{}"), b"{ }"),
        (signed(b"{}", minutes=-6), b"{}"),
        (signed(b"{}", minutes=6), b"{}"),
    ],
    ids=["unsigned", "empty", "no moment", "no mac", "garbage", "other secret", "other body", "old", "future"],
)
async def test_what_the_network_has_not_signed_is_refused(channel, headers, body):
    assert not is_let_through(channel, headers, body)


async def test_what_has_happened_is_received(channel):
    (posted,) = channel.receive(told(reach=12, attachments=[{"type": "image", "alt": "a pole"}]))
    assert (posted.network_id, posted.thread, posted.author, posted.text) == ("7", "7", "anna", "hello")
    assert (posted.happened, posted.reach, posted.attachments[0].alt) == (Happened.POSTED, 12, "a pole")
    (edited,) = channel.receive(told(type="edited", edited_at="2026-11-20T12:59:30+01:00"))
    assert (edited.happened, edited.edited_at) == (Happened.EDITED, later(seconds=-30))
    (deleted,) = channel.receive(to_json({"events": [{"type": "deleted", "id": "7"}]}))
    assert (deleted.happened, deleted.text) == (Happened.DELETED, "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "the body"),
        (b"[]", "the body"),
        (b'{"events": []}', "events"),
        (b'{"events": [' + b'{"id": "1"},' * 100 + b'{"id": "1"}]}', "events"),
        (told(id=""), "events[0].id"),
        (told(id="a\0b"), "events[0].id"),
        (told(text=None), "events[0].text"),
        (told(text="x" * 100_001), "events[0].text"),
        (told(author=" @ "), "events[0].author"),
        (told(created_at="2026-11-20T11:59:00"), "events[0].created_at"),
        (told(created_at="0001-01-01T00:00:00+14:00"), "events[0].created_at"),
        (told(reach=-1), "events[0].reach"),
        (told(attachments=[{"type": "image"}] * 11), "events[0].attachments"),
    ],
)
async def test_what_no_network_tells_is_refused_by_its_field(channel, body, field):
    with pytest.raises(Unprocessable) as refused:
        channel.receive(body)
    assert str(refused.value).startswith(field)


async def test_a_text_that_was_taken_has_an_id(channel):
    assert await channel.send(TEXT)


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout(""), httpx.PoolTimeout("")])
async def test_a_text_that_never_left_is_delayed(adapter, error):
    async with on(adapter, fails(error)) as channel:
        with pytest.raises(SendDelayed):
            await channel.send(TEXT)


@pytest.mark.parametrize(
    "answer",
    [
        fails(httpx.ReadTimeout("")),
        fails(httpx.WriteError("")),
        fails(httpx.RemoteProtocolError("")),
        fails(OSError("")),
        answers(500),
        answers(503, retry_after="5"),
        answers(408),
        answers(302, location="http://elsewhere.example"),
    ],
    ids=["silent", "cut off while writing", "cut off", "gone", "500", "503", "408", "sent elsewhere"],
)
async def test_of_a_text_that_may_have_arrived_nobody_knows(adapter, answer):
    async with on(adapter, answer) as channel:
        with pytest.raises(SendUnknown):
            await channel.send(TEXT)


async def test_an_answer_that_comes_a_byte_at_a_time_is_not_waited_for(adapter):
    never = httpx.MockTransport(lambda _: httpx.Response(200, stream=_Endless()))
    async with httpx.AsyncClient(transport=never) as http:
        channel = open_channel(account(adapter), secret=SECRET, http=http, clock=lambda: NOON)
        channel._deadline = timedelta(milliseconds=50)
        with pytest.raises(SendUnknown):
            await channel.send(TEXT)


class _Endless(httpx.AsyncByteStream):
    async def __aiter__(self):
        import asyncio

        yield b"{"
        await asyncio.Event().wait()


async def test_an_endless_answer_is_cut_off(adapter):
    class Flood(httpx.AsyncByteStream):
        async def __aiter__(self):
            while True:
                yield b"x" * 100_000

    flood = httpx.MockTransport(lambda _: httpx.Response(200, stream=Flood()))
    async with httpx.AsyncClient(transport=flood) as http:
        channel = open_channel(account(adapter), secret=SECRET, http=http, clock=lambda: NOON)
        with pytest.raises(SendUnknown):
            await channel.send(TEXT)


@pytest.mark.parametrize(
    ("told_wait", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("Fri, 20 Nov 2026 12:02:00 GMT", 120),
        ("99999999", 86_400),
        ("soon", 60),
        ("", 60),
        ("-3", 60),
    ],
)
async def test_a_network_that_asks_to_wait_says_how_long(adapter, told_wait, seconds):
    async with on(adapter, answers(429, retry_after=told_wait)) as channel:
        with pytest.raises(SendDelayed) as delayed:
            await channel.send(TEXT)
    assert delayed.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
async def test_a_text_that_the_network_will_not_have_is_refused(adapter, status):
    async with on(adapter, answers(status)) as channel:
        with pytest.raises(SendRefused):
            await channel.send(TEXT)


async def test_an_account_without_a_usable_address_refuses(adapter):
    async with httpx.AsyncClient() as http:
        row = account(adapter, settings={"url": "ftp://helpdesk.example"})
        with pytest.raises(SendRefused):
            await open_channel(row, secret=SECRET, http=http, clock=lambda: NOON).send(TEXT)


async def test_a_text_is_found_by_a_network_that_can_be_searched(channel):
    if channel.settles_after is None:
        with pytest.raises(NotOffered):
            await channel.find(TEXT, since=NOON)
        return
    assert await channel.find(TEXT, since=NOON) is None
    posted = await channel.send(TEXT)
    assert await channel.find(TEXT, since=NOON) == posted
    assert await channel.find(replace(TEXT, key="pub_2", text="We're on it."), since=NOON) is None


async def test_a_post_is_read_as_it_stands_or_reading_is_not_offered(channel):
    if channel.settles_after is None:
        with pytest.raises(NotOffered):
            await channel.read("1")
        return
    post = await channel.read("1")
    assert post is not None
    assert (post.author, post.text, post.from_brand) == ("anna", "My tent leaks", False)
    assert await channel.read("999") is None


async def test_what_was_sent_is_withdrawn_any_number_of_times_or_stays(channel):
    posted = await channel.send(TEXT)
    if channel.settles_after is None:
        with pytest.raises(NotOffered):
            await channel.withdraw(posted)
        return
    await channel.withdraw(posted)
    await channel.withdraw(posted)
    assert await channel.read(posted) is None


@pytest.mark.parametrize("answer", [answers(500), answers(429), fails(httpx.ConnectError("")), fails(OSError(""))])
async def test_a_read_that_is_not_answered_says_nothing(adapter, answer):
    async with on(adapter, answer) as channel:
        if channel.settles_after is None:
            assert await channel.poll("3") == ((), "3")
            return
        for read in (
            channel.poll(None),
            channel.read("1"),
            channel.find(TEXT, since=NOON),
            channel.withdraw("1"),
        ):
            with pytest.raises(NetworkUnreachable):
                await read
