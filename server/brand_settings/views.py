"""What a brand has decided, as it is told: with whether the files decide, and every version."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from server.brand_settings import repository
from server.brand_settings.deciding import Said, Standing
from server.models import BrandSettingRow
from server.staff.naming import Named, Names, names_of


class SettingVersion(BaseModel):
    """Who decided on a version, when and why."""

    version: int
    at: AwareDatetime
    by: Annotated[Named | None, Field(description="Null: the knowledge folder said the same, and decides again.")]
    why: str

    @classmethod
    def of(cls, row: BrandSettingRow, names: Names) -> Self:
        """As the row stands."""
        return cls(version=row.number, at=row.at, by=Named.among(names, row.staff), why=row.why)


class DecidedView(BaseModel):
    """What every view of something decided tells of it."""

    brand: str
    version: Annotated[int, Field(description="0: nobody has changed what the knowledge folder says.")]
    from_files: Annotated[bool, Field(description="Whether the knowledge folder decides.")]
    file_differs: Annotated[bool, Field(description="Whether the folder says something else, and is left.")]
    versions: Annotated[list[SettingVersion], Field(description="The newest first.")]


async def decided_fields(
    session: AsyncSession, subject: str, brand: str, standing: Standing[Said]
) -> Mapping[str, Any]:
    """The fields of a `DecidedView`."""
    rows = await repository.versions(session, subject, brand)
    names = await names_of(session, [row.staff for row in rows])
    return {
        "brand": brand,
        "version": standing.version,
        "from_files": standing.row is None or standing.row.from_file,
        "file_differs": standing.said != standing.in_files,
        "versions": [SettingVersion.of(row, names) for row in rows],
    }
