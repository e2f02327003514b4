"""Rows of transcripts: what a turn saw, what was said of it, and how it was scored."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from server.models import CommentRow, KeptTurnRow, ModelRequestRow, ScorecardRow
from server.staff.roles import Role
from tests.integration.api.records import NOW
from tests.integration.api.row import row

_FORM = {
    "id": "reply",
    "title": "A reply",
    "sections": [
        {
            "id": "right",
            "title": "Is it right?",
            "questions": [{"id": "answers", "ask": "Does it answer?", "weight": 1, "answers": "yes_no"}],
        }
    ],
}


def transcripts(brand: str) -> Iterator[list[SQLModel]]:
    """In groups that can be put in one after the other; whoever may do the least is whose work it is."""
    least = f"staff_{brand}_{Role.DRAFTS_ONLY}"
    kept = {"case": f"case_{brand}_pending", "record": {"notes": [f"for {brand}"]}}
    yield [row(KeptTurnRow, "draft", brand, "pending", **kept)]
    yield [ModelRequestRow(turn=f"draft_{brand}_pending", number=1, brand=brand, at=NOW, digest="d", body=b"{}")]
    yield [
        row(
            CommentRow,
            "comment",
            brand,
            "coaching",
            transcript=f"case_{brand}_pending",
            entry=f"note_{brand}_one",
            staff=f"staff_{brand}_{Role.SUPERVISOR}",
            to=least,
            text=f"well done, {brand}",
        )
    ]
    scored: dict[str, Any] = {"answers": {"given": {"answers": 0}}, "human_share": 0, "automatic": {}}
    for state, values in (("assigned", {}), ("scored", scored), ("disputed", {**scored, "dispute": f"no, {brand}"})):
        yield [
            row(
                ScorecardRow,
                "scorecard",
                brand,
                state,
                transcript=f"case_{brand}_sent",
                person=least,
                form_id="reply",
                form=_FORM,
                state=state,
                version=1,
                why="sample",
                assigned_by=f"staff_{brand}_{Role.SUPERVISOR}",
                **values,
            )
        ]
