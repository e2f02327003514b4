"""The `deskside` command. Subcommands are imported when they are called, so that each starts fast."""

import importlib
import sys

import typer

_COMMANDS = {
    "serve": "server.web.commands:serve",
    "doctor": "server.web.commands:doctor",
    "worker": "server.jobs.commands:worker",
    "import": "server.shop.commands:import_shop",
    "demo": "server.drafts.commands:demo",
    "draft": "server.drafts.commands:draft",
    "ask": "server.drafts.commands:ask",
    "tools": "server.shop.tool_commands:app",
    "knowledge": "server.policies.commands:app",
    "eval": "server.evals.commands:app",
    "staff": "server.staff.commands:app",
    "channels": "server.channels.commands:app",
    "incidents": "server.incidents.commands:app",
    "pause": "server.publications.commands:app",
    "promises": "server.promises.commands:app",
    "questions": "server.questions.commands:app",
    "audit": "server.audit.commands:app",
    "privacy": "server.privacy.commands:app",
    "insights": "server.insights.commands:insights",
    "restored": "server.publications.commands:restored",
}
_OURS = frozenset({"assistant", "retrieval", "tools", "prompts", "server"})


def main() -> None:
    """Run one `deskside` command and exit: 0 done, 1 the work failed, 2 the call was wrong.

    An error of ours says what was wrong and what to do, and is shown as it stands; so is what the disk, the database or
    the environment refuses. Anything else is a fault in Deskside and keeps its traceback.
    """
    try:
        build_app(sys.argv[1] if len(sys.argv) > 1 else None)()
    except Exception as error:
        told = _told(error)
        if told is None:
            raise
        words, code = told
        typer.echo(f"deskside: {words}", err=True)
        sys.exit(code)


def _told(error: Exception) -> tuple[str, int] | None:
    """What to say of an error that a person can mend, and the exit code; None for a fault in Deskside."""
    if type(error).__module__.split(".")[0] in _OURS:
        return str(error), 1
    if isinstance(error, OSError):
        return str(error), 1
    if type(error).__module__ == "sqlalchemy.exc":
        return f"this home's database cannot be used: {getattr(error, 'orig', None) or error}", 1
    from pydantic import ValidationError

    if isinstance(error, ValidationError) and error.title == "Settings":
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        return f"a setting is wrong (docs/settings.md): {wrong}", 2
    return None


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
