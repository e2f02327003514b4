"""The accounts that Deskside speaks as: seeded from `knowledge/accounts.yaml`, then kept in the database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import repository
from server.channels.adapters import ADAPTERS, UnknownAdapter
from server.channels.addresses import NotReachable, Reach
from server.channels.hours import Hours
from server.errors import Conflict, NotFound, Unprocessable
from server.events.log import record
from server.models import AccountRow
from server.policies.yaml_files import read_entries
from server.shop.folding import fold_channel
from tools.proposals import TEAMS

FILE = "accounts.yaml"

InitialsForm = Annotated[str, StringConstraints(pattern=r"^[^\w\s@#{}][^\w@#{}\n\r]{0,2}\{initials\}[^\w\s@#{}]{0,2}$")]
"""Around "{initials}" a mark before, such as ^ or a dash, and at most a bracket after."""

_Name = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class AccountEntry(BaseModel):
    """An account as it is written in the knowledge folder, or added."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = Field(examples=["fernhollow-x"])
    brand: _Name = Field(examples=["fernhollow"])
    channel: Annotated[_Name, StringConstraints(to_lower=True)] = Field(
        description="Whose rules count characters: x, bluesky, mastodon, instagram, …", examples=["x"]
    )
    adapter: str = Field(description="What speaks to it.", examples=["webhook"])
    handle: _Name = Field(examples=["FernhollowHelp"])
    settings: dict[str, Any] = Field(default_factory=dict, max_length=20, description="What its adapter needs.")
    hours: Hours = Field(default_factory=Hours)
    initials: InitialsForm | None = Field(
        default=None,
        description="How a text ends with the initials of who approves it; null: it does not.",
        examples=["^{initials}"],
    )

    @field_validator("adapter")
    @classmethod
    def _is_there(cls, adapter: str) -> str:
        if adapter not in ADAPTERS:
            raise ValueError(str(UnknownAdapter(adapter)))
        return adapter

    @field_validator("settings")
    @classmethod
    def _can_be_called(cls, settings: dict[str, Any]) -> dict[str, Any]:
        url = settings.get("url")
        if url is not None and (not isinstance(url, str) or not _is_http(url)):
            raise ValueError("`url` must be an http or https address without a name or password in it")
        return settings


class UnreachableAddress(Unprocessable):
    """An account's address leads to a machine that texts may not be sent to, or to none."""


class AccountExists(Conflict):
    """There is or was an account of this id."""


class HoursChanged(Conflict):
    """The hours are not what they were when they were read; the details hold those that stand."""


class NotHours(Unprocessable):
    """Somebody would be called for a team that nothing is handed over to."""


class NoSuchAccount(NotFound):
    """There is no such account, or none of the caller's brands."""


def load_accounts(directory: Path) -> Sequence[AccountEntry]:
    """The accounts in a knowledge folder; none if it has no such file.

    Raises:
        BadKnowledgeFile: naming the first field that does not fit.
    """
    return read_entries(AccountEntry, directory / FILE, "accounts")


async def seed_accounts(session: AsyncSession, entries: Sequence[AccountEntry], now: datetime) -> list[str]:
    """Add those that the database has never had; what it has, removed ones too, stays as it is. Gives the new ones."""
    return [entry.id for entry in entries if await _add(session, _row(entry, now), now)]


async def check_address(entry: AccountEntry, reach: Reach) -> None:
    """Refuse an account whose address may not be called, before a text is waiting to be sent there.

    Raises:
        UnreachableAddress: A name that leads nowhere is told in the same words, so that nobody maps our network.
    """
    url = entry.settings.get("url")
    try:
        if url is not None:
            await reach.check(url)
    except NotReachable:
        words = "`url` must lead to a public address, or to a machine of your own that DESKSIDE_PRIVATE_HOSTS lists"
        raise UnreachableAddress(words) from None


async def add_account(session: AsyncSession, entry: AccountEntry, now: datetime) -> AccountRow:
    """Speak as this account from now on.

    Raises:
        AccountExists: The id is taken; one that was removed is not used again, because its posts and texts name it.
    """
    row = _row(entry, now)
    if not await _add(session, row, now):
        raise AccountExists(f"the id {entry.id} is or was another account's; choose another")
    return row


def _row(entry: AccountEntry, now: datetime) -> AccountRow:
    return AccountRow(
        id=entry.id,
        brand=entry.brand,
        channel=fold_channel(entry.channel),
        adapter=entry.adapter,
        handle=entry.handle.removeprefix("@"),
        settings=entry.settings,
        hours=entry.hours.model_dump(mode="json"),
        initials=entry.initials,
        created_at=now,
    )


async def _add(session: AsyncSession, row: AccountRow, now: datetime) -> bool:
    added = await repository.insert_account(session, row)
    if added:
        record(session, "account.added", row.id, brand=row.brand, at=now, channel=row.channel)
    return added


async def get_account(session: AsyncSession, account: str, *, brands: frozenset[str] | None = None) -> AccountRow:
    """The account of this id, of these brands or of any.

    Raises:
        NoSuchAccount: It is not there, or was removed.
    """
    row = await repository.find_account(session, account)
    if row is None or (brands is not None and row.brand not in brands):
        raise NoSuchAccount(f"no account {account}")
    return row


async def change_hours(
    session: AsyncSession,
    account: str,
    hours: Hours,
    *,
    was: Hours,
    now: datetime,
    by: str,
    brands: frozenset[str],
) -> AccountRow:
    """Answer the account at these times from now on. What is due already stays due when it was.

    Raises:
        NoSuchAccount: It is not there, was removed, or is none of these brands'.
        HoursChanged: They are not what they were when they were read.
        NotHours: Somebody would be called for a team that there is none of.
    """
    row = await repository.lock_account(session, account)
    if row is None or row.brand not in brands:
        raise NoSuchAccount(f"no account {account}")
    if Hours.model_validate(row.hours) != was:
        raise HoursChanged("these hours were changed since you read them; look at them again", hours=row.hours)
    for one in hours.on_call:
        if one.team not in TEAMS:
            raise NotHours(f"nothing is handed over to {one.team}; use one of {', '.join(TEAMS)}", team=one.team)
    row.hours = hours.model_dump(mode="json")
    session.add(row)
    record(session, "account.hours_changed", row.id, brand=row.brand, at=now, by=by)
    return row


async def change_initials(
    session: AsyncSession, account: str, form: str | None, *, now: datetime, by: str, brands: frozenset[str]
) -> AccountRow:
    """Let texts that are approved from now on end with the approver's initials in this form; None: let them not.

    What is approved already is sent as it was approved.

    Raises:
        NoSuchAccount: It is not there, was removed, or is none of these brands'.
    """
    row = await repository.lock_account(session, account)
    if row is None or row.brand not in brands:
        raise NoSuchAccount(f"no account {account}")
    row.initials = form
    session.add(row)
    record(session, "account.initials_changed", row.id, brand=row.brand, at=now, by=by)
    return row


async def renew_secret(session: AsyncSession, account: str, now: datetime) -> AccountRow:
    """Give the account's webhook another secret; what is signed with the old one is refused from now on.

    Raises:
        NoSuchAccount: It is not there, or was removed.
    """
    row = await get_account(session, account)
    row.secret_version += 1
    session.add(row)
    record(session, "account.secret_renewed", row.id, brand=row.brand, at=now)
    return row


async def remove_account(
    session: AsyncSession, account: str, now: datetime, *, brands: frozenset[str] | None = None
) -> AccountRow:
    """Take nothing in and send nothing out for this account any more; what there is stays to be read.

    Raises:
        NoSuchAccount: It is not there, or was removed before.
    """
    row = await get_account(session, account, brands=brands)
    row.removed_at = now
    session.add(row)
    record(session, "account.removed", row.id, brand=row.brand, at=now)
    return row


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
