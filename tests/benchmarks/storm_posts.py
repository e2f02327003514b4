"""What people write in a storm: most of one thing, some of it and something else, a few of danger."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

DOWN = (
    "Is your website down? {when} I get nothing but an error.",
    "your checkout does not load {when}, is it down for everyone?",
    "{hi} the app is down {when}, can't open anything",
    "website not loading {when}... are you having problems?",
    "Can't pay, the checkout keeps spinning {when}. Is it down?",
    "error 503 on your site {when}, anyone else?",
    "is the shop down {when}?? nothing opens",
    "Ist eure Website {when} down? Ich komme nicht in den Shop.",
    "Der Shop lädt nicht {when}, ist er bei allen down?",
    "¿Está caída vuestra web {when}? No carga nada.",
    "La web no carga {when}, ¿está caída para todos?",
    "Votre site est en panne {when} ? Rien ne se charge.",
    "Le site ne charge plus {when}, c'est une panne ?",
)
BESIDES = (
    "The checkout is down {when} and I was charged twice for it!",
    "site down {when}, and where is my order FH-{number}?",
    "your website is down {when}. This is the third time I write to you about my refund",
    "checkout is down {when} and you took £{price} from my account, I want my money back",
    "Eure Website ist down {when} und ihr habt mir doppelt abgebucht",
    "La web está caída {when} y me habéis cobrado dos veces",
    "Site en panne {when} et j'ai été débité deux fois",
)
DANGER = (
    "Your stove exploded {when} and burned my hand, I am in hospital",
    "website down {when} and the lamp you sold me caught fire in our tent",
    "my son swallowed a part of your lamp {when} and cannot breathe properly",
    "I will come to your shop with a knife {when}, you will see",
    "I don't want to live any more {when}, nothing makes sense",
    "Euer Kocher ist {when} explodiert und ich habe mir die Hand verbrannt",
)
OTHERS = (
    "how long do I have to send a tent back?",
    "do you repair jackets? mine has a torn sleeve",
    "when does the shop in Leeds open on Sunday?",
    "my discount code does not work in the basket, what now?",
    "Wie lange habe ich Garantie auf die Stiefel?",
)
NOISE = ("thanks, all good now!", "danke euch!", "thank you so much!!")
_WHEN = ("since this morning", "right now", "for an hour", "today", "again", "gerade", "ahora", "depuis ce matin", "")
_HI = ("hi", "hello", "hey", "um", "")
SHARES = (("danger", 0.01), ("besides", 0.08), ("others", 0.08), ("noise", 0.02))


@dataclass(frozen=True)
class Told:
    """A post of the storm: when, in seconds from its start; by whom; and what kind it is, for the figures alone."""

    at: float
    author: str
    text: str
    kind: str


def storm(count: int, seconds: float, *, seed: int = 7) -> list[Told]:
    """So many posts over so many seconds, the same each time."""
    chance = random.Random(seed)
    moments = sorted(chance.uniform(0, seconds) for _ in range(count))
    kinds = list(_kinds(count))
    chance.shuffle(kinds)
    of = {"down": DOWN, "besides": BESIDES, "danger": DANGER, "others": OTHERS, "noise": NOISE}
    return [
        Told(round(at, 3), f"person{number}", _filled(chance.choice(of[kind]), chance), kind)
        for number, (at, kind) in enumerate(zip(moments, kinds, strict=True))
    ]


def _kinds(count: int) -> Iterator[str]:
    left = count
    for kind, share in SHARES:
        many = max(1, round(count * share))
        left -= many
        yield from [kind] * many
    yield from ["down"] * left


def _filled(text: str, chance: random.Random) -> str:
    values = {"when": chance.choice(_WHEN), "hi": chance.choice(_HI)}
    values |= {"number": str(chance.randint(10_000, 19_999)), "price": str(chance.randint(10, 400))}
    return " ".join(text.format(**values).split())
