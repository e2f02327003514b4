"""What the API takes about actions."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from server.actions.consent import Consent
from server.actions.kinds import ActionKind
from server.actions.proposing import Proposed
from server.web.bodies import Body, Id, Why

Version = Annotated[
    int | None, Field(ge=1, le=2**31 - 1, description="The version you saw; it is refused if it has changed since.")
]


class ConsentBody(Body):
    """The customer's yes to exactly this: their own words, and where they said them."""

    quote: Annotated[str, StringConstraints(max_length=2000), Field(examples=["Yes, please cancel it."])]
    source: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
        Field(description="A post's id, ours or its network's; or where else it was said.", examples=["call 8812"]),
    ]

    @property
    def consent(self) -> Consent:
        """As the service takes it."""
        return Consent(self.quote, self.source)


class NewAction(Body):
    """What is to be done for a customer."""

    customer: Annotated[Id, Field(examples=["C-0001"])]
    action: ActionKind
    arguments: Annotated[
        dict[str, Any],
        Field(
            description="In the import format's words: order, lines, new_skus, method, address, reason, amount, …",
            examples=[{"order": "FH-10423", "reason": "no longer needed"}],
        ),
    ]
    consent: ConsentBody | None = None
    case: Id | None = None
    draft: Id | None = None
    reason: Annotated[Why | None, Field(description="For whoever approves it.")] = None

    @property
    def proposed(self) -> Proposed:
        """As the service takes it."""
        return Proposed(
            customer=self.customer,
            kind=self.action,
            arguments=self.arguments,
            consent=self.consent.consent if self.consent else None,
            case=self.case,
            draft=self.draft,
            reason=self.reason,
        )


class Seen(Body):
    """What was seen when it was decided."""

    version: Version = None


class WithReason(Seen):
    """Why."""

    reason: Why


class Settled(Body):
    """What somebody has seen in the shop: that it was done, or that it was not."""

    done: bool
    reason: Why
