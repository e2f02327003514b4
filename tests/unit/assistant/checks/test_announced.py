import pytest

from assistant.checks import Facts, check
from assistant.outcome import Claim, ClaimKind, Part, Reply
from tests.unit.assistant.checks.sentences import NOW
from tools.records import Known


def rules(public: str, private: str | None = None) -> set[str]:
    claims = [Claim(Part.PUBLIC, public, ClaimKind.COURTESY)]
    if private:
        claims.append(Claim(Part.PRIVATE, private, ClaimKind.COURTESY))
    reply = Reply(public_text=public, private_text=private, claims=tuple(claims))
    return {finding.rule for finding in check(reply, Facts(evidence=(), now=NOW, known=Known.VERIFIED))}


@pytest.mark.parametrize(
    "sentence",
    [
        "The details are in a direct message to you.",
        "We've sent you a private message.",
        "Die Einzelheiten stehen in einer Direktnachricht an dich.",
        "Todo lo demás está en un mensaje directo que solo lees tú.",
        "Tout le reste est dans un message privé, lisible par vous seul.",
    ],
)
def test_a_private_message_that_is_announced_must_be_there(sentence):
    assert "announced" in rules(sentence)
    assert "announced" not in rules(sentence, "Thanks!")


@pytest.mark.parametrize(
    "sentence",
    [
        "Please send us a direct message, where nobody else reads along.",
        "Schreib uns bitte eine Direktnachricht, dort liest sonst niemand mit.",
        "Envíanos un mensaje directo.",
        "Envoyez-nous un message privé.",
    ],
)
def test_a_private_message_that_the_customer_may_write_announces_none(sentence):
    assert "announced" not in rules(sentence)
