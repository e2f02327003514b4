"""Who gets which question this week: drawn by worth and cap, always the same for one customer in one week."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from datetime import datetime

from server.models import QuestionRow

_BITS = 64


def drawn(questions: Iterable[QuestionRow], customer: str, now: datetime) -> Sequence[QuestionRow]:
    """The questions in the order in which this customer's draw of this week brings them.

    Of two questions, the one of twice the worth, or of which twice as many may be asked a day, comes first for twice as
    many customers: so each is asked of some, and none of all who call in a week.
    """
    year, week, _ = now.isocalendar()
    return sorted(questions, key=lambda each: (_ticket(each, f"{customer}\0{year}-{week}"), each.id))


def _ticket(question: QuestionRow, seed: str) -> float:
    """An exponentially distributed number whose rate is the weight: the least of several is drawn in proportion."""
    digest = hashlib.sha256(f"{seed}\0{question.id}".encode()).digest()
    share = (int.from_bytes(digest[: _BITS // 8]) + 1) / (2**_BITS + 1)
    return -math.log(share) / (question.worth * question.cap_per_day)
