"""Where an account's texts may go: to the internet, and to machines of ours that the settings list. Nowhere else."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from server.channels.accounts import AccountEntry, UnreachableAddress, check_address
from server.channels.adapters import open_channels
from server.channels.addresses import NotReachable, Reach
from server.channels.pinned import AddressRefused, PinnedTransport
from server.channels.protocol import Channel, NetworkUnreachable, Outgoing, SendDelayed, SendRefused
from tests.fakes.networks import NOON, account
from tests.unit.channels.test_fetching import server, told

PUBLIC = "93.184.215.14"
TEXT = Outgoing(key="pub_1", text="We are on it.", reply_to="1", recipient="anna", private=False)
HERE = ipaddress.ip_address("127.0.0.1")
OURS = [
    "http://127.0.0.1:{port}/in",
    "http://localhost:{port}/in",
    "http://[::1]:{port}/in",
    "http://[::ffff:127.0.0.1]:{port}/in",
    "http://2130706433:{port}/in",
    "http://0x7f.1:{port}/in",
]


@asynccontextmanager
async def channel(url: str, home: Path, reach: Reach, adapter: str = "webhook") -> AsyncIterator[Channel]:
    """An account with this address, as a process opens it."""
    async with open_channels(lambda _: b"secret", clock=lambda: NOON, home=home, reach=reach) as opened:
        yield opened(account(adapter, settings={"url": url}))


def resolver(*answers: Sequence[str]):
    """Gives these addresses, the next ones each time it is asked."""
    left = iter(answers)

    async def resolve(_: str, __: int) -> Sequence[str]:
        return next(left)

    return resolve


@pytest.mark.parametrize("url", OURS)
@pytest.mark.parametrize("adapter", ["webhook", "simulated"])
async def test_no_text_is_sent_to_a_machine_of_ours(tmp_path, url, adapter):
    async with server(told(b'{"id": "7"}')) as (port, asked):
        async with channel(url.format(port=port), tmp_path, Reach(), adapter) as open_account:
            with pytest.raises(SendRefused, match="DESKSIDE_PRIVATE_HOSTS"):
                await open_account.send(TEXT)
        assert asked == []


async def test_no_machine_of_ours_is_asked_for_posts(tmp_path):
    async with server(told(b"{}")) as (port, asked):
        async with channel(f"http://127.0.0.1:{port}", tmp_path, Reach(), "simulated") as open_account:
            with pytest.raises(NetworkUnreachable):
                await open_account.poll(None)
        assert asked == []


@pytest.mark.parametrize("listed", ["127.0.0.1", " 127.0.0.1:{port} , other.example"])
async def test_a_text_is_sent_to_a_machine_of_ours_that_is_listed(tmp_path, listed):
    async with server(told(b'{"id": "7"}')) as (port, asked):
        reach = Reach.of(listed.format(port=port))
        async with channel(f"http://127.0.0.1:{port}/in", tmp_path, reach) as open_account:
            assert await open_account.send(TEXT) == "7"
    assert asked[0].startswith(b"POST /in HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}".encode() in asked[0]


@pytest.mark.parametrize("listed", ["127.0.0.1:1", "localhost", "127.0.0.2", "helpdesk.example", ""])
async def test_what_is_listed_opens_nothing_beside_it(tmp_path, listed):
    async with server(told(b'{"id": "7"}')) as (port, asked):
        async with channel(f"http://127.0.0.1:{port}/in", tmp_path, Reach.of(listed)) as open_account:
            with pytest.raises(SendRefused):
                await open_account.send(TEXT)
        assert asked == []


async def test_another_name_does_not_lead_to_a_machine_that_is_listed():
    reach = Reach(frozenset({"127.0.0.1", "helpdesk.internal"}), resolve=resolver(["127.0.0.1"], ["10.0.0.7"]))
    with pytest.raises(NotReachable):
        await reach.addresses("attacker.example", 80)
    assert await reach.addresses("HelpDesk.internal", 80) == ["10.0.0.7"]


async def test_a_name_that_becomes_another_address_is_called_where_it_was_checked_and_then_no_more():
    """DNS rebinding: what is looked up for the check is what is called; the next call is checked anew."""
    resolve = resolver(["127.0.0.1"], ["10.0.0.7"])
    reach = Reach(resolve=resolve, allowed=lambda address: address == HERE)
    async with server(told(b"taken")) as (port, asked), httpx.AsyncClient(transport=PinnedTransport(reach)) as http:
        answer = await http.post(f"http://helpdesk.example:{port}/in", content=b"text")
        assert (answer.status_code, answer.content) == (200, b"taken")
        with pytest.raises(AddressRefused):
            await http.post(f"http://helpdesk.example:{port}/in", content=b"text")
    assert len(asked) == 1
    assert f"Host: helpdesk.example:{port}".encode() in asked[0]


async def test_one_address_of_ours_among_public_ones_is_enough_to_refuse(tmp_path):
    reach = Reach(resolve=resolver([PUBLIC, "169.254.169.254"]))
    async with channel("http://helpdesk.example/in", tmp_path, reach) as open_account:
        with pytest.raises(SendRefused):
            await open_account.send(TEXT)


async def test_where_one_address_does_not_answer_the_names_next_one_is_called():
    reach = Reach(resolve=resolver(["::1", "127.0.0.1"]), allowed=lambda _: True)
    async with server(told(b"taken")) as (port, asked), httpx.AsyncClient(transport=PinnedTransport(reach)) as http:
        assert (await http.post(f"http://helpdesk.example:{port}/", content=b"text")).content == b"taken"
    assert len(asked) == 1


async def test_a_name_that_has_no_address_now_or_is_not_found_in_time_delays_the_text(tmp_path):
    async def gone(_: str, __: int) -> Sequence[str]:
        from socket import gaierror

        raise gaierror

    async def silent(_: str, __: int) -> Sequence[str]:
        raise TimeoutError

    for resolve in (gone, silent):
        async with channel("http://helpdesk.example/in", tmp_path, Reach(resolve=resolve)) as open_account:
            with pytest.raises(SendDelayed):
                await open_account.send(TEXT)


async def test_a_look_up_lasts_no_longer_than_a_connection_may():
    async def silent(_: str, __: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    transport = PinnedTransport(Reach(resolve=silent))
    async with httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(9, connect=0.01)) as http:
        with pytest.raises(httpx.ConnectTimeout):
            await http.get("http://helpdesk.example/")


async def test_a_proxy_of_the_environment_is_not_asked_for_names(tmp_path, monkeypatch):
    async with server(told(b'{"id": "7"}')) as (port, asked):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        async with channel("http://10.0.0.7/in", tmp_path, Reach()) as open_account:
            with pytest.raises(SendRefused):
                await open_account.send(TEXT)
        assert asked == []


def entry(url: str) -> AccountEntry:
    values = {"id": "a", "brand": "fernhollow", "channel": "x", "adapter": "webhook", "handle": "h"}
    return AccountEntry.model_validate({**values, "settings": {"url": url}})


@pytest.mark.parametrize("answers", [["10.0.0.7"], [PUBLIC, "::1"], []])
async def test_an_account_is_not_declared_with_an_address_that_may_not_be_called(answers):
    with pytest.raises(UnreachableAddress) as refused:
        await check_address(entry("https://helpdesk.example/in"), Reach(resolve=resolver(answers)))
    assert "10.0.0.7" not in str(refused.value)


async def may_be_declared(account: AccountEntry, reach: Reach) -> bool:
    try:
        await check_address(account, reach)
    except UnreachableAddress:
        return False
    return True


async def test_an_account_is_declared_with_a_public_address_a_listed_one_or_none():
    assert await may_be_declared(entry("https://helpdesk.example/in"), Reach(resolve=resolver([PUBLIC])))
    assert await may_be_declared(entry("https://helpdesk.internal:8443/in"), Reach.of("helpdesk.internal:8443"))
    without = entry("https://helpdesk.example").model_copy(update={"settings": {}})
    assert await may_be_declared(without, Reach(resolve=resolver()))
