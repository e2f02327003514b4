"""What is on the desk for a post in the small shop, laid out without recognising anything."""

from assistant.case import Post, Role, Thread
from assistant.guidance import Brand, Guidance, Voice
from assistant.material import Material
from tests.fakes.policies import MemoryDestinations, MemoryPassages
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tests.fakes.small_shop import ANN, BOB, BOBS, EARLIER, JACKET, LATE, NOW, PASSAGES, PLACES, context_for
from tests.fakes.vectors import HashVectors
from tools.context import ToolContext
from tools.customers import note_profile
from tools.orders import note_order
from tools.policies import note_destination, note_passage
from tools.ports import Identity, Ports
from tools.records import Known

FERNHOLLOW = Brand(id="fernhollow", name="Fernhollow", default=True, languages=("en", "de"))
GUIDANCE = Guidance(
    brands=(FERNHOLLOW,), voices=(Voice(brand="fernhollow", language="en", avoid=("unfortunately", "kindly")),)
)
VERIFIED = Identity(Known.VERIFIED, "C-1")
UNKNOWN = Identity(Known.UNKNOWN)


def small_ports() -> Ports:
    return Ports(
        customers=MemoryCustomers([ANN, BOB]),
        orders=MemoryOrders([LATE, EARLIER, BOBS], [JACKET]),
        promises=MemoryPromises(),
        conversations=MemoryConversations(),
        passages=MemoryPassages(PASSAGES),
        destinations=MemoryDestinations(PLACES),
        vectors=HashVectors(),
    )


def thread_of(*texts: str, channel: str = "x") -> Thread:
    posts = tuple(Post(str(i), "annwood", Role.CUSTOMER, NOW, text) for i, text in enumerate(texts))
    return Thread("t1", channel, posts, "fernhollow")


def on_the_desk(text: str, identity: Identity = VERIFIED) -> tuple[Material, ToolContext]:
    """Ann's late order, the policies and the places, numbered in that order."""
    context = context_for(small_ports(), identity)
    known = identity.customer is not None
    records = note_profile(context, ANN) | note_order(context, LATE) if known else {}
    material = Material(
        thread=thread_of(text),
        language="en",
        identity=identity,
        ledger=context.ledger,
        now=NOW,
        brand=FERNHOLLOW,
        customer=ANN if known else None,
        orders=(LATE,) if known else (),
        order=LATE if known else None,
        passages=tuple((passage, note_passage(context, passage)) for passage in PASSAGES),
        destinations={place.kind: (place, note_destination(context, place)) for place in PLACES},
        record_evidence=records,
    )
    return material, context
