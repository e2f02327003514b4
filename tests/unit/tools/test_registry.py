"""How a model reaches the tools: what it sees, and what it is told when a call goes wrong."""

import pytest

from tests.fakes.small_shop import PLACES
from tools.context import Proposal, ToolContext
from tools.evidence import Visibility
from tools.ports import Ports
from tools.records import Destination
from tools.registry import TOOLS, call


def test_no_tool_takes_a_customer_or_a_context() -> None:
    for tool in TOOLS:
        fields = set(tool.arguments.model_json_schema().get("properties", {}))
        assert not fields & {"customer", "customer_id", "context", "identity", "handle"}


def test_every_tool_reads_or_proposes_and_shows_the_model_an_example() -> None:
    assert len(TOOLS) == 9
    for tool in TOOLS:
        assert tool.effect in ("read", "propose")
        assert f"Example: {tool.name}(" in tool.description


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("delete_customer", {}, "There is no tool of that name. The tools are: get_customer_profile"),
        ("get_order_status", {}, "order_id: Field required"),
        ("get_order_status", {"order_id": ["FH-10423"]}, "order_id: Input should be a valid string"),
        ("get_order_status", {"order_id": " "}, "order_id: String should have at least 1 character"),
        ("search_policies", {"query": None}, "query: Input should be a valid string"),
        ("find_destination", {"kind": "the moon"}, "kind: Input should be 'secure_form'"),
        ("propose_action", {"type": "send_money", "reason": "because", "evidence": []}, "type: Input should be"),
        ("hand_over", {"team": "friends", "reason": "because"}, "team: Input should be"),
    ],
)
async def test_a_wrong_call_is_answered_with_what_to_correct(
    ann: ToolContext, tool: str, arguments: dict[str, object], told: str
) -> None:
    result = await call(tool, arguments, ann)
    assert result.failed
    assert told in result.words


async def test_arguments_that_are_no_object_are_answered(ann: ToolContext) -> None:
    result = await call("get_order_status", 7, ann)  # type: ignore[arg-type]
    assert result.failed


async def test_a_number_given_as_a_number_is_understood(ann: ToolContext) -> None:
    assert "no order of that number" in (await call("get_order_status", {"order_id": 10423}, ann)).words


async def test_a_port_that_is_down_becomes_an_instruction(ann: ToolContext, ports: Ports) -> None:
    ports.orders.go_down()  # type: ignore[attr-defined]
    result = await call("get_order_status", {"order_id": "FH-10423"}, ann)
    assert result.failed
    assert result.words.startswith("The orders cannot be read at the moment. Say nothing that would rest on them")


async def test_a_broken_port_becomes_an_instruction_too(
    ann: ToolContext, ports: Ports, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(ports.orders, "latest", broken)
    result = await call("get_purchase_history", {}, ann)
    assert result.failed
    assert "secret detail" not in result.words
    assert "get_purchase_history failed" in caplog.text


async def test_policies_are_told_with_page_and_approved_answer_in_the_language(ann: ToolContext) -> None:
    result = await call("search_policies", {"query": "how long can unused goods be returned"}, ann)
    public, internal = result.evidence
    assert public.ref == "policy:returns-2026#time-limit"
    assert public.visibility is Visibility.PUBLIC
    assert public.text == (
        "Returns › Time limit (in effect since 1 January 2026): Unused goods can be returned within 60 days."
        "\nPublic page: https://www.fernhollow.example/help/returns\nApproved answer: You have 60 days."
    )
    assert internal.visibility is Visibility.INTERNAL
    assert f"[{internal.id}] (internal, do not tell) Goodwill" in result.words


async def test_no_policy_means_no_rule_may_be_stated(ann: ToolContext) -> None:
    result = await call("search_policies", {"query": "xylophone"}, ann)
    assert result.evidence == ()
    assert "State no rule" in result.words


async def test_a_destination_is_told_with_its_address_as_written(ann: ToolContext) -> None:
    [place] = (await call("find_destination", {"kind": "secure_form"}, ann)).evidence
    assert place.text == (
        "Secure form: https://www.fernhollow.example/secure – Send us your details here. Open: Monday to Friday."
    )
    assert "Do not write an address" in (await call("find_destination", {"kind": "appeal"}, ann)).words


async def test_the_destination_of_the_own_language_comes_before_english(ann: ToolContext, ports: Ports) -> None:
    german = Destination("d", "secure_form", "fernhollow", "de", "https://x.example/de", "Formular", "Hier.")
    other = Destination("t", "secure_form", "tarnlight", "de", "https://t.example/de", "Formular", "Hier.")
    ports.destinations.__init__((*PLACES, german, other))  # type: ignore[misc]
    assert (
        await ports.destinations.find("secure_form", brand="fernhollow", channel="x", language="de", region=None)
        == german
    )


async def propose(context: ToolContext, **changed: object) -> str:
    arguments = {
        "type": "refund",
        "arguments": {"order_id": "fh-10423", "amount": 4000, "customer": "C-2"},
        "reason": "promised and not carried out",
        "evidence": ["[E1]"],
    }
    return (await call("propose_action", arguments | changed, context)).words


async def test_a_proposal_is_noted_for_a_person_and_done_by_nobody(ann: ToolContext) -> None:
    await call("get_order_status", {"order_id": "FH-10423"}, ann)
    assert "not done" in await propose(ann)
    await propose(ann)
    assert ann.proposals == [
        Proposal("refund", {"amount": 4000, "order": "FH-10423"}, "promised and not carried out", ("E1",))
    ]


async def test_a_proposal_needs_evidence_and_an_order_of_this_customer(ann: ToolContext) -> None:
    assert "there is no E1" in await propose(ann)
    await call("get_order_status", {"order_id": "FH-10423"}, ann)
    assert "must rest on evidence" in await propose(ann, evidence=[])
    assert "no order of that number" in await propose(ann, arguments={"order": "FH-7777"})
    assert ann.proposals == []


async def test_a_question_comes_back_as_the_reply_to_write_and_a_hand_over_is_noted(stranger: ToolContext) -> None:
    asked = await call("ask_customer", {"question": "Which colour?"}, stranger)
    await call("hand_over", {"team": "payments", "reason": "charged twice"}, stranger)
    assert asked.data == {"question": "Which colour?"}
    assert [(wish.team, wish.reason) for wish in stranger.hand_overs] == [("payments", "charged twice")]
