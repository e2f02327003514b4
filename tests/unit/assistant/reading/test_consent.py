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
        "Can you cancel it? Thanks",
        "Könntet ihr die Bestellung bitte stornieren?",
        "Pouvez-vous annuler ma commande ?",
        "¿Podéis cancelar el pedido?",
        "Please cancel order no. 10423",
        "Yes, cancel it. I have no time for this.",
        "Cancel it, there's no point any more.",
        "I can't wait any longer, cancel it.",
        "I won't wait any more. Cancel it!",
        "Yes do it. Also, maybe tell your courier to ring the bell.",
        "Stop the delivery and refund me please.",
        "I’d like to cancel it",
        "👍",
        "y",
        "Bitte stornieren, ich warte seit Wochen.",
        "Ja, bitte stornieren. Kein Interesse mehr.",
        "Ya no lo quiero, cancelad el pedido por favor.",
        "Sí, cancela. No hace falta nada más.",
        "Si por favor",
        "J'attends depuis un mois, annulez la commande.",
        "Je n'en veux plus, annulez.",
        "s’il vous plaît annulez",
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
        # refused, however politely
        "I don't want to cancel.",
        "Please don't.",
        "I'd like to keep my order, please.",
        "Please never cancel my order.",
        "Please leave my order alone.",
        "I am not asking you to cancel it, please read again.",
        "I want you to NOT cancel it.",
        "I can't accept that.",
        "Cancel? Are you kidding me. Send it.",
        "Bitte storniere die Bestellung nicht.",
        "Storniert meine Bestellung bitte auf gar keinen Fall.",
        "Ich will das nicht.",
        "Ich lehne das ab.",
        "Nunca pedí cancelar.",
        "Prefiero quedarme con el pedido.",
        "Je ne veux pas annuler ma commande.",
        "N'annulez rien s'il vous plaît.",
        "Ce n'est pas bon pour moi.",
        # on a condition
        "Yes, cancel it if you refund me in full.",
        "Yes, once you confirm the price.",
        "OK as long as it costs nothing.",
        "Ja, falls es nichts kostet.",
        "Storniert es, sofern es noch nicht versandt ist.",
        "Sí, si me devolvéis todo el dinero.",
        "Sí, siempre que sea gratis.",
        "Oui, si vous me remboursez tout.",
        "Oui, à condition que ce soit gratuit.",
        # put off
        "Later, please.",
        "I'll tell you tonight, thanks.",
        "Bitte erst morgen entscheiden, danke.",
        "Luego os digo, gracias.",
        "Je vous dirai demain, merci.",
        # only asked whether or how
        "Can I still cancel? Thanks!",
        "can i cancel my order please",
        "Could you tell me how to return it, please.",
        "I would like to know whether I can cancel.",
        "Why would I cancel? I want my boots.",
        "Kann ich noch stornieren? Danke!",
        "¿Puedo cancelar? Gracias.",
        "Est-ce que je peux annuler ? Merci.",
        # politeness, and what others have said
        "Thanks!",
        "please",
        "Where is my order, please.",
        "Great, my order is a month late.",
        "My sister said yes.",
        "You said you would cancel my order and send it back.",
    ],
)
def test_what_refuses_hesitates_or_only_asks_is_no_yes(quote: str):
    assert why_no_consent(quote)


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("I want a refund", "cancel_order"),
        ("Please change my address to 5 Low Road", "cancel_order"),
        ("Yes, cancel it", "upgrade_shipping"),
        ("Please cancel it", "exchange_items"),
        ("Ne remboursez pas, annulez", "refund"),
    ],
)
def test_a_yes_to_something_else_is_none_to_this(quote: str, kind: str):
    assert why_no_consent(quote, kind)


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("Yes please, refund it to my card", "cancel_order"),
        ("Yes, take the other size and use my gift card", "exchange_items"),
        ("Please cancel it and don't send me a voucher", "cancel_order"),
        ("Yes, go ahead", "change_address"),
        ("Bitte erstatten", "return_items"),
    ],
)
def test_what_goes_with_it_may_be_named_with_a_yes(quote: str, kind: str):
    assert why_no_consent(quote, kind) is None
