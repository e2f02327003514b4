import pytest

from tests.fakes.policies import MemoryDestinations, MemoryPassages
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tests.fakes.small_shop import ANN, BOB, BOBS, EARLIER, JACKET, LATE, PASSAGES, PLACES, context_for, day
from tests.fakes.vectors import HashVectors
from tools.context import ToolContext
from tools.ports import Identity, Ports
from tools.records import Known, PastPost, Promise


@pytest.fixture
def ports() -> Ports:
    return Ports(
        customers=MemoryCustomers([ANN, BOB]),
        orders=MemoryOrders([LATE, EARLIER, BOBS], [JACKET]),
        promises=MemoryPromises([Promise("P1", "C-1", "a refund of 40.00 GBP", day(3), "FH-10423", due=day(17))]),
        conversations=MemoryConversations(
            {
                "C-1": [
                    PastPost("p1", "x", "brand", day(5), "Please restart\nthe lamp."),
                    PastPost("p2", "x", "customer", day(6), "Did that."),
                ]
            }
        ),
        passages=MemoryPassages(PASSAGES),
        destinations=MemoryDestinations(PLACES),
        vectors=HashVectors(),
    )


@pytest.fixture
def ann(ports: Ports) -> ToolContext:
    return context_for(ports, Identity(Known.VERIFIED, "C-1"))


@pytest.fixture
def stranger(ports: Ports) -> ToolContext:
    return context_for(ports, Identity(Known.UNKNOWN))
