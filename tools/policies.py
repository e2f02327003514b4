"""What the company's documents say and where a customer can be sent. The same for everybody; no record is read."""

from typing import Literal

from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.plain import plain
from tools.records import Destination, Passage
from tools.results import ToolResult
from tools.saying import say_date

DestinationKind = Literal[
    "secure_form",
    "direct_message",
    "status_page",
    "account_recovery",
    "appeal",
    "abuse_report",
    "phone",
    "help_centre",
    "repairs",
]
_PASSAGES = 5


async def search_policies(context: ToolContext, query: str) -> ToolResult:
    """The passages of the company's policy documents that answer a question, best first; nothing if none does.

    `query` is what you want to know in a few words, about one matter. Call it again for a second matter. What is
    marked internal guides you and must not be told. Example: search_policies(query="return worn boots after 30 days")
    """
    passages = await context.ports.passages.search(
        query,
        brand=context.brand,
        region=context.region,
        audiences=context.audiences,
        at=context.now,
        limit=_PASSAGES,
    )
    if not passages:
        return ToolResult(
            "No policy answers that. State no rule, number or deadline from your own knowledge: ask what is missing, "
            "name a place that helps (find_destination), or hand over (hand_over).",
            data={"passages": []},
        )
    noted = [(passage, note_passage(context, passage)) for passage in passages]
    words = "\n".join(
        f"[{item.id}] {'(internal, do not tell) ' if item.visibility is Visibility.INTERNAL else ''}{item.text}"
        for _, item in noted
    )
    return ToolResult(words, tuple(item for _, item in noted), {"passages": [plain(passage) for passage in passages]})


async def find_destination(context: ToolContext, kind: str) -> ToolResult:
    """The one place of a kind to which a customer may be sent, in their language; link nowhere else.

    `kind` is one of secure_form, direct_message, status_page, account_recovery, appeal, abuse_report, phone,
    help_centre, repairs. Write the address exactly as given. Example: find_destination(kind="account_recovery")
    """
    place = await context.ports.destinations.find(
        kind, brand=context.brand, channel=context.channel, language=context.language, region=context.region
    )
    if place is None:
        return ToolResult(
            f"There is no {kind.replace('_', ' ')} for this brand. Do not write an address or a number of your own; "
            "try another kind, or leave the link out.",
            data={"destination": None},
        )
    noted = note_destination(context, place)
    return ToolResult(f"[{noted.id}] {noted.text}", (noted,), {"destination": plain(place)})


def note_passage(context: ToolContext, passage: Passage) -> Evidence:
    """Note a passage with its headings, its dates, its public page and the owner's approved answers."""
    ref = f"policy:{passage.id}"
    context.passages[ref] = passage
    return context.ledger.add(
        EvidenceKind.POLICY,
        source=passage.title,
        ref=ref,
        text=_say_passage(passage, context.language),
        visibility=Visibility.PUBLIC if passage.audience == "public" else Visibility.INTERNAL,
        as_of=context.now,
        holds_for=_say_whom(passage),
    )


def note_destination(context: ToolContext, place: Destination) -> Evidence:
    """Note a place with its address and its hours."""
    hours = f" Open: {place.hours}." if place.hours else ""
    return context.ledger.add(
        EvidenceKind.DESTINATION,
        source=place.label,
        ref=f"destination:{place.id}",
        text=f"{place.label}: {place.target} – {place.says}{hours}",
        visibility=Visibility.PUBLIC,
        as_of=context.now,
    )


def _say_whom(passage: Passage) -> str:
    product = f"; product: {passage.product}" if passage.product else ""
    regions = f"; regions: {', '.join(sorted(passage.regions))}" if passage.regions else ""
    return f"{passage.audience}{product}{regions}"


def _say_passage(passage: Passage, language: str) -> str:
    path = " › ".join(passage.heading if passage.heading[:1] == (passage.title,) else (passage.title, *passage.heading))
    since = f" (in effect since {say_date(passage.effective_from)})" if passage.effective_from else ""
    until = f" (in effect until {say_date(passage.effective_to)})" if passage.effective_to else ""
    page = f"\nPublic page: {passage.public_url}" if passage.public_url else ""
    answers = "".join(f"\nApproved answer: {item.text}" for item in passage.answers if item.language == language)
    return f"{path}{since}{until}: {passage.text}{page}{answers}"
