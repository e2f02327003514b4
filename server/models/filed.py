"""What stands in a list of the knowledge folder and is changed in the database."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from server.models.columns import UtcTime


class FiledRow(SQLModel):
    """The columns that say which of the two decides; server/policies/seeded.py holds the rule.

    `version` rises with every change. `changed_here`: somebody has changed it in the database since it said what its
    file says; then the file decides nothing, and `file_differs` says that it says something else and was left. One that
    is retired stays, and its id is given to no other, because drafts and answers tell of it by that.
    """

    id: str = Field(primary_key=True)
    version: int = 1
    changed_here: bool = False
    file_differs: bool = False
    created_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)
    changed_by: str | None = None
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)
    retire_reason: str | None = None
