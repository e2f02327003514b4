"""Who was erased, as digests: an import, or a network that tells old posts again, must not bring them back."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.seals import Seals
from server.db import reading
from server.privacy import repository
from server.privacy.emptying import post_pseudonyms
from server.settings import Settings


class ErasedMeanwhile(Exception):
    """A customer was erased while an import ran, which may hold their records."""

    def __init__(self) -> None:
        super().__init__("a customer was erased while this import ran; it has changed nothing: run it again")


class NobodyCanTell(Exception):
    """Customers were erased, and without the secret of that time nobody can tell who."""

    def __init__(self) -> None:
        words = "customers were erased from this database, and who they are is known with the secret of that time alone"
        super().__init__(f"{words}: set DESKSIDE_OLD_SECRETS, or deskside import --old-secret FILE")


@dataclass(frozen=True, slots=True)
class Erased:
    """The customers that were erased: `customer in erased`."""

    digests: frozenset[str]
    seals: Seals | None

    def __contains__(self, customer: object) -> bool:
        """Whether the customer of this id was."""
        if not self.digests:
            return False
        if self.seals is None:
            raise NobodyCanTell
        return not self.digests.isdisjoint(self.seals.pseudonyms("customer", str(customer)))

    async def refuse_others(self, session: AsyncSession) -> None:
        """Make sure that nobody was erased since this was read.

        Raises:
            ErasedMeanwhile: Somebody was.
        """
        if await repository.erased(session) != self.digests:
            raise ErasedMeanwhile


async def read_erased(engine: AsyncEngine, seals: Seals | None) -> Erased:
    """All who were erased up to now.

    Raises:
        NobodyCanTell: They were erased under another secret.
    """
    async with reading(engine) as session:
        marks = await repository.marks(session)
        if seals is not None and any(mark not in seals.pseudonyms("erasure", of) for of, mark in marks.items()):
            raise NobodyCanTell
        return Erased(frozenset(await repository.erased(session)), seals)


@lru_cache(maxsize=4)
def _seals(secret: SecretStr | None, old_secrets: SecretStr | None, home: Path) -> Seals:
    return Seals.of_settings(Settings(secret=secret, old_secrets=old_secrets, home=home))


def erased_posts(settings: Settings, account: str, network_ids: Collection[str]) -> dict[str, set[str]]:
    """What stands for posts of these ids where they were erased, under any of our secrets, by the network's ids."""
    seals = _seals(settings.secret, settings.old_secrets, settings.home)
    return {name: post_pseudonyms(seals, account, name) for name in network_ids}
