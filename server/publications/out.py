"""What of an answer is out already: on its network, on its way there, or perhaps there.

It stays out whatever becomes of the rest, and is not sent again.
"""

from collections.abc import Callable, Iterable, Sequence

from server.models import PublicationRow
from server.publications.states import UNSENT, PublicationState

_OUT = frozenset({PublicationState.SENDING, PublicationState.SENT, PublicationState.UNCERTAIN})


Digested = Callable[[str], str]
"""The digest of a part's words with that at their end."""


def find_out(answers: Iterable[PublicationRow], *, draft: str, part: str, digest: Digested) -> PublicationRow | None:
    """What is out of a draft's part: of this draft in whatever words, of another answer to the same post in these.

    Whose initials stood at the end makes no other words of them.
    """
    return next(
        (
            row
            for row in answers
            if row.state in _OUT and ((row.draft == draft and row.part == part) or says_the_same(row, digest))
        ),
        None,
    )


def says_the_same(row: PublicationRow, digest: Digested) -> bool:
    """Whether a publication says the words of a part, whoever signed it."""
    return row.digest in {digest(row.signature), digest("")}


def nothing_waits(publications: Iterable[PublicationRow]) -> bool:
    """Whether something of a draft is out, or was, and nothing is left to be stopped."""
    rows = list(publications)
    was_out = any(row.state in _OUT or row.sent_at is not None for row in rows)
    return was_out and not any(row.state in UNSENT for row in rows)


def tell_what_is_out(answers: Sequence[PublicationRow], draft: str) -> str | None:
    """What is out, and what became of the rest, in words; None if nothing has left, or tried to.

    Args:
        answers: What was to be sent in answer to the post, oldest first: of this draft and of those before it.
        draft: The draft that is told about.
    """
    newest = {row.part: row for row in answers if row.draft == draft}
    before = [row for row in answers if row.draft != draft and row.state in _OUT]
    left = [row for row in newest.values() if row.state in _OUT | {PublicationState.FAILED} or row.sent_at is not None]
    if not before and not left:
        return None
    told = [f"the {row.part} part of an earlier answer {_became(row)}" for row in before]
    told += [f"the {part} part {_became(newest[part])}" for part in sorted(newest)]
    return "; ".join(told)


def _became(row: PublicationRow) -> str:
    at = row.sent_at
    sent = f"was sent on {at.day} {at:%B} at {at:%H:%M} UTC" if at else "was sent"
    match PublicationState(row.state):
        case PublicationState.HELD | PublicationState.QUEUED:
            return "waits to be sent"
        case PublicationState.SENDING:
            return "is being sent"
        case PublicationState.SENT:
            return sent
        case PublicationState.UNCERTAIN:
            return "may have been sent, nobody knows yet"
        case PublicationState.FAILED:
            return "could not be sent"
        case PublicationState.WITHDRAWN:
            return f"{sent} and withdrawn later" if at else "has been stopped"
