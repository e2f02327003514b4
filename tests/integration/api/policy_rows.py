"""A document of a brand, a question that it does not answer, and a place where customers are helped."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import SQLModel

from server.models import (
    DestinationRow,
    MissingPolicyRow,
    PolicyBrandRow,
    PolicyRow,
    PolicyVersionRow,
    SavedReplyRow,
)
from server.policies.front_matter import digest_of_text
from tests.integration.api.policy_routes import POLICY
from tests.integration.api.records import NOW
from tests.integration.api.row import row


def policies(brand: str) -> Iterator[list[SQLModel]]:
    """In groups that can be put in one after the other."""
    name, text = f"policy-{brand}", POLICY.format(brand).replace(f"new-{brand}", f"policy-{brand}")
    fields = {"id": name, "title": f"Tents of {brand}", "brand": [brand], "category": "returns", "audience": "public"}
    yield [PolicyRow(id=name, newest=1, changed_here=True, created_at=NOW, updated_at=NOW)]
    yield [
        PolicyBrandRow(document=name, brand=brand),
        PolicyVersionRow(
            document=name,
            number=1,
            file=f"{name}.md",
            text=text,
            front={**fields, "effective_from": "2026-01-01", "owner": "us"},
            digest=digest_of_text(text),
            kind="upload",
            title=f"Tents of {brand}",
            category="returns",
            audience="public",
            begins=date(2026, 1, 1),
            staff=f"staff_{brand}_supervisor",
            at=NOW,
            why=f"for {brand}",
        ),
        row(
            MissingPolicyRow,
            "missing",
            brand,
            "one",
            case=f"case_{brand}_pending",
            intent="stock_question",
            language="en",
            words=f"does {brand} rent out snowshoes",
            vector=[1.0],
        ),
        *_sent_and_said(brand),
    ]


def _sent_and_said(brand: str) -> Iterator[SQLModel]:
    """Where the brand sends customers, and what its people keep ready to say."""
    changed = {"created_at": NOW, "changed_at": NOW, "changed_by": f"staff_{brand}_supervisor"}
    yield DestinationRow(
        id=f"{brand}-place",
        brand=brand,
        kind="help_centre",
        language="en",
        target=f"https://www.{brand}.example/help",
        label=f"Help of {brand}",
        says=f"{brand} helps you there.",
        regions=[],
        channels=[],
        **changed,
    )
    yield SavedReplyRow(
        id=f"{brand}-reply",
        brand=brand,
        team="orders",
        title=f"Thanks of {brand}",
        texts={"en": {"public": f"Thank you from {brand}.", "private": None}},
        channels=[],
        tags=[],
        **changed,
    )
