"""Due process: what must happen before a measure is taken against a member.

Q1 a proceeding asks for one measure against one member, by a member with a vote or someone of the body that
decides. Q2 those who decide serve the grounds, or those who keep the registers where an assembly decides;
by a channel the statutes name, once. Q3 only the member concerned replies. Q4 no measure before the grounds
were served and the member replied or had the days to, and was heard or declined to be where the statutes
ask for a hearing. Q11 what concerns a place is asked for against someone who belongs there, and decided by
those whom the rule names for its level. Q12 against someone excluded only a referral can be asked for. Q5
to Q9 are in ``measures``, Q10 in ``hearings``.
"""

from backend.domain.acts import (
    GroundsServed,
    LossCause,
    MemberClass,
    ProceedingOpened,
    ReplyGiven,
    Slug,
)
from backend.domain.authorship import check_signed
from backend.domain.deadlines import Day, Duration, add, format_day, parse_day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.facts import Mandate, Proceeding
from backend.domain.instants import Instant, parse_instant
from backend.domain.rulebook.bodies import Revocation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import DueProcess, Loss, Sanctions, SanctionStep
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import BodyParty, Decider, Rule, SeatParty
from backend.domain.sources import Sources
from backend.domain.standing import (
    MEMBERSHIP_RULE,
    active,
    belongs,
    check_author,
    check_officer,
    has_vote,
    may_act_as,
)
from backend.domain.state import State
from backend.domain.statutes import read_text


def check_opened(state: State, entry: Entry, data: ProceedingOpened, sources: Sources) -> int:
    """Check the opening of a proceeding (Q1); returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use, or the mandate is over.
        NotFoundError: Someone, the mandate or the place is unknown, or the grounds are not held.
        InvalidInputError: A sanction or a mandate is named where the measure has none, or is missing;
            somebody else holds the mandate; the grounds are no text.
        RuleViolation: The member concerned or the author is none, the author has no vote and is not of the
            body that decides, the statutes do not know the measure, or the signature is wrong.
    """
    if data.proceeding in state.proceedings:
        raise ConflictError("proceeding.exists", expected="a new id", found=data.proceeding)
    _check_shape(data)
    rulebook, day = state.in_force().rulebook, state.day_of(entry.at)
    author = active(state, entry.by)
    check_concerned(state, data, rulebook)
    party, rule = decider(state, data, rulebook)
    if data.sanction is not None:
        rung_of(rulebook, data.sanction)
    if data.mandate is not None:
        mandate = state.mandate(data.mandate)
        check_held(mandate, day)
        if mandate.holder != data.member:
            raise InvalidInputError(
                "proceeding.mandate", expected=mandate.holder, found=data.member
            )
    seated = isinstance(party, BodyParty | SeatParty) and may_act_as(
        state, author.id, (party,), day
    )
    if not seated and not has_vote(author, rulebook, day):
        raise RuleViolation(
            "proceeding.author",
            rule.reference(),
            expected="a member with a vote, or someone of the body that decides",
            found=author.member_class,
        )
    read_text(data.grounds, sources)
    return check_signed(state, entry, sources)


def check_served(state: State, entry: Entry, data: GroundsServed, sources: Sources) -> int:
    """Check the record that grounds were served (Q2); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such proceeding or author.
        ConflictError: The proceeding is decided, or the grounds were served before.
        InvalidInputError: The time is none, is before the opening or after the act.
        RuleViolation: The author does not act for those who serve, the channel is another than the
            statutes name, they are silent, or the signature is wrong.
    """
    proceeding = open_proceeding(state, data.proceeding)
    if proceeding.served_at is not None:
        raise ConflictError(
            "proceeding.served", expected="grounds served once", found=proceeding.served_at
        )
    process = state.in_force().rulebook.one(DueProcess, proceeding.data.measure)
    check_server(state, entry, proceeding)
    if data.channel not in process.channels:
        raise RuleViolation(
            "proceeding.channel",
            process.reference(),
            expected=" or ".join(process.channels),
            found=data.channel,
        )
    parse_instant(data.served_at)
    if not proceeding.opened_at <= data.served_at <= entry.at:
        raise InvalidInputError(
            "proceeding.served_at",
            expected=f"from {proceeding.opened_at} to {entry.at}",
            found=data.served_at,
        )
    return check_signed(state, entry, sources)


def check_replied(state: State, entry: Entry, data: ReplyGiven, sources: Sources) -> int:
    """Check a reply (Q3); returns the number of redacted signatures.

    Raises:
        NotFoundError: No such proceeding, or the text is not held.
        ConflictError: It is decided.
        InvalidInputError: The text is none.
        RuleViolation: The author is another member, was not served yet, or did not sign.
    """
    proceeding = open_proceeding(state, data.proceeding)
    process = state.in_force().rulebook.one(DueProcess, proceeding.data.measure)
    check_author(entry, proceeding.data.member)
    require_served(proceeding, process)
    read_text(data.text, sources)
    return check_signed(state, entry, sources)


def check_concerned(state: State, data: ProceedingOpened, rulebook: Rulebook) -> None:
    """Check that a measure can be asked for against someone: a member, of the place it concerns (Q11, Q12).

    Args:
        state: What is known.
        data: The proceeding.
        rulebook: Rules that govern it.

    Raises:
        NotFoundError: No such member or place.
        RuleViolation: ``member.inactive``; ``proceeding.place`` for somebody who belongs elsewhere; no such
            sanction.
    """
    member = state.member(data.member)
    refers = data.sanction is not None and rung_of(rulebook, data.sanction)[1].effect == "referral"
    if not (refers and member.lost_by == "exclusion"):
        active(state, data.member)
    if data.place is not None and not belongs(state, member, state.place(data.place).place):
        raise RuleViolation(
            "proceeding.place", MEMBERSHIP_RULE, expected=data.place, found=member.place or "none"
        )


def check_ready(state: State, proceeding: Slug, day: Day, rulebook: Rulebook) -> DueProcess:
    """Check that a measure may be decided: served, time to reply given, and heard where asked for (Q4).

    Asked before a body takes a measure, and before a motion for a measure or for a revocation on which the
    holder is heard is put to the vote.

    Args:
        state: With the proceeding.
        proceeding: Its id.
        day: Day of the act, or of the call of the assembly.
        rulebook: Rules that govern it.

    Returns:
        The rule that asks for it, for the derivation.

    Raises:
        NotFoundError: No such proceeding.
        ConflictError: It is decided.
        RuleViolation: ``proceeding.unserved``, ``proceeding.unheard``, ``proceeding.hearing``, or the
            rulebook is silent.
    """
    found = open_proceeding(state, proceeding)
    process = rulebook.one(DueProcess, found.data.measure)
    served_at = require_served(found, process)
    last = last_day(state.day_of(served_at), process.reply_days)
    if not found.replied and day <= last:
        raise RuleViolation(
            "proceeding.unheard",
            process.reference(),
            expected=f"a reply, or a day after {last}",
            found=day,
        )
    if process.hearing and found.heard_entry is None:
        raise RuleViolation(
            "proceeding.hearing",
            process.reference(),
            expected="a hearing, or an invitation that was declined",
            found=proceeding,
        )
    return process


def loss_rule(rulebook: Rulebook, cause: LossCause, member_class: MemberClass) -> Loss:
    """Return the rule on a cause that ends membership, of the class before that of all classes.

    Raises:
        RuleViolation: ``loss.forbidden`` where membership does not end for it, or the rulebook is silent.
    """
    rule = rulebook.one(Loss, f"{cause}/{member_class}", f"{cause}/*")
    if rule.modality == "must_not":
        raise RuleViolation(
            "loss.forbidden", rule.reference(), expected="another cause", found=cause
        )
    return rule


def revocation_rule(rulebook: Rulebook, mandate: Mandate) -> Revocation:
    """Return the rule under which a mandate may be ended before its term.

    Raises:
        RuleViolation: ``revocation.forbidden``, or the statutes are silent on it for this body.
    """
    rule = rulebook.one(Revocation, mandate.body)
    if rule.modality == "must_not":
        raise RuleViolation(
            "revocation.forbidden",
            rule.reference(),
            expected="a body whose mandates can be revoked",
            found=mandate.body,
        )
    return rule


def decider(
    state: State, data: ProceedingOpened, rulebook: Rulebook
) -> tuple[Decider | None, Rule]:
    """Return who decides the measure a proceeding asks for, and the rule that says so.

    Args:
        state: With the member and the mandate concerned.
        data: The proceeding.
        rulebook: Rules that govern it.

    Returns:
        None for whoever the rules on motions let decide: revocations, and sanctions whose due process
        names nobody.

    Raises:
        NotFoundError: No such member, mandate or place.
        RuleViolation: ``loss.nobody`` where exclusion exists but nobody may decide it, ``loss.forbidden``,
            ``revocation.forbidden``, ``proceeding.level`` where nobody decides at the level of the place, or
            the rulebook is silent.
    """
    if data.mandate is not None:
        return None, revocation_rule(rulebook, state.mandate(data.mandate))
    if data.sanction is not None:
        process = rulebook.one(DueProcess, data.measure)
        return _decider_there(state, data, process), process
    rule = loss_rule(rulebook, "exclusion", state.member(data.member).member_class)
    return require_decider(rule), rule


def require_decider(rule: Loss) -> Decider:
    """Return who establishes a cause that ends membership.

    Raises:
        RuleViolation: ``loss.nobody``.
    """
    if rule.by is None:
        raise RuleViolation(
            "loss.nobody",
            rule.reference(),
            expected="statutes that say who decides it",
            found=rule.cause,
        )
    return rule.by


def rung_of(rulebook: Rulebook, sanction: Slug) -> tuple[Sanctions, SanctionStep, int]:
    """Return the ladder of sanctions, one of its rungs and the place of that, from 0.

    Raises:
        RuleViolation: ``sanction.not_listed``, or the rulebook is silent on sanctions.
    """
    ladder = rulebook.one(Sanctions)
    for place, step in enumerate(ladder.steps):
        if step.sanction == sanction:
            return ladder, step, place
    raise RuleViolation(
        "sanction.not_listed",
        ladder.reference(),
        expected=" or ".join(step.sanction for step in ladder.steps),
        found=sanction,
    )


def open_proceeding(state: State, proceeding: Slug) -> Proceeding:
    """Return a proceeding that is not decided.

    Raises:
        NotFoundError: No such proceeding.
        ConflictError: ``proceeding.decided``.
    """
    found = state.proceeding(proceeding)
    if found.status != "open":
        raise ConflictError(
            "proceeding.decided", expected="a proceeding not decided yet", found=found.status
        )
    return found


def check_held(mandate: Mandate, day: Day) -> None:
    """Check that a mandate is not over on a day; one that has yet to begin is not.

    Raises:
        ConflictError: ``mandate.over``.
    """
    if mandate.over_on(day):
        raise ConflictError("mandate.over", expected="a mandate that runs", found=mandate.id)


def last_day(start: Day, days: int) -> Day:
    """Return the last day of a period of days after a day; the day itself for none."""
    return format_day(add(parse_day(start), Duration(days=days))) if days else start


def _decider_there(state: State, data: ProceedingOpened, process: DueProcess) -> Decider | None:
    """Return who decides a sanction, at the level of the place where one is named (Q11)."""
    if data.place is None:
        return process.by
    level = state.place(data.place).level
    for each in process.levels:
        if each.level == level:
            return each.by
    raise RuleViolation(
        "proceeding.level",
        process.reference(),
        expected=" or ".join(each.level for each in process.levels) or "no place",
        found=level,
    )


def check_server(state: State, entry: Entry, proceeding: Proceeding) -> None:
    """Check that an act is of those who serve grounds: who decide, or keep the registers (Q2).

    Args:
        state: What is known.
        entry: The act.
        proceeding: The proceeding.

    Raises:
        NotFoundError: No such author.
        RuleViolation: The author does not act for them, or the rulebook is silent.
    """
    rulebook = state.in_force().rulebook
    party, rule = decider(state, proceeding.data, rulebook)
    if not isinstance(party, BodyParty | SeatParty):
        custody = rulebook.one(Custody)
        party, rule = custody.by, custody
    check_officer(state, entry.by, party, state.day_of(entry.at), rule.reference())


def _check_shape(data: ProceedingOpened) -> None:
    named = {"sanction": data.sanction is not None, "revocation": data.mandate is not None}
    for measure, present in named.items():
        if present != (data.measure == measure):
            raise InvalidInputError(
                "proceeding.shape",
                expected="a sanction for a sanction, a mandate for a revocation, nothing else",
                found=data.measure,
            )


def require_served(proceeding: Proceeding, process: DueProcess) -> Instant:
    """Return when the grounds were served.

    Raises:
        RuleViolation: ``proceeding.unserved``.
    """
    if proceeding.served_at is None:
        raise RuleViolation(
            "proceeding.unserved",
            process.reference(),
            expected=" or ".join(process.channels),
            found=proceeding.data.proceeding,
        )
    return proceeding.served_at
