"""How an account does: whether its network answers, what came in and went out last, what was not sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import health_repository
from server.models import AccountRow

LATELY = timedelta(days=7)
"""How far back what was not sent is looked for."""


class AccountHealth(BaseModel):
    """An account at this moment."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "account": "fernhollow-x",
                "reachable": True,
                "trouble": None,
                "last_post_at": "2026-11-20T11:58:00Z",
                "last_sent_at": "2026-11-20T11:40:00Z",
                "failed": 1,
                "failed_at": "2026-11-19T09:12:00Z",
                "failed_words": "the network says that the post it answers was deleted",
            }
        }
    )

    account: str
    reachable: bool = Field(description="False: its network did not answer when it was last asked.")
    trouble: str | None = Field(description="Why, in words.")
    last_post_at: AwareDatetime | None = Field(description="When the newest post of somebody else's came in.")
    last_sent_at: AwareDatetime | None
    failed: int = Field(description="Texts of the last seven days that were not sent, or perhaps not.")
    failed_at: AwareDatetime | None
    failed_words: str | None = Field(description="What was said of the newest of them.")


async def health_of(session: AsyncSession, accounts: Sequence[AccountRow], now: datetime) -> list[AccountHealth]:
    """How these accounts do, in their order."""
    ids = [account.id for account in accounts]
    posts = await health_repository.last_posts(session, ids)
    sent = await health_repository.last_sent(session, ids)
    failures = await health_repository.failures(session, ids, since=now - LATELY)
    troubles = await health_repository.troubles(session, ids)
    found = []
    for account in ids:
        failed = failures.get(account)
        found.append(
            AccountHealth(
                account=account,
                reachable=account not in troubles,
                trouble=troubles.get(account),
                last_post_at=posts.get(account),
                last_sent_at=sent.get(account),
                failed=failed.count if failed else 0,
                failed_at=failed.at if failed else None,
                failed_words=failed.words if failed else None,
            )
        )
    return found
