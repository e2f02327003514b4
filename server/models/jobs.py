"""Work that follows from a change, committed with it; and the lanes that keep it in bounds."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column

_WAITING = text("state = 'ready'")


class JobRow(SQLModel, table=True):
    """A piece of work. `state` is ready, running, done or dead.

    `key` keeps the same work from waiting twice, and from running twice at once. A worker holds a job until
    `leased_until`; `fence` rises with every claim, and only the holder of the newest may finish it. `attempts` counts
    claims since the job was last put in by hand. A job without a brand is nobody's customer's.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_ready", "state", "lane", "priority", "run_after"),
        Index("ix_jobs_ended", "state", "finished_at", "id"),
        Index("uq_jobs_waiting", "key", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: str = Field(primary_key=True)
    kind: str
    key: str | None = None
    brand: str | None = None
    lane: str
    priority: int = 5
    payload: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    state: str = "ready"
    run_after: datetime = Field(sa_type=UtcTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcTime)
    worker: str | None = None
    fence: int = 0
    attempts: int = 0
    error: str | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)


class LaneRow(SQLModel, table=True):
    """A lane that may have to wait: until the network listens again, or because its rate is used up.

    `paced_until` is when all that was begun would be done at the lane's rate; a burst may run ahead of it.
    """

    __tablename__ = "lanes"

    lane: str = Field(primary_key=True)
    blocked_until: datetime | None = Field(default=None, sa_type=UtcTime)
    paced_until: datetime | None = Field(default=None, sa_type=UtcTime)
