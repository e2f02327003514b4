"""Finding everything of a customer: from table to table by the ids that rows lead on to, until there is no more."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from server.privacy import repository
from server.privacy.holdings import Table
from server.privacy.repository import Key, Row
from server.privacy.tables import TABLES

Author = tuple[str, str, str]
"""Whose posts: those of this folded handle on an account or in a thread: ("account", id, handle)."""


@dataclass(slots=True)
class Found:
    """Rows by table and key; the ids by which they were found, and the authors whose posts they are.

    `named` are folded handles that are theirs, wherever we have an account; `networks` the networks' ids of their own
    posts, by account.
    """

    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    authors: set[Author] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    networks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rows: dict[str, dict[Key, Row]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def handles(self) -> set[str]:
        """The folded handles."""
        return self.named | {handle for _, _, handle in self.authors}

    def add(self, name: str, rows: Iterable[Row], brands: Collection[str] | None) -> None:
        """Rows of a table, unless they are of other brands; and what they lead on to."""
        for row in rows:
            if brands is not None and row.get("brand") is not None and row["brand"] not in brands:
                continue
            self.rows[name][repository.key_of(name, row)] = row
            for column, kind in TABLES[name].gives.items():
                if row[column] is not None:
                    self.ids[kind].add(row[column])


async def find_all(session: AsyncSession, found: Found, *, brands: Collection[str] | None) -> None:
    """Find everything that hangs on the ids and authors that are known; of these brands, or of all."""
    walk = _Walk(session, found, brands)
    while await walk.go_on():
        pass


class _Walk:
    """Asks each table for each id once."""

    def __init__(self, session: AsyncSession, found: Found, brands: Collection[str] | None) -> None:
        self._session, self._found, self._brands = session, found, brands
        self._asked: dict[tuple[str, str, str], set[str]] = defaultdict(set)

    async def go_on(self) -> bool:
        """Once through all tables; whether there was anything new to ask for."""
        asked = await self._by_authors()
        for name, table in TABLES.items():
            asked = await self._by_ids(name, table) or asked
        return asked

    async def _by_ids(self, name: str, table: Table) -> bool:
        asked = False
        for by in table.found_by:
            new = self._new(name, by.column, by.among, self._found.ids[by.among])
            if new:
                where = dict([by.where]) if by.where else None
                self._add(name, await repository.rows_among(self._session, name, by.column, new, where))
                asked = True
        return asked

    async def _by_authors(self) -> bool:
        asked = False
        for within, place, handle in sorted(self._found.authors):
            if self._new("posts", within, place, {handle}):
                await self._of_author(within, place, handle)
                asked = True
        sent = defaultdict(set)
        for row in self._found.rows["publications"].values():
            sent[row["account"]].add(row["network_id"])
        for column, by_account in (("in_reply_to", self._found.networks), ("network_id", sent)):
            for account, names in list(by_account.items()):
                asked = await self._ours(account, column, names - {None}) or asked
        return asked

    async def _ours(self, account: str, column: str, names: Collection[str]) -> bool:
        """Our posts that answer theirs, or that we have sent."""
        new = self._new("posts", column, account, names)
        ours = {"role": "brand", "account": account}
        self._add("posts", await repository.rows_among(self._session, "posts", column, new, ours))
        return bool(new)

    async def _of_author(self, within: str, place: str, handle: str) -> None:
        session = self._session
        theirs = {"folded_author": handle, "role": "customer"}
        posts = await repository.rows_among(session, "posts", within, {place}, theirs)
        for row in posts:
            self._found.networks[row["account"]].add(row["network_id"])
        self._add("posts", posts)
        self._add("posts", await repository.rows_among(session, "posts", within, {place}, {"private_to": handle}))
        self._add("cases", await repository.rows_among(session, "cases", within, {place}, {"folded_author": handle}))

    def _new(self, name: str, column: str, kind: str, ids: Collection[str]) -> set[str]:
        known = self._asked[name, column, kind]
        new = set(ids) - known
        known |= new
        return new

    def _add(self, name: str, rows: Iterable[Row]) -> None:
        self._found.add(name, rows, self._brands)
