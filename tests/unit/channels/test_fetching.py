"""Fetching what a stranger has named: nothing of ours is ever called."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from server.channels.addresses import is_public
from server.channels.fetching import Fetcher, FetchFailed, FetchRefused

PUBLIC = "93.184.215.14"


def names(**known: str | list[str]):
    """Resolves these names, and counts how often each was asked for."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        found = known.get(host.replace(".", "_").replace("-", "_"), [])
        return [found] if isinstance(found, str) else found

    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve


@asynccontextmanager
async def server(answer: bytes | Callable[[int], bytes]) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A web server on this machine that gives this answer; its port, and what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer if isinstance(answer, bytes) else answer(len(asked)))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1], asked


def told(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def here(port: int, limit: int = 1_000, **more) -> Fetcher:
    """Lets this one machine's address through, as if it were a public one."""
    allowed = more.pop("allowed", lambda address: address == ipaddress.ip_address("127.0.0.1"))
    resolve = more.pop("resolve", names(media_example="127.0.0.1", cdn_example="127.0.0.1", inside_example="10.0.0.7"))
    return Fetcher(limit, resolve=resolve, allowed=allowed, ports=frozenset({port}), **more)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
    ],
)
def test_no_address_of_ours_or_of_nobody_is_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.example/x",
        "http://both.example/x",
        "http://2130706433/x",
    ],
)
async def test_what_leads_to_a_machine_of_ours_is_not_called(url):
    async def resolve(host: str, _: int) -> list[str]:
        known = {
            "metadata.example": ["169.254.169.254"],
            "both.example": [PUBLIC, "10.0.0.1"],
            "2130706433": ["127.0.0.1"],
        }
        return known.get(host, [host])

    with pytest.raises(FetchRefused):
        await Fetcher(1_000, resolve=resolve).fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://media.example/x",
        "gopher://media.example/x",
        "http://media.example:22/x",
        "http://user:secret@media.example/x",
        "http:///x",
        "not an address",
        "http://[::1/x",
        "",
    ],
)
async def test_only_plain_web_addresses_are_called(url):
    resolve = names(media_example=PUBLIC)
    with pytest.raises(FetchRefused):
        await Fetcher(1_000, resolve=resolve).fetch(url)
    assert resolve.asked == []


async def test_the_call_goes_to_the_address_that_was_checked_in_the_name_that_was_meant():
    async with server(told(b"picture")) as (port, asked):
        fetcher = here(port)
        assert await fetcher.fetch(f"http://media.example:{port}/1.jpg?size=2") == b"picture"
    assert asked[0].startswith(b"GET /1.jpg?size=2 HTTP/1.1\r\n")
    assert f"Host: media.example:{port}".encode() in asked[0]
    assert fetcher.resolve.asked == ["media.example"]


async def test_a_name_that_is_another_address_the_second_time_is_looked_up_once_only():
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])

    async def resolve(_: str, __: int) -> list[str]:
        return next(answers)

    async with server(told(b"picture")) as (port, _):
        assert await here(port, resolve=resolve).fetch(f"http://media.example:{port}/") == b"picture"
    assert next(answers) == ["10.0.0.7"]


async def test_a_redirect_is_followed_where_it_may_lead():
    def answer(number: int) -> bytes:
        leads_on = told(b"", f"Location: //cdn.example:{port}/2", status="302 Found")
        return leads_on if number == 1 else told(b"picture")

    async with server(answer) as (port, asked):
        assert await here(port).fetch(f"http://media.example:{port}/1") == b"picture"
    assert b"Host: cdn.example" in asked[1]


@pytest.mark.parametrize("target", ["http://inside.example:{port}/", "http://10.0.0.7:{port}/", "file:///etc/passwd"])
async def test_a_redirect_to_a_machine_of_ours_is_not_followed(target):
    async with server(lambda _: told(b"", f"Location: {target.format(port=port)}", status="302 Found")) as (
        port,
        asked,
    ):
        with pytest.raises(FetchRefused):
            await here(port).fetch(f"http://media.example:{port}/1")
    assert len(asked) == 1


async def test_who_leads_in_circles_is_left():
    async with server(told(b"", "Location: /again", status="302 Found")) as (port, asked):
        with pytest.raises(FetchRefused):
            await here(port).fetch(f"http://media.example:{port}/1")
    assert len(asked) == 4


async def test_what_is_too_large_is_cut_off_whatever_it_says_of_itself():
    endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 200_000
    async with server(endless) as (port, _):
        with pytest.raises(FetchRefused, match="larger"):
            await here(port).fetch(f"http://media.example:{port}/1")


async def test_what_comes_packed_is_not_unpacked():
    async with server(told(b"\x1f\x8b", "Content-Encoding: gzip")) as (port, _):
        with pytest.raises(FetchRefused, match="packed"):
            await here(port).fetch(f"http://media.example:{port}/1")


@pytest.mark.parametrize(("status", "error"), [("404 Not Found", FetchRefused), ("503 Later", FetchFailed)])
async def test_what_is_gone_is_refused_and_what_may_come_back_has_failed(status, error):
    async with server(told(b"", status=status)) as (port, _):
        with pytest.raises(error):
            await here(port).fetch(f"http://media.example:{port}/1")


async def test_who_never_ends_is_given_up():
    async with server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nx") as (port, _):
        with pytest.raises(FetchFailed):
            await here(port, deadline=timedelta(seconds=2)).fetch(f"http://media.example:{port}/1")


async def test_a_name_that_nobody_has_has_failed():
    async def resolve(_: str, __: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(FetchFailed):
        await Fetcher(1_000, resolve=resolve).fetch("http://nowhere.example/")
