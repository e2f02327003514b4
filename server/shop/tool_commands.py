"""`deskside tools list` and `deskside tools run`: the model's tools, by hand."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The functions a model may call.", no_args_is_help=True)


@app.command("list")
def list_tools(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, with each tool's arguments.")] = False,
) -> None:
    """Show every tool as a model is shown it."""
    from tools.registry import TOOLS

    if as_json:
        shown = [
            {
                "name": tool.name,
                "effect": tool.effect,
                "description": tool.description,
                "arguments": tool.arguments.model_json_schema(),
            }
            for tool in TOOLS
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for tool in TOOLS:
        typer.echo(f"{tool.name}({', '.join(tool.arguments.model_fields)})  [{tool.effect}]")
        typer.echo("    " + tool.description.replace("\n", "\n    ") + "\n")


@app.command("run")
def run_tools(
    file: Annotated[
        Path, typer.Option("--input", help="JSON Lines of {id, customer, tool, arguments}; - for standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line, in input order.")] = False,
) -> None:
    """Call tools, each for the customer its line names, exactly as a model would reach them."""
    from server.json_lines import STANDARD_INPUT, read_lines

    if file != STANDARD_INPUT and not file.is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="--input")
    failed = asyncio.run(_run(read_lines(file), as_json))
    raise typer.Exit(1 if failed else 0)


async def _run(lines: Iterable[str], as_json: bool) -> bool:
    """Run and print each line; returns whether one failed."""
    from datetime import UTC, datetime

    from server.settings import Settings
    from server.shop.tool_calls import run_calls
    from server.wiring import open_desk

    settings = Settings()
    now = datetime.now(UTC)
    failed = False
    async with open_desk(settings) as desk:
        async for answer in run_calls(lines, desk.ports, desk.guidance, now=now, region=settings.region):
            failed = failed or "error" in answer
            if as_json:
                typer.echo(json.dumps(answer, ensure_ascii=False))
            elif "error" in answer:
                typer.echo(f"{answer['id']}: {answer['error']}", err=True)
            else:
                typer.echo(f"{answer['id']}:\n{answer['result']['words']}\n")
    return failed
