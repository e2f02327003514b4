"""`deskside serve` and `deskside doctor`."""

import asyncio
from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; DESKSIDE_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, 0: any; DESKSIDE_PORT.")] = None,
) -> None:
    """Serve the API and work in the background until stopped (Ctrl+C or SIGTERM)."""
    from server.settings import Settings
    from server.web.serving import serve as serve_until_stopped

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings(**given)  # type: ignore[arg-type]
    serve_until_stopped(settings, on_listening=lambda address: typer.echo(f"Deskside listens on {address}", err=True))


def doctor() -> None:
    """Look at everything Deskside needs, one line each with what to do; exit 1 if something is wrong."""
    from server.web.doctor import examine

    lines = asyncio.run(examine())
    for line in lines:
        typer.echo(str(line))
    raise typer.Exit(1 if any(line.wrong for line in lines) else 0)
