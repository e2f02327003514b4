import json

from tests.integration.commands.conftest import Run


def test_a_reps_question_is_answered_with_the_fact_and_its_source(deskside: Run):
    (record,) = deskside("ask", "--customer", "C-1", "what is the tracking number?", "--json").lines
    assert "JD00017" in record["answer"]
    assert record["customer"] == {"id": "C-1", "known": "verified"}


def test_one_customers_question_never_shows_anothers_order(deskside: Run):
    (record,) = deskside("ask", "--customer", "C-1", "what about order P-2002, the stove?", "--json").lines
    assert "P-2002" not in json.dumps([e for e in record["evidence"] if e["kind"] == "record"])
    assert "Fir Stove" not in json.dumps(record["evidence"])


def test_a_customer_who_is_not_there_is_said_in_words(deskside: Run):
    done = deskside("ask", "--customer", "C-404", "who is it?", "--json")
    assert (done.code, done.out) == (1, "")
    assert "C-404" in done.err


def test_tools_run_answers_each_line_as_a_model_would_be_answered(deskside: Run):
    calls = [
        {"id": "own", "customer": "C-1", "tool": "get_order_status", "arguments": {"order_id": "p-1001"}},
        {"id": "other", "customer": "C-1", "tool": "get_order_status", "arguments": {"order_id": "P-2002"}},
        {"id": "none", "customer": "C-1", "tool": "get_order_status", "arguments": {"order_id": "P-4040"}},
        {"id": "forged", "customer": "C-1", "tool": "get_customer_profile", "arguments": {"customer_id": "C-2"}},
    ]
    own, other, none, forged = deskside(
        "tools", "run", "--input", "-", "--json", given="\n".join(map(json.dumps, calls))
    ).lines
    assert "JD00017" in json.dumps(own["result"])
    assert other["result"] == none["result"]
    assert "Ada Brook" in json.dumps(forged["result"])
    assert "Ben Cole" not in json.dumps(forged)


def test_what_is_not_on_record_is_said_so(deskside: Run):
    (record,) = deskside("ask", "--customer", "C-1", "did we refund anything?", "--json").lines
    assert record["answer"] == "No refund is on record (order P-1001)."


def test_a_rule_is_told_where_it_is_asked_for(deskside: Run):
    (record,) = deskside("ask", "--customer", "C-1", "can she return the unused tent?", "--json").lines
    assert "P-1001" in record["answer"]
    assert "45 days" in record["answer"]
    first, *rules = record["claims"]
    assert "can be returned" in first["sentence"]
    assert [item["ref"] for item in record["evidence"] if item["id"] in first["evidence"]] == [
        "order:P-1001/return_until"
    ]
    assert [rule["sentence"] for rule in rules] == ["Returns: You can return unused items within 45 days of delivery."]
    (record,) = deskside("ask", "--customer", "C-1", "where is the tent?", "--json").lines
    assert "45 days" not in record["answer"]


def test_an_approved_answer_rests_on_the_section_that_says_the_same(deskside: Run):
    question = ("ask", "--customer", "C-1", "can she return a worn tent?")
    (record,) = deskside(*question, "--json").lines
    (rule,) = (claim for claim in record["claims"] if claim["kind"] == "policy")
    assert rule["sentence"] == "Returns: You can return unused items within 45 days of delivery."
    (source,) = (item for item in record["evidence"] if item["id"] in rule["evidence"])
    assert source["ref"] == "policy:returns#time"
    assert "unused items within 45 days" in source["text"]
    assert "[Time (in effect since 1 January 2026)]" in " ".join(deskside(*question).out.split())


def test_an_order_of_nobody_is_not_on_record(deskside: Run):
    (record,) = deskside("ask", "--customer", "C-1", "where is order P-4040?", "--json").lines
    assert record["answer"] == "No order P-4040 of this customer is on record."
