"""What the API takes about the places that customers may be sent to."""

from typing import Annotated

from pydantic import Field, StringConstraints

from assistant.guidance import Language
from server.policies.files import DestinationEntry, DestinationKind
from server.web.bodies import Body, Key, Name, Why

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class DestinationFields(Body):
    """A place that drafts may name. docs/knowledge.md describes every field."""

    kind: DestinationKind
    brand: Annotated[Name | None, Field(description="Null: every brand's.", examples=["fernhollow"])] = None
    language: Annotated[Language, Field(description="Of the label, of what it says, and of the place itself.")]
    target: Annotated[
        Line,
        Field(
            description="The https address or the telephone number, as it stands in a text.",
            examples=["https://www.fernhollow.example/help"],
        ),
    ]
    label: Annotated[Line, Field(examples=["Help centre"])]
    says: Annotated[
        Line,
        Field(
            description="One sentence that stands before the target.",
            examples=["Our help centre has the answers on orders, returns, warranty and care."],
        ),
    ]
    regions: Annotated[list[Name], Field(max_length=50, description="Only there; empty: everywhere.")] = Field(
        default_factory=list
    )
    channels: Annotated[list[Name], Field(max_length=50, description="Only there; empty: everywhere.")] = Field(
        default_factory=list
    )
    hours: Annotated[
        Line | None,
        Field(description="In words; null: always open.", examples=["Monday to Friday 9am to 6pm, UK time"]),
    ] = None

    def entry(self, destination: str) -> DestinationEntry:
        """As the knowledge folder's file would hold it."""
        fields = self.model_dump(include=set(DestinationEntry.model_fields))
        lists = {name: tuple(dict.fromkeys(fields[name])) for name in ("regions", "channels")}
        return DestinationEntry.model_validate({**fields, **lists, "id": destination})


class NewDestination(DestinationFields):
    """Another place."""

    id: Annotated[Key, Field(examples=["fernhollow-help_centre-en"])]


class ChangedDestination(DestinationFields):
    """A place as it is named from now on, whole."""

    version: Annotated[int, Field(ge=1, description="Of the place as you read it.", examples=[1])]


class RetiredDestination(Body):
    """Why nobody is sent there any more."""

    version: Annotated[int, Field(ge=1, description="Of the place as you read it.", examples=[1])]
    reason: Why
