"""Numbers that do not add up (L3), and what is recorded without being enforced (L4)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from backend.domain.errors import InvalidInputError
from backend.domain.quantities import parse_decimal, round_half_even
from backend.domain.rulebook.bodies import MinimumAge
from backend.domain.rulebook.findings import Finding, Inquiry, finding
from backend.domain.rulebook.membership import Appeal, DataRights, Levels, Sanctions
from backend.domain.rulebook.order import Engagement, Licence, ShareLine, Shares
from backend.domain.rulebook.rule import Rule

_RECORDED: Mapping[type[Rule], str] = {
    DataRights: "data_rights",
    Levels: "levels",
    Licence: "licence",
    Engagement: "engagement",
    Shares: "shares",
    MinimumAge: "minimum_age",
}
_CENT = 2
_SHARE_DIGITS = 1


def lint_records(inquiry: Inquiry) -> Iterator[Finding]:
    """Yield findings about numbers, then about what is kept for readers only."""
    for shares in inquiry.rulebook.every(Shares):
        yield from _sums(shares)
    for engagement in inquiry.rulebook.every(Engagement):
        if engagement.ends < engagement.starts:
            yield finding("engagement.ends", "contradiction", engagement, values={})
    used = any(session.level is not None for session in inquiry.sessions.values())
    for schema, topic in _RECORDED.items():
        # Levels at which sessions meet are more than a record.
        for rule in () if used and schema is Levels else inquiry.rulebook.every(schema):
            yield finding(
                f"recorded.{topic}", "documentary", rule, values={"article": rule.article}
            )
    for ladder in inquiry.rulebook.every(Sanctions):
        beyond = tuple(step.title for step in ladder.steps if step.effect in ("none", "referral"))
        if beyond:
            yield finding(
                "recorded.sanctions",
                "documentary",
                ladder,
                values={"article": ladder.article, "steps": beyond},
            )
    for appeal in inquiry.rulebook.every(Appeal):
        if appeal.suspends:
            yield finding(
                "recorded.appeal", "documentary", appeal, values={"article": appeal.article}
            )


def _sums(shares: Shares) -> Iterator[Finding]:
    try:
        total = parse_decimal(shares.total, what="total")
        amounts = [parse_decimal(line.amount, what="amount") for line in shares.lines]
    except InvalidInputError as error:
        yield finding("shares.amount", "contradiction", shares, values={"found": error.found})
        return
    if sum(amounts) != total:
        yield finding(
            "shares.total",
            "arithmetic",
            shares,
            values={
                "article": shares.article,
                "currency": shares.currency,
                "total": shares.total,
                "sum": _money(Fraction(sum(amounts))),
            },
        )
    for line, amount in zip(shares.lines, amounts, strict=True):
        if line.share is not None and line.share.fraction() * total != amount:
            yield _line(shares, line, amount, total)


def _line(shares: Shares, line: ShareLine, amount: Fraction, total: Fraction) -> Finding:
    stated = line.share.fraction() if line.share is not None else Fraction(0)
    rest = total - amount
    return finding(
        "shares.line",
        "arithmetic",
        shares,
        values={
            "article": shares.article,
            "line": line.title,
            "currency": shares.currency,
            "amount": line.amount,
            "total": shares.total,
            "stated": _percent(stated),
            "wanted": _money(stated * total),
            "rest": _money(rest),
            "wanted_of_rest": _money(stated * rest),
            "real": _percent(amount / total) if total else "0",
        },
    )


def _money(amount: Fraction) -> str:
    """Return an amount in whole units, or with cents."""
    whole = amount.denominator == 1
    return str(amount.numerator) if whole else round_half_even(amount, _CENT)


def _percent(share: Fraction) -> str:
    hundred = share * 100
    whole = hundred.denominator == 1
    return str(hundred.numerator) if whole else round_half_even(hundred, _SHARE_DIGITS)
