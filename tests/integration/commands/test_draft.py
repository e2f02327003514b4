import json

from tests.integration.commands.conftest import Run


def thread(number: str, author: str, text: str, **more: object) -> str:
    post = {"id": "1", "author": author, "role": "customer", "created_at": "2026-11-20T09:00:00Z", "text": text}
    return json.dumps({"id": number, "channel": "x", "posts": [post], **more})


def test_a_policy_question_is_answered_from_the_policy_with_its_source(deskside: Run):
    (record,) = deskside(
        "draft", "--channel", "x", "--handle", "zoe", "--text", "how long do I have to return a mug?", "--json"
    ).lines
    assert record["outcome"] == "draft"
    assert "45 days" in record["public_text"]
    cited = {number for claim in record["claims"] for number in claim["evidence"]}
    assert any(e["ref"].startswith("policy:returns") for e in record["evidence"] if e["id"] in cited)
    assert not [f for f in record["findings"] if f["severity"] == "block"]


def test_every_sentence_of_both_texts_is_a_claim_once_and_in_order(deskside: Run):
    (record,) = deskside("draft", "--channel", "x", "--handle", "ada", "--text", "where is my tent?", "--json").lines
    for part in ("public", "private"):
        said = "".join(claim["sentence"] for claim in record["claims"] if claim["part"] == part)
        assert "".join(said.split()) == "".join((record[f"{part}_text"] or "").split())


def test_a_verified_customers_facts_are_private_only(deskside: Run):
    (record,) = deskside("draft", "--channel", "x", "--handle", "@Ada", "--text", "where is my tent?", "--json").lines
    assert record["customer"] == {"id": "C-1", "known": "verified"}
    assert "P-1001" in record["private_text"]
    for private in ("P-1001", "JD00017", "Larch", "219", "ada@example.com"):
        assert private not in record["public_text"]


def test_a_stranger_gets_no_record_and_no_word_of_whether_there_is_one(deskside: Run):
    threads = [thread("a", "zoe", "where is my tent? P-1001"), thread("b", "zoe", "where is my tent? P-9999")]
    real, made_up = deskside("draft", "--input", "-", "--json", given="\n".join(threads)).lines
    assert real["customer"] == made_up["customer"] == {"id": None, "known": "unknown"}
    assert not [e for e in real["evidence"] if e["kind"] == "record"]
    assert (real["outcome"], real["private_text"]) == (made_up["outcome"], made_up["private_text"])


def test_another_companys_customer_hears_nothing_of_ours(deskside: Run):
    (record,) = deskside(
        "draft", "--input", "-", "--json", given=thread("a", "zoe", "what's your return policy?", brand="TeamYouTube")
    ).lines
    assert record["brand"] == "TeamYouTube"
    assert not [e for e in record["evidence"] if e["kind"] != "post"]
    assert "45" not in (record["public_text"] or "")


def test_a_bad_line_answers_in_its_place_and_the_rest_goes_on(deskside: Run):
    given = "\n".join([thread("a", "zoe", "hi, can I send it back?"), "{oops", thread("c", "zoe", "can I return it?")])
    done = deskside("draft", "--input", "-", "--json", given=given)
    assert done.code == 1
    first, bad, last = done.lines
    assert (first["id"], last["id"]) == ("a", "c")
    assert (bad["id"], bad["line"]) == (None, 2)
    assert "not JSON" in bad["error"]


def test_a_language_that_nobody_drafts_in_is_handed_over_with_a_word_on_translation(deskside: Run):
    (record,) = deskside(
        "draft", "--channel", "x", "--handle", "jan", "--json", "--text",
        "Waar blijft mijn bestelling? Ik wacht al drie weken op mijn tent en niemand antwoordt.",
    ).lines  # fmt: skip
    assert (record["outcome"], record["team"], record["reason"]["code"]) == ("hand_over", "languages", "language")
    assert record["public_text"] is None


def test_a_person_reads_post_texts_sources_and_that_no_model_wrote_it(deskside: Run):
    shown = deskside("draft", "--channel", "x", "--handle", "ada", "--text", "where is my tent?").out
    for words in ("where is my tent?", "Everyone sees", "Only the customer sees", "draft without AI", "C-1"):
        assert words in shown


def test_an_approved_answer_is_not_printed_twice(deskside: Run):
    shown = deskside("draft", "--channel", "x", "--handle", "zoe", "--text", "how long can I return a tent?").out
    assert "Returns: approved answer" in shown
    assert " ".join(shown.split()).count("45 days") == 1


def test_what_needs_no_answer_is_not_shown_as_one(deskside: Run):
    shown = deskside("draft", "--channel", "x", "--handle", "zoe", "--text", "sorted now, never mind").out
    assert "NO REPLY" in shown
    assert "Could be said" in shown
    assert "Everyone sees" not in shown


def test_a_call_that_names_neither_file_nor_post_is_wrong(deskside: Run):
    assert deskside("draft", "--channel", "x").code == 2
    assert deskside("draft", "--input", "no-such-file.jsonl").code == 2
    assert deskside("draft", "--input", "-", "--text", "both").code == 2
