"""What was said to a customer before."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime


class PastPostRow(SQLModel, table=True):
    """A post of an earlier case, the customer's or ours."""

    __tablename__ = "past_posts"
    __table_args__ = (Index(None, "customer", "created_at"),)

    id: str = Field(primary_key=True)
    customer: str
    channel: str
    role: str
    created_at: datetime = Field(sa_type=UtcTime)
    text: str
