from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims import classify, keep_prepared, parse_reply, split_parts
from assistant.outcome import Claim, ClaimKind, Part, Reply, Severity
from assistant.sentences import split_sentences
from tools.evidence import Evidence, EvidenceKind, Visibility

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def evidence(number: str, kind: EvidenceKind) -> Evidence:
    return Evidence(number, kind, "source", f"ref:{number}", "text", Visibility.PUBLIC, NOW)


RECORD = evidence("E1", EvidenceKind.RECORD)
POLICY = evidence("E2", EvidenceKind.POLICY)
PLACE = evidence("E3", EvidenceKind.DESTINATION)
ALL = (RECORD, POLICY, PLACE)


def cited(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(claim.sentence, claim.evidence) for claim in parse_reply(text, ALL).claims]


@pytest.mark.parametrize(
    "text",
    [
        "→ Sorry about that.\nPRIVATE: It was sent. [E1]",
        "Sorry about that.\nPRIVATE: It was sent. [E1]",
        "Here is the reply:\nSorry about that.\n\n---\n**PRIVATE:** It was sent. [E1]",
        "PUBLIC: Sorry about that.\nPRIVATE: It was sent. [E1]",
        "**PUBLIC:** Sorry about that.\n\n**PRIVATE:** It was sent [E1].",
        "Here is the draft:\n\nPUBLIC REPLY:\nSorry about that.\n\nPRIVATE REPLY:\nIt was sent. (E1)",
        "```\nPUBLIC: Sorry about that.\nPRIVATE: It was sent. [ E1 ]\n```",
        "# Public\nSorry about that.\n# Private\nIt was sent. [Evidence: E1]",
        'PUBLIC: "Sorry about that."\nPRIVATE: "It was sent. [E1]"',
        "Öffentlich: Sorry about that.\nPrivat: It was sent. [E1]",
        "PÚBLICO: Sorry about that.\nPRIVADO: It was sent. [E1]",
        "Réponse publique : Sorry about that.\nRéponse privée : It was sent. [E1]",
        "PUBLIC: Sorry about that. PRIVATE: It was sent. [E1",
        "PUBLIC (280 characters): Sorry about that.\n---\nPRIVATE: It was sent. [1]",
        "PUBLIC: Sorry about that.\nPRIVATE: It was sent. [E1: order]\n\nEvidence: [E1] order",
        "PUBLIC: Sorry about that.\nPRIVATE: It was sent. [E1]\nPUBLIC: And once more.",
        "> PUBLIC: Sorry about that.\n> PRIVATE: It was sent. 【E1】",
    ],
)
def test_parts_and_markers_are_read_however_they_are_written(text):
    reply = parse_reply(text, ALL)
    assert (reply.public_text, reply.private_text) == ("Sorry about that.", "It was sent.")
    assert [claim.evidence for claim in reply.claims] == [(), ("E1",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You can. [E2] It was sent. [E1]", [("You can.", ("E2",)), ("It was sent.", ("E1",))]),
        ("You can [E2]. It was sent [E1].", [("You can.", ("E2",)), ("It was sent.", ("E1",))]),
        ("You can.[E2] It was sent.[E1]", [("You can.", ("E2",)), ("It was sent.", ("E1",))]),
        ("[E2] You can. It was sent.", [("You can.", ("E2",)), ("It was sent.", ())]),
        ("It can [E1][E2] go.", [("It can go.", ("E1", "E2"))]),
        ("It can go [E1-E3].", [("It can go.", ("E1", "E2", "E3"))]),
        ("It can go [E1, E2 und E3].", [("It can go.", ("E1", "E2", "E3"))]),
        ("Use https://a.example/x [E3]", [("Use https://a.example/x", ("E3",))]),
        ("Use [the form](https://a.example/x) [E3].", [("Use the form: https://a.example/x.", ("E3",))]),
    ],
)
def test_a_marker_belongs_to_the_sentence_it_stands_at(text, expected):
    assert cited(text) == expected


def test_a_sentence_told_word_for_word_rests_on_what_it_repeats():
    told = Evidence(
        "E5",
        EvidenceKind.POLICY,
        "s",
        "policy:x",
        "Returns: You can send it back. Labels must be on.",
        RECORD.visibility,
        NOW,
    )
    reply = parse_reply("You can send it back. Labels must be on. [E5] You can keep the box.", [told])
    assert [claim.evidence for claim in reply.claims] == [("E5",), ("E5",), ()]


@pytest.mark.parametrize(
    "sentence", ["We're sorry to hear your account was suspended.", "Das klingt ärgerlich, so eine Sperre."]
)
def test_what_the_customer_wrote_rests_on_their_post(sentence):
    post = Evidence("E9", EvidenceKind.POST, "s", "post:1", "suspended!!", Visibility.PUBLIC, NOW)
    (claim,) = parse_reply(sentence, [post, RECORD]).claims
    assert claim.evidence == ("E9",)


def test_a_prepared_sentence_keeps_its_kind_and_its_source():
    courtesy = Claim(Part.PUBLIC, "Everything about your order is in a direct message to you.", ClaimKind.COURTESY)
    told = Claim(Part.PUBLIC, "It has 60 days.", ClaimKind.POLICY, ("E2",))
    written = parse_reply(f"{courtesy.sentence} {told.sentence} It has 90 days.", ALL)

    kept = keep_prepared(written, Reply(claims=(courtesy, told)))

    assert kept.claims[:2] == (courtesy, told)
    assert kept.claims[2] == written.claims[2]


def test_a_private_part_that_is_left_out_is_the_prepared_one():
    told = Claim(Part.PRIVATE, "It was sent.", ClaimKind.FACT, ("E1",))
    prepared = Reply(public_text="Hello.", private_text="It was sent.", claims=(told,))

    assert keep_prepared(parse_reply("→ Thanks!", ALL), prepared).private_text == "It was sent."
    assert keep_prepared(parse_reply("→ Thanks!", ALL), prepared).claims[-1] == told
    assert keep_prepared(parse_reply("→ Thanks!\nPRIVATE: It is late.", ALL), prepared).private_text == "It is late."


def test_evidence_that_does_not_exist_is_dropped_and_noted():
    reply = parse_reply("PUBLIC: You have 60 days. [E2, E9]", ALL)
    assert reply.claims[0].evidence == ("E2",)
    assert [(f.rule, f.severity, f.part) for f in reply.findings] == [("unknown_evidence", Severity.WARN, Part.PUBLIC)]
    assert "E9" in reply.findings[0].reason


@pytest.mark.parametrize("nothing", ["none", "None.", "(none)", "N/A", "-", "keine", "nada", "aucun"])
def test_a_part_that_says_nothing_is_none(nothing):
    assert parse_reply(f"PUBLIC: Hello.\nPRIVATE: {nothing}", ALL).private_text is None


def test_words_about_public_and_private_things_are_no_headings():
    text = "Public holidays do not count. Private data stays private."
    assert split_parts(text) == {Part.PUBLIC: text}


@given(
    st.lists(st.sampled_from(["Hello", "you can", "return it.", "[E1]", "[E2,", "(E3)", "[E9]", "\n", "Really?", "§"]))
)
def test_claims_are_the_sentences_of_the_texts_once_and_in_order(pieces):
    reply = parse_reply("PUBLIC: " + " ".join(pieces), ALL)
    assert [claim.sentence for claim in reply.claims] == split_sentences(reply.public_text or "")
    assert "[E" not in (reply.public_text or "")


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_read(text):
    reply = parse_reply(text, ALL)
    sentences = split_sentences(reply.public_text or "") + split_sentences(reply.private_text or "")
    assert [claim.sentence for claim in reply.claims] == sentences


@pytest.mark.parametrize(
    ("sentence", "held", "kind"),
    [
        ("Thanks for telling us!", (), ClaimKind.COURTESY),
        ("Danke, dass du dich meldest.", (), ClaimKind.COURTESY),
        ("Siento mucho que haya pasado esto.", (), ClaimKind.COURTESY),
        ("Which size did you order?", (POLICY,), ClaimKind.QUESTION),
        ("Please send us your question by message.", (), ClaimKind.QUESTION),
        ("Schreib uns eine Nachricht.", (PLACE,), ClaimKind.QUESTION),
        ("We will call you tomorrow.", (RECORD,), ClaimKind.PROMISE),
        ("Wir melden uns bei dir.", (), ClaimKind.PROMISE),
        ("Te llamaremos mañana.", (), ClaimKind.PROMISE),
        ("Nous vous rappellerons demain.", (), ClaimKind.PROMISE),
        ("Your parcel was sent on 3 May.", (RECORD,), ClaimKind.FACT),
        ("Unused goods can come back within 60 days.", (POLICY,), ClaimKind.POLICY),
        ("The form is at https://a.example/x", (PLACE,), ClaimKind.FACT),
        ("Your refund has been sent.", (), ClaimKind.FACT),
        ("You can return it.", (), ClaimKind.FACT),
        ("Du kannst es zurückgeben.", (), ClaimKind.FACT),
        ("It costs 5.00 GBP.", (), ClaimKind.FACT),
    ],
)
def test_what_a_sentence_does_is_told_by_its_words_and_evidence(sentence, held, kind):
    assert classify(sentence, held) is kind
