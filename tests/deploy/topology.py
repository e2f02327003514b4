"""The processes of deploy/compose.yaml without containers.

Each has the environment that Compose would give it, but for the names of hosts and folders, which are this machine's.
"""

import json
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.deploy.composed import DEPLOY, lay_out, read
from tests.fixtures.programs import DESKSIDE, Program, free_port
from tests.fixtures.town import Town

# What a person adds to .env: a town's pace, and its network, which is on this machine.
_IN_ENV = {
    "DESKSIDE_PUBLIC_URL": "https://localhost",
    "DESKSIDE_QUIET_MINUTES": "0.005",
    "DESKSIDE_UNDO_SECONDS": "0.2",
    "DESKSIDE_POLL_SECONDS": "1",
    "DESKSIDE_SENDS_PER_MINUTE": "60000",
    "DESKSIDE_PRIVATE_HOSTS": "127.0.0.1",
}
_HANDED = ("database_url", "deskside_secret")


class Topology:
    """All of it; without a proxy where its program is not installed. People come in at `address`."""

    def __init__(self, composed: Mapping[str, Any], town: Town, index: str, folder: Path) -> None:
        self.town = town
        self._services, self._index, self._folder = composed["services"], index, folder
        self._ports = {name: str(free_port()) for name in ("web-1", "web-2", "http", "https")}
        self.webs = [self._web("web-1"), self._web("web-2")]
        self.workers = [
            self._program("worker", f"worker-{number}", *self._services["worker"]["command"][1:])
            for number in range(self._services["worker"]["deploy"]["replicas"])
        ]
        self.proxy = self._proxy()

    @property
    def address(self) -> str:
        return (self.proxy or self.webs[1]).address

    @property
    def unsafe_address(self) -> str:
        """Where the proxy sends people on to the other."""
        return f"http://localhost:{self._ports['http']}"

    def browser(self) -> httpx.AsyncClient:
        """A client that trusts the proxy's own authority and nobody else."""
        root = self._folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        trust = ssl.create_default_context(cafile=str(root)) if self.proxy else False
        return httpx.AsyncClient(base_url=self.address, verify=trust, timeout=30, trust_env=False)

    def run(self, *arguments: str) -> dict[str, Any]:
        """`docker compose exec web-1 deskside …`: what the command prints as JSON."""
        done = subprocess.run(
            [sys.executable, *DESKSIDE, *arguments, "--json"],
            env=self.webs[0].environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    async def start(self) -> None:
        """In the order of `depends_on`."""
        await self.webs[0].started()
        self.webs[1].start()
        for worker in self.workers:
            worker.start()
        await self.webs[1].ready()
        for worker in self.workers:
            await worker.until(lambda worker=worker: _works(worker))
        if self.proxy is not None:
            self.proxy.start()
            await self.proxy.until(self._answers)

    def kill(self) -> None:
        for program in (*([self.proxy] if self.proxy else []), *self.webs, *self.workers):
            program.kill()

    async def _answers(self) -> bool:
        try:
            async with self.browser() as http:
                return (await http.get("/healthz")).is_success
        except (OSError, httpx.TransportError):
            return False

    def _web(self, name: str) -> Program:
        assert self._services[name]["command"] is None  # the image's: deskside serve
        return self._program(name, name, "serve", address=f"http://127.0.0.1:{self._ports[name]}")

    def _program(self, service: str, name: str, *arguments: str, address: str = "") -> Program:
        given = {name: "127.0.0.1" if value == "0.0.0.0" else value for name, value in self._given(service).items()}
        here = {
            "/run/secrets": str(self._folder / "deploy" / "secrets"),
            "/var/lib/deskside": str(self._folder / name),
            "/srv/knowledge": self.town.environment["DESKSIDE_KNOWLEDGE"],
            "http://chroma:8000": self._index,
            self._services["proxy"]["networks"]["front"]["ipv4_address"]: "127.0.0.1",
        }
        environment = _replace(given, here)
        if service in self._ports:
            environment["DESKSIDE_PORT"] = self._ports[service]
        log = self._folder / f"{name}.log"
        return Program(*DESKSIDE, *arguments, log=log, environment=environment, address=address)

    def _proxy(self) -> Program | None:
        caddy = shutil.which("caddy")
        if caddy is None:
            return None
        here = {f"{name}:8000": f"127.0.0.1:{self._ports[name]}" for name in ("web-1", "web-2")}
        machine = {
            "LISTEN_ON": "127.0.0.1",
            "LISTEN_HTTP": self._ports["http"],
            "LISTEN_HTTPS": self._ports["https"],
            "HOME": str(self._folder),
            "XDG_DATA_HOME": str(self._folder),
            "XDG_CONFIG_HOME": str(self._folder / "caddy-config"),
        }
        arguments = ("run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile")
        environment = _replace(self._given("proxy"), here) | machine
        log = self._folder / "proxy.log"
        address = f"https://localhost:{self._ports['https']}"
        return Program(*arguments, log=log, environment=environment, address=address, executable=caddy)

    def _given(self, service: str) -> dict[str, str]:
        return dict(self._services[service]["environment"])


@asynccontextmanager
async def open_topology(town: Town, index: str, folder: Path) -> AsyncIterator[Topology]:
    """All processes, running until the end of the block, over the town's database and network."""
    secrets = lay_out(folder / "deploy")
    with (folder / "deploy" / ".env").open("a") as env:
        env.writelines(f"{name}={value}\n" for name, value in _IN_ENV.items())
    for name, value in zip(_HANDED, (town.database, town.environment["DESKSIDE_SECRET"]), strict=True):
        (secrets / name).write_text(f"{value}\n")
    topology = Topology(read(folder / "deploy"), town, index, folder)
    try:
        await topology.start()
        yield topology
    finally:
        topology.kill()


async def _works(worker: Program) -> bool:
    return '"words": "working"' in worker.log()


def _replace(environment: Mapping[str, str], here: Mapping[str, str]) -> dict[str, str]:
    replaced = dict(environment)
    for there, now in here.items():
        replaced = {name: value.replace(there, now) for name, value in replaced.items()}
    return replaced
