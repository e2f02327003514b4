"""Which work of a day is looked at: a few cases of each person, picked by a seed, and what the rules name.

Nothing is stored: the same day with the same seed picks the same cases whoever asks, and whenever.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.complaints import is_complaint
from server.transcripts import scorecard_repository as repository
from server.transcripts.forms import Form
from server.transcripts.scorecards import Why

_NO_COMPLAINT = frozenset({"no_reply"})


@dataclass(frozen=True, slots=True)
class Picked:
    """A person's work in a case that is to be looked at, and why."""

    person: str
    transcript: str
    why: Why


async def pick(session: AsyncSession, form: Form, brands: Collection[str], day: date) -> list[Picked]:
    """The work of a day (UTC) that is to be looked at by this form: by person, what the rules name first."""
    since = datetime.combine(day, time(), UTC)
    until = since + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=UTC)
    ours = [brand for brand in brands if form.is_for(brand)]
    done = await repository.approved_between(session, ours, since, until)
    again = await repository.wrote_again(session, ours, since, until)
    worked: dict[str, set[str]] = defaultdict(set)
    for one in done:
        worked[one.person].add(one.case)
    complaints = {
        Picked(person, case, Why.COMPLAINT)
        for person, case, draft in again
        if draft.outcome not in _NO_COMPLAINT and is_complaint((draft.record or {}).get("intent"))
    }
    overrides = {Picked(one.person, one.case, Why.OVERRIDE) for one in done if one.override}
    sampled = set(_sample(form, worked, day))
    found = complaints | overrides | sampled
    return sorted(found, key=lambda one: (one.person, one.why is Why.SAMPLE, one.transcript, one.why))


def _sample(form: Form, worked: dict[str, set[str]], day: date) -> Iterator[Picked]:
    """So many of each person's cases: those whose digest with the seed, the day and the person is the least."""
    if form.sample is None:
        return
    for person, cases in worked.items():
        said = f"{form.sample.seed}|{day.isoformat()}|{person}|"
        chosen = sorted(cases, key=lambda case: hashlib.sha256((said + case).encode()).digest())
        for case in chosen[: form.sample.per_person]:
            yield Picked(person, case, Why.SAMPLE)
