"""Whether an incident's text promises an update, and by when: what is on record is what everybody reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from assistant.commitments import acts_in, is_commitment
from assistant.deadlines import deadline_of
from assistant.sentences import split_sentences
from server.channels.hours import clock_of
from server.errors import Unprocessable
from server.promises.due import due_of

_TELLING = frozenset({"word"})
"""The act of a sentence that promises nothing but to tell more."""

_IN_UTC: Mapping[str, Any] = {}
"""The hours of an account that has none: its clock is UTC's."""

_CLOSE = timedelta(minutes=1)


class PromiseUnlike(Unprocessable):
    """The text promises an update and `promises_update` denies it, or the other way round; or not by that moment."""


def update_in(text: str) -> str | None:
    """The sentence of a text that promises nothing but an update; None if it promises none."""
    return next((one for one in split_sentences(text) if is_commitment(one) and acts_in(one) <= _TELLING), None)


def refuse_unlike(
    text: str,
    language: str,
    due: datetime | None,
    hours: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Refuse a text that does not promise what would be put on record with it.

    Args:
        text: What is said to everybody.
        language: In which.
        due: By when an update is put on record as promised; None: none is.
        hours: Of the accounts that say it: "by 18:00" is meant on their clocks, or in UTC.
        now: This moment.

    Raises:
        PromiseUnlike: It promises an update and none would be on record, or none, or by another moment.
    """
    sentence = update_in(text)
    if sentence is None:
        if due is None:
            return
        like = f"“We will update you by {due:%H:%M} UTC.”"
        raise PromiseUnlike(f"the text promises no update: say so, like {like}, or leave promises_update out")
    if due is None:
        words = f"“{sentence}” promises an update: set promises_update and say by when in update_due, or do not say it"
        raise PromiseUnlike(words, sentence=sentence)
    meant = [_IN_UTC] if "UTC" in sentence else [_IN_UTC, *hours]
    said = [_unlike(sentence, language, due, one, now) for one in meant]
    if None not in said:
        words = f"the text says “{said[0]}”, update_due is {due:%Y-%m-%d %H:%M} UTC: make the two agree"
        raise PromiseUnlike(words, sentence=sentence, update_due=due.isoformat())


def _unlike(sentence: str, language: str, due: datetime, hours: Mapping[str, Any], now: datetime) -> str | None:
    """What the sentence says of when, if that is not the moment; None if it is, or if it says nothing."""
    clock = clock_of(hours)
    stated = deadline_of(sentence, clock.day_of(now), language)
    if stated is None:
        return None
    at = due_of(sentence, language, hours, now).at
    if stated.minute is not None:
        agrees = abs(at - due) < _CLOSE
    elif stated.to_the_minute:
        agrees = due <= at
    else:
        agrees = clock.day_of(due) <= clock.day_of(at)
    return None if agrees else stated.said.strip()
