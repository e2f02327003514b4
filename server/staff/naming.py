"""Who did something: the people and machines behind ids, by their names."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from server.staff import repository

Names = Mapping[str, str]
"""Names by id."""

_AT_THE_MACHINE: Names = dict.fromkeys(("operator", "machine"), "whoever runs Deskside")
"""Who is nobody's row: commands on the machine itself."""


class Named(BaseModel):
    """A colleague, or a machine's token."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"}]}
    )

    id: str
    name: str | None = Field(description="null: nobody knows any more.")

    @classmethod
    def among(cls, names: Names, id_: str | None) -> Self | None:
        """Whoever has this id; None if there is none."""
        return None if id_ is None else cls(id=id_, name=names.get(id_))


async def names_of(session: AsyncSession, ids: Iterable[str | None]) -> Names:
    """The names of these people and machines, whether or not they still work here."""
    wanted = {id_ for id_ in ids if id_ is not None}
    known = {id_: name for id_, name in _AT_THE_MACHINE.items() if id_ in wanted}
    others = wanted - known.keys()
    return known | (await repository.names(session, others) if others else {})
