"""The `deskside` command. Subcommands are imported when they are called, so that each starts fast."""

import importlib
import sys

import typer

_COMMANDS = {
    "import": "server.shop.commands:import_shop",
    "demo": "server.drafts.commands:demo",
    "draft": "server.drafts.commands:draft",
    "ask": "server.drafts.commands:ask",
    "tools": "server.shop.tool_commands:app",
    "knowledge": "server.policies.commands:app",
    "eval": "server.evals.commands:app",
}
_OURS = frozenset({"assistant", "retrieval", "tools", "prompts", "server"})


def main() -> None:
    """Run one `deskside` command and exit: 0 done, 1 the work failed, 2 the call was wrong.

    An error of ours says what was wrong and what to do, and is shown as it stands; anything else is a fault in
    Deskside and keeps its traceback.
    """
    try:
        build_app(sys.argv[1] if len(sys.argv) > 1 else None)()
    except Exception as error:
        if type(error).__module__.split(".")[0] not in _OURS:
            raise
        typer.echo(f"deskside: {error}", err=True)
        sys.exit(1)


def build_app(wanted: str | None) -> typer.Typer:
    """The application with the wanted command alone, or with all of them where `wanted` is none of ours."""
    app = typer.Typer(name="deskside", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_group)
    for name, target in _COMMANDS.items():
        if wanted in _COMMANDS and name != wanted:
            continue
        module, attribute = target.split(":")
        command = getattr(importlib.import_module(module), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _group() -> None:
    """A service-agent assistant: drafts grounded replies for a person to approve."""
    # without a callback, an app of one command would take the command's name for its first argument
