"""Renders the prompts in this folder. Strict: a name that was not given is an error, never an empty word."""

from functools import lru_cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent


def render(template: str, **values: object) -> str:
    """Render a template of this folder, such as "turn.md.j2".

    Raises:
        jinja2.UndefinedError: The template uses a name that was not given.
    """
    return _environment().get_template(template).render(**values).strip() + "\n"


@lru_cache(maxsize=1)
def examples() -> tuple[tuple[str, str], ...]:
    """Worked examples for a model: what it is given and what it writes, in the form of a real turn."""
    entries = yaml.safe_load((_FOLDER / "examples.yaml").read_text(encoding="utf-8"))
    return tuple((render("turn.md.j2", **entry["turn"]), entry["answer"]) for entry in entries)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # plain text; the pages have an environment of their own
        trim_blocks=True,
        lstrip_blocks=True,
    )
