"""`deskside eval`: how good retrieval, drafts, checks and the screen are."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Measure retrieval, drafts, checks and the screen against known answers.")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command()
def retrieval(
    docs: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of Markdown documents.")],
    queries: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Questions with the ids that answer.")],
    negatives: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Questions that these documents do not answer.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Rank documents for questions whose answers are known."""
    from server.evals.retrieval import evaluate_retrieval
    from server.settings import Settings

    _print(asyncio.run(evaluate_retrieval(Settings(), docs, queries, negatives)), as_json=as_json)


@app.command()
def drafts(
    file: Annotated[
        Path | None, typer.Option("--input", exists=True, dir_okay=False, help="Threads with what a good answer is.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Draft the demo inbox (or another of its form) and hold each draft against what a good answer is."""
    from server.evals.drafts import evaluate_drafts, print_figures
    from server.settings import Settings

    report = asyncio.run(evaluate_drafts(Settings(), file))
    if as_json:
        _print(report, as_json=True)
    else:
        print_figures(report)


@app.command()
def checks(
    file: Annotated[
        Path | None, typer.Option("--input", exists=True, dir_okay=False, help="Sentences of which it is known.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Check sentences of which it is known whether they are right."""
    from server.evals.checks import evaluate_checks

    report = evaluate_checks(file)
    _print(report, as_json=as_json)
    raise typer.Exit(1 if report.get("errors") else 0)


@app.command()
def screen(
    file: Annotated[
        Path | None, typer.Option("--input", exists=True, dir_okay=False, help="Posts with the danger in them, if any.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Screen posts of which it is known whether there is danger in them."""
    from server.evals.screen import evaluate_screen
    from server.settings import Settings

    _print(asyncio.run(evaluate_screen(Settings(), file)), as_json=as_json)


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    import json

    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for name, value in report.items():
        typer.echo(f"{name:>18}  {value:.3f}" if isinstance(value, float) else f"{name:>18}  {value}")
