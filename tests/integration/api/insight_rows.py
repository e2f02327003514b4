"""The rows that figures are made of, and a sample with what is in it."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import SQLModel

from server.models import AnswerRow, SampleItemRow, SampleRow
from tests.integration.api.records import NOW
from tests.integration.api.row import row


def insights(brand: str) -> Iterator[SQLModel]:
    """A sent answer, and a sample."""
    yield row(
        AnswerRow,
        "answer",
        brand,
        "sent",
        publication=f"publication_{brand}_sent",
        case=f"case_{brand}_sent",
        draft=f"draft_{brand}_sent",
        post=f"post_{brand}_sent",
        part="public",
        posted_at=NOW,
        sent_at=NOW,
        holding=False,
        asked_in_private=False,
        points_to=[],
        repeats=False,
        staff=f"staff_{brand}_rep",
    )
    told = {"kind": "sent_replies", "week": date(2026, 11, 2), "candidates": 1, "drawn_at": NOW}
    yield row(SampleRow, "sample", brand, "drawn", seed=f"{brand}/sent_replies/2026-11-02", **told)


def sampled(brand: str) -> SampleItemRow:
    """What is in the sample."""
    item = {"sample": f"sample_{brand}_drawn", "subject": f"publication_{brand}_sent", "case": f"case_{brand}_sent"}
    made: SampleItemRow = row(SampleItemRow, "item", brand, "one", position=1, **item)
    return made
