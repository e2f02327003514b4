"""How values are written on pages: money and numbers by locale, times relative with the exact one beside it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from babel import Locale, dates, numbers, units
from markupsafe import Markup, escape

from assistant.counting import count, limit
from assistant.language_names import language_name
from assistant.outcome import Part

_SMALL = 0.1
# From here on a text may be higher than its place on a narrow page.
_SCROLLED, _SCROLLED_LINES = 600, 12
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Formats:
    """Of one viewer, at the moment of the page."""

    language: str
    now: datetime

    def money(self, amount: int, currency: str) -> str:
        """An amount in minor units: 1250 GBP is £12.50."""
        places = numbers.get_currency_precision(currency)
        return numbers.format_currency(amount / 10**places, currency, locale=self.language)

    def number(self, value: float) -> str:
        """With the separators of the language, at most one decimal."""
        return numbers.format_decimal(value, "#,##0.#", locale=self.language)

    def price(self, value: float) -> str:
        """What an answer of the model cost: often less than a hundredth, so with the digits that tell."""
        return numbers.format_decimal(value, "#,##0.00####", locale=self.language)

    def percent(self, share: float) -> str:
        """A share of 1: 42 %; a tenth of it only where it is small."""
        usual = Locale.parse(self.language).percent_formats[None].pattern
        finer = usual.replace("##0", "##0.#") if 0 < share < _SMALL else usual
        return numbers.format_percent(share, finer, locale=self.language)

    def duration(self, seconds: float) -> str:
        """How long something took, in its two largest units: 2 hr 15 min."""
        told: list[str] = []
        left = round(seconds)
        for unit, length in _UNITS:
            many, left = divmod(left, length)
            if many or (unit == "second" and not told):
                told.append(units.format_unit(many, unit, "short", locale=self.language))
            elif told:
                break
        return " ".join(told[:2])

    def day(self, value: date) -> str:
        """A day: 20 Nov 2026."""
        return dates.format_date(value, "medium", locale=self.language)

    def short_day(self, value: date) -> str:
        """A day of a year that is known: Nov 20."""
        return dates.format_skeleton("MMMd", value, locale=self.language)

    def value(self, value: int | str | datetime | date) -> str:
        """Something that words name: a day without its year where it is this one, a moment of today by the clock."""
        if isinstance(value, datetime):
            today = value.astimezone(UTC).date() == self.now.astimezone(UTC).date()
            return f"{value.astimezone(UTC):%H:%M} UTC" if today else self.value(value.astimezone(UTC).date())
        if isinstance(value, date):
            skeleton = "MMMMd" if value.year == self.now.year else "yMMMMd"
            return dates.format_skeleton(skeleton, value, locale=self.language)
        return str(value)

    def when(self, value: datetime) -> Markup:
        """Relative to now. The browser keeps it so, and shows the exact time in the viewer's own zone on hover."""
        exact = dates.format_datetime(value.astimezone(UTC), "medium", tzinfo=UTC, locale=self.language)
        words = dates.format_timedelta(value - self.now, add_direction=True, locale=self.language)
        return Markup('<time datetime="{}" title="{} UTC" data-relative>{}</time>').format(
            value.astimezone(UTC).isoformat(), exact, words
        )

    def language_name(self, code: str) -> str:
        """A language by its name: French, Französisch."""
        return language_name(code, self.language)

    def clock(self, value: datetime) -> Markup:
        """The time itself, where it matters to the minute: the browser writes it in the viewer's own zone."""
        exact = dates.format_datetime(value.astimezone(UTC), "short", tzinfo=UTC, locale=self.language)
        return Markup('<time datetime="{}" data-clock>{} UTC</time>').format(value.astimezone(UTC).isoformat(), exact)

    def lines(self, text: str) -> Markup:
        """A text of somebody else's as they wrote it: nothing in it is markup, and its direction is its own.

        One that may be scrolled in its place is reached by the keyboard.
        """
        reached = Markup(' tabindex="0"') if len(text) > _SCROLLED or text.count("\n") > _SCROLLED_LINES else ""
        return Markup('<p class="text" dir="auto"{}>{}</p>').format(reached, escape(text))

    def counted(self, text: str | None, channel: str, part: str) -> tuple[int, int]:
        """The length of a part by the network's own rule, and how long it may be."""
        return count(text or "", channel, Part(part)), limit(channel, Part(part))


_NETWORKS = {"x": "X"}


def network(channel: str) -> str:
    """A network's name as it writes itself."""
    return _NETWORKS.get(channel, channel.capitalize())


def sentence(words: str) -> str:
    """Words of a refusal as a sentence: they begin small and end without a stop where programs read them."""
    begun = words[:1].upper() + words[1:]
    return begun if begun.endswith((".", "?", "!")) else f"{begun}."


def place(ref: str) -> str:
    """Where a source that is a place in a policy is read: `policy:returns-2026#how-long`."""
    document, _, anchor = ref.removeprefix("policy:").partition("#")
    return f"/knowledge/policies/{quote(document, safe='')}" + (f"#{quote(anchor, safe='/~')}" if anchor else "")
