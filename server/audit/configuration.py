"""That a process began with other settings than the one before: by digests, and by the names of what is other."""

from datetime import datetime

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit import repository
from server.audit.seals import Seals
from server.db import writing
from server.events.log import record
from server.settings import Settings

_SUBJECT = "settings"
# What is each machine's own says nothing of the installation.
_OF_THE_MACHINE = frozenset({"home", "host", "port", "knowledge", "audit_head", "log_level"})


async def note_settings(engine: AsyncEngine, settings: Settings, seals: Seals, now: datetime) -> None:
    """Record the settings' digests, if they are not those that were recorded last."""
    digests = {
        name: seals.pseudonym(_SUBJECT, f"{name}={_plain(getattr(settings, name))}").removeprefix(f"{_SUBJECT}-")[:12]
        for name in sorted(set(Settings.model_fields) - _OF_THE_MACHINE)
    }
    async with writing(engine) as session:
        last = await repository.last_told(session, "settings.changed", _SUBJECT)
        before = last.get("after", {})
        if before != digests:
            changed = sorted(name for name in digests | before if digests.get(name) != before.get(name))
            record(
                session, "settings.changed", _SUBJECT, brand="", at=now, changed=changed, before=before, after=digests
            )


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
