"""The log: one JSON object a line, with the request's and the case's id, and nobody's words.

An exception is told by its kind and its place in the code. Its message is left out, because those of databases, parsers
and HTTP clients repeat what they were given: a customer's text, an address.
"""

import asyncio
import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from server.errors import Refused
from server.log_context import case_id, request_id

_ROOT = Path(__file__).resolve().parents[2]
_TALKATIVE = (
    "httpx",
    "httpx2",
    "httpcore",
    "openai",
    "chromadb",
    "asyncio",
    "sqlalchemy",
    "urllib3",
    "alembic",
)
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def log_json(level: str) -> None:
    """Send everything that is logged to standard error, a JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    handler.addFilter(tells_no_cancelling)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def tells_no_cancelling(record: logging.LogRecord) -> bool:
    """Leave out that a connection was reset for work that was cancelled.

    Whoever hangs up, and a process that stops, cancels what it asked for. The pool throws that work's connection away,
    as it should, and tells of it as an error, while nothing is wrong; whoever alerts on errors would be called for it.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not (record.name.startswith("sqlalchemy.pool") and isinstance(error, asyncio.CancelledError))


class JsonLine(logging.Formatter):
    """A record as a line of JSON; what was given as `extra` stands beside its words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.casefold(),
            "logger": record.name,
            "words": record.getMessage(),
            "request_id": request_id.get(),
            "case_id": case_id.get(),
            **{name: value for name, value in vars(record).items() if name not in _USUAL},
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = tell_fault(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value is not None}, default=str)


def tell_fault(error: BaseException) -> dict[str, Any]:
    """What failed, where, and because of what. Words are kept of our own refusals alone."""
    told: dict[str, Any] = {"kind": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, Refused):
        told["words"] = str(error)
    told["at"] = _places(error.__traceback__)
    if isinstance(error, BaseExceptionGroup):
        told["of"] = [tell_fault(part) for part in error.exceptions]
    because = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if because is not None:
        told["because"] = tell_fault(because)
    return told


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename.removeprefix(f'{_ROOT}/')}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
