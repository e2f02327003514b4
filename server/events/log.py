"""Writing down what happened, in the transaction in which it happened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from server.events import repository
from server.log_context import caller

_PENDING = "events"
_told: set[Callable[[], object]] = set()


def record(session: AsyncSession, kind: str, subject: str, *, brand: str, at: datetime, **data: Any) -> None:  # noqa: ANN401 - JSON
    """Add an event; it counts when the session's transaction is committed.

    Args:
        session: The transaction of the change itself.
        kind: What happened, "draft.approved": a noun of the business and a past participle.
        subject: The id of the record it happened to.
        brand: Whose record it is; only staff of this brand is told.
        at: When.
        **data: Ids, states and numbers. Never a customer's words or a draft's text.
    """
    if _PENDING not in session.info:
        session.info[_PENDING] = []
        event.listen(session.sync_session, "before_commit", _write)
        event.listen(session.sync_session, "after_commit", _tell)
    # a command on the machine names its person alone, work in the background often nobody
    by, token = caller.get() or (data.get("by"), None)
    told = {"kind": kind, "subject": subject, "brand": brand, "at": at, "caller": by, "token": token, "data": data}
    session.info[_PENDING].append(told)


@contextmanager
def told_of_commits(tell: Callable[[], object]) -> Iterator[None]:
    """Call `tell` whenever this process has committed events. It must not wait."""
    _told.add(tell)
    try:
        yield
    finally:
        _told.discard(tell)


def _write(session: Session) -> None:
    """All of a transaction's events at once, as its last change."""
    if pending := session.info[_PENDING]:
        repository.write(session, pending)
        session.info[_PENDING] = []


def _tell(_session: object) -> None:
    for tell in tuple(_told):
        tell()
