from dataclasses import replace

import pytest

from assistant.briefing import FULL, SHORT, brief
from assistant.case import Attachment, Thread
from assistant.guidance import Intent
from assistant.material import IntentGuess
from assistant.outcome import Claim, ClaimKind, Part, Reply, Start
from tests.fakes.material import GUIDANCE, UNKNOWN, VERIFIED, on_the_desk, thread_of
from tools.ports import Identity, Outage
from tools.records import Known


def test_the_changing_part_is_short():
    material, _ = on_the_desk("where is my order FH-10423? " * 3)
    assert len(brief(material, GUIDANCE, FULL)) < 2_800
    assert len(brief(material, GUIDANCE, SHORT)) < len(brief(material, GUIDANCE, FULL)) - 400


@pytest.mark.parametrize("identity", [UNKNOWN, Identity(Known.POSSIBLE), Identity(Known.LINKED, "C-1")])
def test_records_are_shown_for_the_verified_alone(identity):
    material, _ = on_the_desk("where is it?", identity)
    assert "FH-10423" not in brief(material, GUIDANCE, FULL)
    assert "FH-10423" in brief(on_the_desk("where is it?", VERIFIED)[0], GUIDANCE, FULL)


def test_contact_details_are_never_shown():
    text = brief(on_the_desk("hello")[0], GUIDANCE, FULL)
    assert not any(value in text for value in ("ann@example.com", "7700", "Mill Lane", "Side Street"))


def test_internal_rules_are_marked_so():
    assert "internal: Goodwill" in brief(on_the_desk("hello")[0], GUIDANCE, FULL)


def test_the_owners_words_for_this_question_are_shown():
    material, _ = on_the_desk("can I send it back?")
    intent = Intent(id="return_policy", title="Return policy", group="policy", destination="secure_form")
    text = brief(replace(material, guesses=(IntentGuess(intent, 0.9),)), GUIDANCE, FULL)
    assert "APPROVED WORDS: You have 60 days." in text
    assert "THEY SEEM TO WANT: Return policy" in text
    assert "link: Secure form: https://www.fernhollow.example/secure" in text


def test_what_must_not_be_said_is_said_to_the_model():
    material, _ = on_the_desk("hello")
    post = replace(material.thread.target, attachments=(Attachment("image", "a torn seam"),))
    told = replace(
        material,
        thread=Thread("t", "x", (post,), "fernhollow"),
        outages=(Outage("orders"),),
        tried=("restarted the lamp",),
        refused=("FH-7777",),
    )
    text = brief(told, GUIDANCE, FULL)
    assert "cannot be read at the moment: orders" in text
    assert "do not suggest again: restarted the lamp" in text
    assert "nobody has looked at" in text
    assert "Do not say whether it exists" in text
    assert "FH-7777" not in text


def test_a_long_thread_is_cut_to_its_end():
    material, _ = on_the_desk("hello")
    long = replace(material, thread=thread_of(*(f"post number {i} " + "x " * 400 for i in range(12))))
    text = brief(long, GUIDANCE, FULL)
    assert "post number 11" in text
    assert "post number 2 " not in text
    assert len(text) < 6_000


def test_the_prepared_reply_stands_in_the_prompt_with_its_markers_and_sources():
    material, _ = on_the_desk("hello")
    passage, item = material.passages[-1]
    prepared = Reply(public_text="So it is.", claims=(Claim(Part.PUBLIC, "So it is.", ClaimKind.POLICY, (item.id,)),))

    text = brief(material, GUIDANCE, SHORT, Start(prepared))

    assert f"\n→ So it is. [{item.id}]\n---" in text
    assert f"[{item.id}] " in text.split("THREAD")[0]
    assert passage.title in text
    assert "PREPARED" not in brief(material, GUIDANCE, SHORT)
