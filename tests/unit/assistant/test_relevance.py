from datetime import UTC, datetime

import pytest

from assistant.relevance import rank_facts
from tools.evidence import Evidence, EvidenceKind, Visibility

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FACTS = {
    "order:A": "Order A: status shipped; placed on 2 November 2026; 1 Ridgeline tent; 329.00 GBP for all lines",
    "order:A/shipment:S1": "Order A, shipment S1: sent with DHL on 10 November 2026; tracking number JD0001",
    "order:A/payment:P1": "Order A, payment P1: 329.00 GBP by card ending 4242 paid on 2 November 2026",
    "order:B/refund:R1": "Order B, refund R1: refund of 40.00 GBP promised on 3 November 2026, not carried out yet",
    "customer:C/address": "Customer Mo: address 4 Mill Lane, Leeds, GB",
}


def ranked(question: str) -> str:
    facts = [
        Evidence(f"E{n}", EvidenceKind.RECORD, ref.split("/")[0], ref, text, Visibility.CUSTOMER, NOW)
        for n, (ref, text) in enumerate(FACTS.items(), start=1)
    ]
    found = rank_facts(question, facts, limit=2)
    return found[0].ref if found else ""


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("what is the tracking number of the tent", "order:A/shipment:S1"),
        ("how did they pay for order A", "order:A/payment:P1"),
        ("have they got their money back", "order:B/refund:R1"),
        ("where do they live, which street", "customer:C/address"),
        ("Wurde die Erstattung schon gezahlt?", "order:B/refund:R1"),
        ("¿qué número de seguimiento tiene el paquete?", "order:A/shipment:S1"),
    ],
)
def test_the_fact_that_answers_comes_first(question: str, ref: str):
    assert ranked(question) == ref


def test_a_question_that_shares_nothing_with_the_records_finds_nothing():
    assert ranked("zzz qqq") == ""
