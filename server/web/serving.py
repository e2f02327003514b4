"""Serving: the socket, the signals, and what other commands on this machine need to find the process."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from server.policies.holder import announce, find_holder, is_alive, new_holder, withdraw
from server.settings import Settings
from server.web.logging import log_json
from server.web.running import Running

if TYPE_CHECKING:
    from server.demo.far_side import FarSide

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class PortTaken(OSError):
    """Somebody else listens there."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {host}:{port} ({reason}); --port takes another, 0 any")


def _nothing(address: str) -> None:
    del address


def serve(
    settings: Settings,
    *,
    on_listening: Callable[[str], None],
    on_ready: Callable[[str], None] = _nothing,
    far_side: "FarSide | None" = None,
) -> None:
    """Serve until told to stop: by SIGTERM or SIGINT, or because the process cannot go on.

    Args:
        settings: What and where.
        on_listening: Is told the address as soon as it is listened on.
        on_ready: Is told the address once requests sent there are answered by more than that it starts.
        far_side: The demo's, to be let in.

    Raises:
        PortTaken: The address cannot be listened on.
        Exception: Why the process could not start or go on.
    """
    log_json(settings.log_level)
    listening = _listen(settings.host, settings.port)
    asyncio.run(_serve(settings, listening, on_listening, on_ready, far_side))


async def _serve(
    settings: Settings,
    listening: socket.socket,
    on_listening: Callable[[str], None],
    on_ready: Callable[[str], None],
    far_side: "FarSide | None",
) -> None:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    holder = new_holder(_address(listening))
    other = find_holder(settings.home)
    if other is None or not is_alive(other):
        announce(settings.home, holder)  # commands that come while it starts wait for it
    running = Running(
        settings,
        holder=holder,
        on_failure=lambda: setattr(server, "should_exit", True),
        on_ready=lambda: on_ready(holder.address),
        far_side=far_side,
    )
    server = _Server(
        _config(settings, running),
        running,
        on_started=lambda: on_listening(holder.address),
        drain_s=settings.drain_seconds,
    )
    work = asyncio.create_task(running.work())
    try:
        await server.serve(sockets=[listening])
        running.stop()
        await work
    finally:
        withdraw(settings.home, holder)
    if running.failed is not None:
        raise running.failed


class _Server(uvicorn.Server):
    """Says when it listens, and lets the readers of events go before it waits for requests to end."""

    def __init__(
        self, config: uvicorn.Config, running: Running, *, on_started: Callable[[], None], drain_s: float
    ) -> None:
        super().__init__(config)
        self._running = running
        self._on_started = on_started
        self._drain_s = drain_s

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal, and go on to the end of the program: uvicorn itself would die of it before we are done."""
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in _STOP_SIGNALS:
                loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer on until whoever sends requests here has seen that none should be; then finish what came."""
        if not self._running.failed:
            self._running.drain()
            await asyncio.sleep(self._drain_s)
        self._running.stop()
        await super().shutdown(sockets)


def _config(settings: Settings, running: Running) -> uvicorn.Config:
    return uvicorn.Config(
        running,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=int(settings.stop_seconds),
        ws="none",
        h11_max_incomplete_event_size=64 * 1024,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once what is written (TCP_NODELAY) only where the protocol is named: else each answer after the
    # first of a connection waits 40 ms for the other end's acknowledgement
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(host, port, error.strerror or str(error)) from None
    return listening


def _address(listening: socket.socket) -> str:
    """Where this machine reaches the process."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
