"""The simulated network as a process of its own, over real sockets."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from server.channels.adapters import open_channel
from server.channels.protocol import NetworkUnreachable, Outgoing, SendDelayed, SendUnknown
from tests.fakes.networks import NOON, account

TEXT = Outgoing(key="pub_1", text="We are on it.", reply_to="1", recipient="anna", private=False)


@asynccontextmanager
async def network(file: Path, port: int, http: httpx.AsyncClient) -> AsyncIterator[asyncio.subprocess.Process]:
    """Listening until the end of the block, or until it is killed."""
    command = (sys.executable, "-m", "server.channels.simulated", str(file), "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command)
    try:
        async with asyncio.timeout(60):
            while not await _answers(http):
                assert process.returncode is None
                await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/posts")).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
async def test_a_text_may_be_out_when_the_network_falls_silent_or_dies(tmp_path, unused_tcp_port):
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        channel = open_channel(account(settings={"url": url}), secret="s", http=http, clock=lambda: NOON)
        async with network(tmp_path / "network.db", unused_tcp_port, http) as process:
            await http.post("/people/x/FernhollowHelp/anna/posts", json={"text": "My tent leaks"})
            await http.put("/behaviour", json={"next": ["silent_after", "silent_after"], "silence_s": 60})
            channel._deadline = timedelta(seconds=1)
            with pytest.raises(SendUnknown):
                await channel.send(TEXT)
            channel._deadline = timedelta(seconds=20)
            sending = asyncio.create_task(channel.send(TEXT))
            while len((await http.get("/posts")).json()["posts"]) < 3:
                pass
            process.kill()
            with pytest.raises(SendUnknown):
                await sending
        with pytest.raises(SendDelayed):
            await channel.send(TEXT)
        with pytest.raises(NetworkUnreachable):
            await channel.read("1")
        async with network(tmp_path / "network.db", unused_tcp_port, http):
            assert await channel.find(TEXT, since=NOON) == "2"
