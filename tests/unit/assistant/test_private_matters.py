"""What is never kept is known by its words, in four languages; what people say of their gear passes."""

import pytest

from assistant.private_matters import private_matter_in

PRIVATE = {
    "health": [
        *("I've a bad knee", "wide, because of bunions", "since my surgery", "she is diabetic", "I use a wheelchair"),
        *(
            "a wheel chair",
            "MS sufferer",
            "bin Dialyse-Patient",
            "wegen Zöliakie",
            "d i a b e t i c",
            "c-a-n-c-e-r",
            "dia-betic",
        ),
        *(
            "wegen Rückenschmerzen",
            "nach der Knie-OP im Krankenhaus",
            "meine Frau ist schwanger",
            "Bandscheibenvorfall",
        ),
        *("tengo los pies hinchados", "por una lesión", "soy alérgico", "estoy embarazada"),
        *("à cause de mon asthme", "je suis enceinte", "blessé au genou", "mon médecin le dit"),
    ],
    "religion": [
        *(
            "for our church camp",
            "I'm Muslim",
            "not on the Sabbath",
            "Kirche",
            "bin katholisch",
            "para ir a la iglesia",
        ),
        *("soy católica", "pour la messe", "nous sommes juifs"),
    ],
    "politics": [
        *(
            "for the union rally, I'm a union rep",
            "I vote Labour, the Labour Party",
            "Gewerkschaftsausflug",
            "bin in der SPD",
        ),
        *("del sindicato", "voto por ellos", "syndicat", "militante socialiste"),
    ],
    "children": [
        *(
            "me and the kids",
            "our 7-year-old",
            "my daughter",
            "the baby",
            "my little one is 3",
            "drei Kinder",
            "mein Sohn",
            "mit Kind",
        ),
        *("mis hijos", "una niña", "avec les enfants", "ma fille"),
    ],
    "hardship": [
        *(
            "can't afford a new one",
            "I lost my job",
            "we're broke",
            "my husband died",
            "my hubby passed",
            "arbeitslos",
            "kann ich mir nicht leisten",
        ),
        *("estoy en paro", "no me lo puedo permitir", "au chômage", "fins de mois difficiles", "frisch geschieden"),
    ],
    "origin": ["I'm a refugee", "mit Migrationshintergrund"],
    "sexuality": ["we're a gay couple", "homosexuel"],
    "crime": ["just out of prison", "vorbestraft"],
    "contact": [
        "ring me on 07700 900123",
        "ann@example.com",
        "14 Tanner Row",
        "4242 4242 4242 4242",
        "4242.4242.4242.4242",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PRIVATE.items() for text in texts])
def test_what_is_never_kept_is_found(kind, text):
    found = private_matter_in(text)
    assert found is not None
    assert found.kind.name == kind


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Cairngorms, 21 November 2026",
            "weekends and long tours",
            "narrow",
            "just right",
            "email, please",
            "repair it",
        ),
        *(
            "spirit",
            "petrol",
            "two of us",
            "GR 20 in May",
            "Christchurch, NZ",
            "Easter in Wales",
            "very kind of you",
            "42.5",
        ),
        *(
            "Wochenenden, lange Touren",
            "ich glaube im Mai",
            "eher klein",
            "per SMS",
            "Gaskartusche",
            "zu zweit",
            "wir wählen Gas",
        ),
        *(
            "los fines de semana, podemos",
            "Camino de Santiago",
            "somos cuatro, son dos tiendas",
            "alcohol",
            "la talla es justa",
        ),
        *(
            "du pain et du fromage au bivouac",
            "réparer",
            "alcool à brûler",
            "Tour du Mont Blanc",
            "je vous en prie, par e-mail",
        ),
    ],
)
def test_what_people_say_of_their_gear_passes(text):
    assert private_matter_in(text) is None


def test_an_unseen_sign_hides_no_word():
    assert private_matter_in("two k\u200bids") is not None
