"""A desk laid out by hand for the composer: any post, any intent, with or without a shop behind it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from assistant.case import Post, Role, Thread
from assistant.choosing import Candidate, Choice, choose
from assistant.focus import INTENT_OF_STATE
from assistant.guidance import Brand, Guidance, Intent, Voice
from assistant.material import IntentGuess, Material
from assistant.return_rules import ASKED_UNDER
from assistant.returning import note_return_time, return_times
from assistant.stems import stems
from tools.context import ToolContext
from tools.conversations import note_promise
from tools.evidence import Evidence, Ledger
from tools.orders import note_order
from tools.policies import note_destination, note_passage
from tools.ports import Identity
from tools.records import (
    Answer,
    Customer,
    Destination,
    Known,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Passage,
    Payment,
    Promise,
    Return,
    Shipment,
    ShipmentEvent,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRAND = Brand(id="fernhollow", name="Fernhollow", default=True, languages=("en", "de", "es", "fr"))
VOICES = (
    Voice(brand="fernhollow", language="en", channel="*", greeting="Hi there.", sign_off="Your Fernhollow team"),
    Voice(brand="fernhollow", language="en", channel="x"),
)
INTENTS = (
    Intent(id="account_locked_out", title="Locked out", group="account", policies=("account",),
           destination="account_recovery", team="accounts"),
    Intent(id="account_suspended", title="Suspended", group="account", policies=("account",), destination="appeal"),
    Intent(id="app_or_site_fault", title="App fault", group="fault", policies=("howto",), destination="help_centre",
           team="community"),
    Intent(id="product_fault", title="Broken", group="fault", records=("purchase",), policies=("warranty", "repairs"),
           destination="repairs", team="repairs"),
    Intent(id="double_charge", title="Charged twice", group="money", records=("payment", "order"),
           policies=("payment",), destination="secure_form", team="payments"),
    Intent(id="refund_status", title="Where is the refund", group="money", records=("order", "return"),
           policies=("refunds",), destination="direct_message", team="payments"),
    Intent(id="order_late", title="Late", group="order", records=("order",), policies=("delays",),
           destination="direct_message", team="orders"),
    Intent(id="order_lost", title="Lost", group="order", records=("order",), policies=("lost",),
           destination="direct_message", team="orders"),
    Intent(id="order_change", title="Change", group="order", records=("order",), policies=("orders",),
           destination="direct_message", team="orders"),
    Intent(id="exchange_policy", title="Exchanges", group="policy", policies=("exchanges",), destination="help_centre"),
    Intent(id="return_policy", title="Returns", group="policy", policies=("returns",), destination="help_centre"),
    Intent(id="feature_wish", title="Wish", group="wish", policies=("community",), team="community"),
    Intent(id="company_conduct", title="Conduct", group="conduct", policies=("statements",), team="community"),
    Intent(id="vague_complaint", title="Vague", group="vague", destination="direct_message", team="community"),
    Intent(id="thanks", title="Thanks", group="praise"),
    Intent(id="its_fine", title="Fine", group="praise"),
    Intent(id="still_not_solved", title="Still", group="other", destination="direct_message", team="community"),
)  # fmt: skip
GUIDANCE = Guidance(brands=(BRAND,), voices=VOICES, intents=INTENTS)
UNKNOWN = Identity(Known.UNKNOWN)
VERIFIED = Identity(Known.VERIFIED, "C-1")
LINKED = Identity(Known.LINKED, "C-1")
CUSTOMER = Customer("C-1", "Ann Wood", brand="fernhollow", emails=("ann@example.com",))
SITE = "https://www.fernhollow.example"


def place(kind: str, *, says: str = "You can go on there.") -> Destination:
    return Destination(f"fernhollow-{kind}-en", kind, "fernhollow", "en", f"{SITE}/{kind}", kind.title(), says)


def policy(
    name: str, intent: str, text: str, *, category: str, audience: str = "public", language: str = "en"
) -> Passage:
    return Passage(
        f"{name}#opening", name, name.replace("-", " ").title(), (), f"About {name}.", audience, 0.8, "fernhollow",
        category, public_url=f"{SITE}/help/{name}", answers=(Answer(intent, language, text),),
    )  # fmt: skip


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 9, tzinfo=UTC)


def late_order(**changes: object) -> Order:
    """Sent on 13 November, promised for the 17th, last seen in Leeds on the 19th."""
    fields: dict[str, object] = {
        "id": "FH-10423",
        "customer": "C-1",
        "status": OrderStatus.SHIPPED,
        "currency": "GBP",
        "lines": (OrderLine("L1", "Ridgeline 2", 1, Money(28900, "GBP")),),
        "placed_at": day(10),
        "shipments": (
            Shipment(
                "S1",
                ("L1",),
                "Northway Parcels",
                "standard",
                ("NW4471",),
                date(2026, 11, 17),
                day(13),
                events=(ShipmentEvent(day(19), "Left the depot", "Leeds"),),
            ),
        ),
    }
    return Order(**(fields | changes))  # type: ignore[arg-type]


def returned_order() -> Order:
    """Came back on 2 November; 229 pounds were promised and not sent."""
    return late_order(
        id="FH-10342",
        status=OrderStatus.RETURNED,
        shipments=(),
        payments=(Payment("refund", Money(22900, "GBP"), "P2", done=False),),
        returns=(Return("R1", "return", ("L1",), received_at=day(2)),),
    )


def twice_paid_order() -> Order:
    paid = [Payment("payment", Money(17500, "EUR"), number, at=day(17)) for number in ("P1", "P2")]
    return late_order(id="FH-10455", currency="EUR", payments=tuple(paid))


def posts(*texts: str, author: str = "annwood") -> list[Post]:
    """Posts of one customer; a text that begins with `>` is the brand's."""
    return [
        Post(
            str(number),
            "FernhollowHelp" if text.startswith(">") else author,
            Role.BRAND if text.startswith(">") else Role.CUSTOMER,
            NOW - timedelta(minutes=30 - number),
            text.removeprefix(">").strip(),
        )
        for number, text in enumerate(texts)
    ]


def desk(
    thread: Sequence[Post] | str,
    intents: str | Sequence[tuple[str, float]],
    *,
    brand: Brand | None = BRAND,
    identity: Identity = UNKNOWN,
    language: str = "en",
    channel: str = "x",
    order: Order | None = None,
    orders: Iterable[Order] = (),
    promises: Iterable[Promise] = (),
    passages: Iterable[Passage] = (),
    places: Iterable[str] = (),
    tried: Iterable[str] = (),
    refused: Iterable[str] = (),
) -> Material:
    """The material of a case, noted by the tools as a turn notes it."""
    found = posts(thread) if isinstance(thread, str) else list(thread)
    guessed = ((intents, 0.9),) if isinstance(intents, str) else intents
    context = _context(identity, brand, language, channel)
    known = [*([order] if order else []), *orders]
    records = {ref: item for each in known for ref, item in note_order(context, each).items()}
    promised = list(promises)
    records |= {item.ref: item for item in (note_promise(context, promise) for promise in promised)}
    listed = tuple(passages)
    asked = ASKED_UNDER & {name for name, _ in guessed}
    times = return_times(known, listed, said="\n".join(post.text for post in found)) if asked else {}
    records |= {item.ref: item for item in (note_return_time(context, time) for time in times.values())}
    told = Thread("t1", channel, tuple(found), brand.id if brand else "other")
    noted = tuple((passage, note_passage(context, passage)) for passage in listed)
    return Material(
        thread=told,
        choices=_choices(told, noted, guessed, order, language) if brand else (),
        language=language,
        identity=identity,
        ledger=context.ledger,
        now=NOW,
        brand=brand,
        guesses=tuple(IntentGuess(_intent(name), confidence) for name, confidence in guessed),
        customer=CUSTOMER if identity.customer else None,
        orders=tuple(known),
        order=order,
        refused=tuple(refused),
        return_times=times,
        promises=tuple(promised),
        tried=tuple(tried),
        passages=noted,
        destinations={kind: (place(kind), note_destination(context, place(kind))) for kind in places},
        record_evidence=records,
    )


def _choices(
    thread: Thread,
    noted: Iterable[tuple[Passage, Evidence]],
    guessed: Iterable[tuple[str, float]],
    order: Order | None,
    language: str,
) -> tuple[tuple[Choice, Evidence], ...]:
    """The prepared answers weighed as in a turn, with shared words instead of vectors."""
    said = stems("\n".join(post.text for post in thread.spoken))
    evidence = {passage.document: item for passage, item in noted}
    candidates = [
        Candidate(passage, answer, min(len(said & stems(f"{passage.title} {answer.text}")), 4) / 8)
        for passage, _ in noted
        for answer in passage.answers
        if passage.audience == "public" and answer.language == language
    ]
    likely = dict(guessed)
    state = INTENT_OF_STATE.get(order.status) if order else None
    if state:
        likely[state] = 1.0
    words = "\n".join(post.text for post in thread.spoken)
    chosen = choose(candidates, likely=likely, asked={}, words=words)
    return tuple((choice, evidence[choice.passage.document]) for choice in chosen)


def _intent(name: str) -> Intent:
    found = GUIDANCE.intent(name)
    assert found is not None, name
    return found


def _context(identity: Identity, brand: Brand | None, language: str, channel: str) -> ToolContext:
    from tests.fakes.material import small_ports

    return ToolContext(
        identity=identity,
        brand=brand.id if brand else None,
        channel=channel,
        language=language,
        region=None,
        now=NOW,
        ports=small_ports(),
        ledger=Ledger(),
    )
