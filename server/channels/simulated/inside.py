"""The simulated network inside a process of Deskside's: no port, no other process, the posts in the home."""

from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send


def network_in(home: Path) -> ASGIApp:
    """The application over the posts in this home, which are opened at its first request."""
    made: list[ASGIApp] = []

    async def network(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            from server.channels.simulated.app import create_network
            from server.channels.simulated.repository import NetworkPosts

            made.append(create_network(NetworkPosts(file_in(home))))
        await made[0](scope, receive, send)

    return network


def file_in(home: Path) -> Path:
    """Where the simulated network of a home keeps its posts."""
    return home / "simulated-network.db"
