"""What is wrong with a brand's limits, before anybody decides by them."""

from collections.abc import Iterator, Mapping

from server.actions.rules import ONLY_FOR, ActionRules, CustomerLimit
from server.drafts.rules import AmountLimit, ReviewRules
from server.faults import Fault
from server.limits.said import AMOUNTS, KindLimits, Limits
from server.staff.roles import Permission, Role, roles_with
from tools.records import Money

_ABOVE: Mapping[Role, tuple[Role, ...]] = {
    Role.REP: (Role.SUPERVISOR, Role.ADMIN),
    Role.SOCIAL: (Role.SUPERVISOR, Role.ADMIN),
    Role.SUPERVISOR: (Role.ADMIN,),
}
"""Who is asked where a role's own limit ends."""


def faults_of(limits: Limits, before: Limits, rules: ActionRules, brand: str) -> Iterator[Fault]:
    """Everything that would count never, or be no limit any more.

    Args:
        limits: As they would be.
        before: As they are: a limit is changed, and never taken away by leaving it out.
        rules: The rules of actions.
        brand: Whose limits they are.
    """
    yield from _role_faults(limits.alone)
    for kind in before.actions.keys() - limits.actions.keys():
        yield Fault(f"actions.{kind}", "is left out, which would be no limit; say what it is")
    for kind, said in limits.actions.items():
        if rules.rule(kind, brand) is None:
            yield Fault(f"actions.{kind}", f"is not allowed at {brand}; actions.yaml says what is")
            continue
        for name in AMOUNTS:
            if getattr(said, name) and kind not in ONLY_FOR.get(name, {kind}):
                yield Fault(f"actions.{kind}.{name}", f"says nothing; it is for {', '.join(sorted(ONLY_FOR[name]))}")
        yield from _taken_away(f"actions.{kind}", said, before.actions.get(kind, KindLimits()))
    if limits.reach_above is None and before.reach_above is not None:
        yield Fault("reach_above", "is left out, which would be no limit; say from how many readers on")


def _role_faults(alone: tuple[AmountLimit, ...]) -> Iterator[Fault]:
    review = ReviewRules(amounts=alone)
    may = set(roles_with(Permission.APPROVE_ACTIONS))
    seen: set[Role] = set()
    for limit in alone:
        if limit.role in seen:
            yield Fault("alone", f"{limit.role} is named twice; keep one of the two")
        elif limit.role not in may:
            yield Fault("alone", f"{limit.role} approves no actions; its limit would never count")
        seen.add(limit.role)
    for role, above in _ABOVE.items():
        for higher in above:
            yield from _above_the_next(review, role, higher)


def _above_the_next(review: ReviewRules, role: Role, higher: Role) -> Iterator[Fault]:
    own = next((limit for limit in review.amounts if limit.role == role), None)
    if own is None:
        return
    if own.unlimited:
        if not any(limit.role == higher and limit.unlimited for limit in review.amounts):
            yield Fault("alone", f"{role} has no limit and {higher} has one; whoever is asked next must have more")
        return
    for currency, most in own.most.items():
        next_most = review.limit(higher, currency)
        if next_most is not None and most > next_most:
            own_most, theirs = Money(most, currency).say(), Money(next_most, currency).say()
            words = f"{role} may give {own_most} alone, {higher} only {theirs}; whoever is asked next must have more"
            yield Fault("alone", words)


def _taken_away(field: str, said: KindLimits, before: KindLimits) -> Iterator[Fault]:
    if before.most and not said.most:
        yield Fault(f"{field}.most", "names no amount, which would be no limit; name one, 0 for none at all")
    for name in ("per_month", "checked_above"):
        for currency in sorted(getattr(before, name).keys() - getattr(said, name).keys()):
            yield Fault(f"{field}.{name}", f"leaves out {currency}, which would be no limit there; name an amount")
    yield from _freer_customer(f"{field}.per_customer", said.per_customer, before.per_customer)


def _freer_customer(field: str, said: CustomerLimit | None, before: CustomerLimit | None) -> Iterator[Fault]:
    if said is not None and said.times is None and not said.most:
        yield Fault(field, "says neither how many times nor the most; add one")
    elif before is not None and (
        said is None or (before.times is not None and said.times is None) or (before.most and not said.most)
    ):
        yield Fault(field, "leaves out what one customer may be given; say what it is")
