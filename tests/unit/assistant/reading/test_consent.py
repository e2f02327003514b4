"""A yes is a yes: what refuses, hesitates or only asks is none."""

import pytest

from assistant.reading.consent import why_no_consent


@pytest.mark.parametrize(
    "quote",
    [
        "Yes",
        "yes please, go ahead",
        "Yes, I no longer need it, please cancel.",
        "No problem, do it.",
        "Please cancel the order.",
        "That works for me!",
        "I don't want the tent any more, so yes.",
        "Yes, could you do that today?",
        "Can't wait, yes!",
        "Ja, bitte.",
        "Kein Problem, machen Sie das.",
        "Sí, adelante",
        "Oui, allez-y",
        "D'accord",
    ],
)
def test_a_yes_in_the_customers_words_may_stand(quote: str):
    assert why_no_consent(quote) is None


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "…",
        "👍?",
        "No",
        "No, keep the order.",
        "I'm not sure",
        "maybe tomorrow",
        "Wait, let me check with my wife",
        "yes, but only if it is free",
        "Please do not cancel it",
        "Never mind, I changed my mind",
        "How much would that be?",
        "Nein, lieber nicht",
        "Vielleicht. Ich muss noch überlegen.",
        "No estoy segura",
        "Mejor no",
        "Non merci",
        "Attendez, je vais réfléchir",
    ],
)
def test_what_refuses_hesitates_or_only_asks_is_no_yes(quote: str):
    assert why_no_consent(quote)
