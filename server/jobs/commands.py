"""`deskside worker`: a process that only works in the background."""

import typer


def worker() -> None:
    """Run jobs until stopped (Ctrl+C or SIGTERM), beside the processes that serve.

    Needs an index that several processes share (DESKSIDE_CHROMA_URL); exit 2 without.
    """
    from server.settings import Settings

    settings = Settings()
    if settings.chroma_url is None:
        typer.echo(
            f"deskside worker: the index in {settings.index} is one process's, that of `deskside serve`, which runs "
            "the jobs as well. For more processes start `chroma run` and set DESKSIDE_CHROMA_URL to its address.",
            err=True,
        )
        raise typer.Exit(2)
    from server.jobs.process import work_until_stopped

    work_until_stopped(settings)
