"""`python -m server.channels.simulated FILE [--port N]`: the simulated network as a process of its own."""

import argparse
from pathlib import Path

import uvicorn

from server.channels.simulated.app import create_network
from server.channels.simulated.repository import NetworkPosts


def main() -> None:
    """Serve until stopped; on this machine alone."""
    arguments = argparse.ArgumentParser(prog="python -m server.channels.simulated", description=main.__doc__)
    arguments.add_argument("file", type=Path, help="Where its posts are kept.")
    arguments.add_argument("--port", type=int, default=8090)
    given = arguments.parse_args()
    # who is silent on purpose would never finish by itself
    uvicorn.run(
        create_network(NetworkPosts(given.file)),
        host="127.0.0.1",
        port=given.port,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
