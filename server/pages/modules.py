"""Joins a page's module with all that it imports, so that a browser loads one file (decision 0055).

Each module keeps a scope of its own: it becomes a function that runs once and returns what the module exports. That
needs three forms alone, each on a line of its own, and any other is an error when the program starts:

    import { call, read as readOne } from "./api.js";
    import "./frame.js";
    export function part(address) {        (const, class and async function as well)
"""

import re
from collections.abc import Mapping
from pathlib import PurePath

_IMPORT = re.compile(r'^import (?:(\{[\w\s,]*\}) from )?"\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:const|class|(?:async )?function\*?) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport(?:\(|\.meta).*", re.MULTILINE)


class CannotJoin(ValueError):
    """A module says something that joining does not know, or imports itself by a detour."""


def join(name: str, written: Mapping[str, str]) -> str:
    """A module and, before it, whatever it imports: one file that does the same.

    Args:
        name: The module that a page names.
        written: Every module by the name of its file.

    Raises:
        CannotJoin: A module imports or exports in a form of which nothing is known here.
    """
    return "\n".join(_scope(module, written[module]) for module in _in_order(name, written, ()))


def _in_order(name: str, written: Mapping[str, str], importing: tuple[str, ...]) -> dict[str, None]:
    """The modules as a browser would run them: each once, after those that it imports."""
    if name in importing or name not in written:
        raise CannotJoin(f"{' imports '.join((*importing, name))}, which is not there or not yet")
    found: dict[str, None] = {}
    for _, imported in _IMPORT.findall(written[name]):
        found |= _in_order(imported, written, (*importing, name))
    return found | {name: None}


def _scope(name: str, source: str) -> str:
    exported = ", ".join(declared for _, declared in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(_taken, source))
    if other := _OTHER.search(body):
        raise CannotJoin(f"{name} says {other.group()!r}; server/pages/modules.py tells what can be joined")
    given = f"return {{ {exported} }};\n" if exported else ""
    return f"// {name}\nconst {_constant(name)} = (() => {{\n{body}{given}}})();\n"


def _taken(written: re.Match[str]) -> str:
    names, module = written.groups()
    return f"const {re.sub(r' as ', ': ', names)} = {_constant(module)};" if names else ""


def _constant(name: str) -> str:
    return "of_" + PurePath(name).stem.replace("-", "_")
