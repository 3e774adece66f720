"""Why is this valid? A decision's derivation in plain sentences, in French and English.

The first line says how the motion ended. Each further line is one step: the article, its words where the
statutes are at hand, what the rule asks, what was found, what follows, and the entries where it was found.
Refused motions and motions without quorum are explained in the same way.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from backend.domain.acts import DecisionMade, DerivationStep, Slug
from backend.domain.deadlines import Duration
from backend.domain.decisions.course import party_key
from backend.domain.errors import InvalidInputError
from backend.domain.explanation_words import StepKind, Unit, Vocabulary
from backend.domain.explanation_words_en import ENGLISH
from backend.domain.explanation_words_fr import FRENCH
from backend.domain.messages import Language, typeset, write_time
from backend.domain.rulebook.bodies import (
    Body,
    CastingVote,
    CoOption,
    Designation,
    Designator,
    Revocation,
)
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.membership import DueProcess, VotingRight
from backend.domain.rulebook.order import InternalRules
from backend.domain.rulebook.rule import (
    AnyMember,
    BodyParty,
    Founders,
    Party,
    Rule,
    SeatParty,
    Threshold,
)
from backend.domain.rulebook.sessions import (
    Channels,
    Competence,
    Convocation,
    Notice,
    Quorum,
    SecondConvocation,
    Session,
)
from backend.domain.rulebook.topics import topic_of
from backend.domain.rulebook.voting import (
    BallotRule,
    EffectRule,
    Initiative,
    Majority,
    Tie,
    TieBreak,
)

VOCABULARIES: Mapping[Language, Vocabulary] = {"fr": FRENCH, "en": ENGLISH}
"""The words of each language."""

STEP_KINDS: tuple[StepKind, ...] = get_args(StepKind)
"""Every kind of step a derivation can have."""

_FINGERPRINT_DIGITS = 16
"""Hex digits of a hash that an explanation shows: enough to recognise it; the entry has all of it."""

_TERMS = frozenset({"kind", "effect", "measure", "channel", "secrecy"})
_TIMES = frozenset({
    "called_on", "changed_on", "closed_at", "closes_at", "first_on", "latest", "opens_at",
    "opens_on", "served_at",
})  # fmt: skip
_NAMES = frozenset({"draft", "mandate", "previous", "proposer_class", "territory"})


def explain(
    decision: DecisionMade, rulebook: Rulebook, statutes: bytes | None, language: Language
) -> tuple[str, ...]:
    """Return why a decision is valid: a headline, then one line for each step.

    Args:
        decision: The decision.
        rulebook: The rules that governed it: those in force when its assembly was called.
        statutes: The statutes that this rulebook names, whose words are quoted; None to quote nothing.
        language: Language of the sentences; quotes and titles stay in that of the statutes.

    Raises:
        RuleViolation: ``rule.missing``: a step names a rule that the rulebook does not have.
        InvalidInputError: ``explanation.step``: a step that no derivation has.
    """
    writer = _Writer(VOCABULARIES[language], language, rulebook, statutes)
    motion = {"motion": writer.quoted(decision.motion)}
    headline = writer.fill(writer.words.headlines[decision.outcome], motion)
    lines = (writer.line(number, each) for number, each in enumerate(decision.derivation, start=1))
    return (headline, *lines)


def kind_of(step: DerivationStep, rulebook: Rulebook) -> StepKind:
    """Return of which kind a step is.

    Raises:
        RuleViolation: ``rule.missing``: the rulebook has no such rule.
        InvalidInputError: ``explanation.step``: no derivation has such a step.
    """
    return _kind(step, _rule(step, rulebook))


def _rule(step: DerivationStep, rulebook: Rulebook) -> Rule:
    rule = rulebook.rule(step.rule)
    if not isinstance(rule, Rule):
        raise _unknown(step)
    return rule


def _kind(step: DerivationStep, rule: Rule) -> StepKind:
    if isinstance(rule, Initiative) and "supporters" in step.inputs:
        return "support"
    if isinstance(rule, BallotRule) and "standing" in step.inputs:
        return "consent"
    if isinstance(rule, BallotRule) and "chosen" in step.inputs:
        return "count"
    topic = topic_of(type(rule))
    for kind in STEP_KINDS:
        if kind == topic:
            return kind
    raise _unknown(step)


def _unknown(step: DerivationStep) -> InvalidInputError:
    return InvalidInputError(
        "explanation.step", expected="a step that a derivation has", found=step.rule
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    words: Vocabulary
    language: Language
    rulebook: Rulebook
    statutes: bytes | None

    def fill(self, template: str, values: Mapping[str, str]) -> str:
        """Typeset the template, not the values: they are quoted as they are."""
        return typeset(template, self.language).format_map(values)

    def quoted(self, name: str) -> str:
        return self.fill(self.words.quoted, {"name": name})

    def line(self, number: int, step: DerivationStep) -> str:
        rule = _rule(step, self.rulebook)
        kind = _kind(step, rule)
        values = dict(self._values(step, rule, kind))
        words, verdict = self.words, step.verdict
        article = {"article": step.article}
        return self.fill(
            words.line,
            {
                "number": str(number),
                "source": self.fill(words.article, article) if step.article else "",
                "title": typeset(words.titles[kind], self.language),
                "quote": self._quote(rule),
                "ask": self.fill(words.asks[_ask(rule, kind, words.asks)], values),
                "find": self.fill(words.finds[_find(step, rule, kind)], values),
                "verdict": typeset(
                    words.verdicts.get(f"{kind}.{verdict}", words.verdicts[verdict]), self.language
                ),
                "entries": self._entries(step),
            },
        )

    def _quote(self, rule: Rule) -> str:
        if self.statutes is None or rule.span is None:
            return ""
        # A supplement may count bytes of a text that is not this one: it then quotes nothing.
        words = self.statutes[rule.span.start : rule.span.end].decode(errors="ignore")
        return self.fill(self.words.quote, {"words": " ".join(words.split())}) if words else ""

    def _entries(self, step: DerivationStep) -> str:
        if not step.entries:
            return ""
        one, several = self.words.entries
        listed = ", ".join(map(str, step.entries))
        return self.fill(several if len(step.entries) > 1 else one, {"entries": listed})

    def _values(
        self, step: DerivationStep, rule: Rule, kind: StepKind
    ) -> Iterator[tuple[str, str]]:
        """Yield every field that the templates of a kind may use; the rule's own come last and prevail."""
        for name, value in step.inputs.items():
            yield name, self._input(name, value)
        base = step.inputs.get("base")
        if base is not None:
            yield "base", self.term(f"{kind}.{base}")
        yield from self._of_rule(step, rule, kind)

    def _input(self, name: str, value: str) -> str:  # noqa: PLR0911 - one line per family of inputs
        if name in _TERMS:
            return self.term(value)
        if name == "method":
            return self.term(f"method.{value}")
        if name == "casting_vote":
            return self._casting_vote(value)
        if name in _TIMES:
            return write_time(value, self.language)
        if name in _NAMES:
            return self.quoted(value)
        if name in {"days", "required_days"}:
            return self._unit(int(value), "days")
        if name == "required_hours":
            return self._unit(int(value), "hours")
        if name in {"body", "proposer_body"}:
            return self._body(value)
        if name == "session":
            return self._session(value)
        return value[:_FINGERPRINT_DIGITS] if name == "electorate" else value

    def _of_rule(  # noqa: C901, PLR0912 - one branch per kind of rule
        self, step: DerivationStep, rule: Rule, kind: StepKind
    ) -> Iterator[tuple[str, str]]:
        match rule:
            case Initiative(support=Threshold() as support) if kind == "support":
                yield "required", self._share(support)
            case Initiative():
                yield "who", self._either(self._proposers(rule))
            case EffectRule(effects=effects):
                yield "effects", self._either(map(self.term, effects))
            case Designation(by=by) | InternalRules(by=by):
                yield "by", self._decider(by)
            case CoOption(by=by, within=within):
                yield "by", self._decider(by)
                yield "within", self._duration(within)
            case Revocation():
                yield "seat", self._seat(step.inputs["body"], step.inputs["seat"])
            case SecondConvocation(within=within):
                yield "within", self._duration(within)
            case Competence(sessions=sessions):
                yield "sessions", self._either(self._session(each) for each in sessions)
            case Convocation(by=parties):
                yield "by", self._either(map(self._party, parties))
                callers = (
                    each for each in parties if party_key(each) == step.inputs.get("called_by")
                )
                yield "called_by", self._either(map(self._party, callers))
            case Channels(channels=channels):
                yield "channels", self._either(map(self.term, channels))
            case VotingRight(member_class=member_class):
                yield "member_class", self.quoted(member_class)
            case Session():
                yield "session", self.quoted(rule.title)
                yield "body", self._body(rule.body or "")
            case Quorum(threshold=threshold) | Majority(threshold=threshold):
                yield "required", self._share(threshold)
            case TieBreak(chain=chain):
                yield "chain", ", ".join(map(self.term, chain))
            case CastingVote():
                yield "seat", self._party(SeatParty(rule.seat_body, rule.seat))
            case _:
                return

    def term(self, name: str) -> str:
        known = self.words.terms.get(name)
        return self.quoted(name) if known is None else typeset(known, self.language)

    def _casting_vote(self, choice: str) -> str:
        known = self.words.terms.get(f"casting_vote.{choice}")
        return self.quoted(choice) if known is None else typeset(known, self.language)

    def _either(self, names: Iterable[str]) -> str:
        listed = list(names)
        if len(listed) < 2:
            return "".join(listed) or self.words.parties["nobody"]
        return f"{', '.join(listed[:-1])}{self.words.either}{listed[-1]}"

    def _proposers(self, rule: Initiative) -> Iterator[str]:
        for member_class in rule.classes:
            yield self.fill(self.words.parties["classes"], {"body": self.quoted(member_class)})
        for body in rule.bodies:
            yield self.fill(self.words.parties["body"], {"body": self._body(body)})

    def _party(self, party: Party) -> str:
        parties = self.words.parties
        match party:
            case AnyMember():
                return parties["any_member"]
            case BodyParty(body=body):
                return self.fill(parties["body"], {"body": self._body(body)})
            case SeatParty(body=body, seat=seat):
                values = {"body": self._body(body), "seat": self._seat(body, seat)}
                return self.fill(parties["seat"], values)
            case _:
                share = {"share": self._share(party.threshold)}
                if party.body is None:
                    return self.fill(parties["share"], share)
                values = {**share, "body": self._body(party.body)}
                return self.fill(parties["share_of_body"], values)

    def _decider(self, by: Designator) -> str:
        match by:
            case Founders():
                return self.words.parties["founders"]
            case BodyParty():
                return self._party(by)
            case _:
                values = {"session": self._session(by.session)}
                return self.fill(self.words.parties["assembly"], values)

    def _body(self, body: Slug) -> str:
        titles = {rule.body: rule.title for rule in self.rulebook.every(Body)}
        return self.quoted(titles.get(body, body))

    def _seat(self, body: Slug, seat: Slug) -> str:
        titles = {
            each.seat: each.title
            for rule in self.rulebook.every(Body)
            if rule.body == body
            for each in rule.seats
        }
        return self.quoted(titles.get(seat, seat))

    def _session(self, session: Slug) -> str:
        titles = {rule.session: rule.title for rule in self.rulebook.every(Session)}
        return self.quoted(titles.get(session, session))

    def _share(self, threshold: Threshold) -> str:
        reached, exceeded = self.words.share
        template = exceeded if threshold.strict else reached
        return self.fill(template, {"share": str(threshold.fraction)})

    def _unit(self, count: int, unit: Unit) -> str:
        one, several = self.words.units[unit]
        return f"{count} {one if count in self.words.singular else several}"

    def _duration(self, duration: Duration) -> str:
        parts: tuple[tuple[Unit, int], ...] = (
            ("years", duration.years),
            ("months", duration.months),
            ("days", duration.days),
        )
        return ", ".join(self._unit(count, unit) for unit, count in parts if count)


def _ask(rule: Rule, kind: StepKind, asks: Mapping[str, str]) -> str:  # noqa: PLR0911 - one line per variant
    """Return the key of the template that says what a rule asks."""
    match rule:
        case Notice(proven=True):
            return "notice.proven"
        case Quorum() if _asks_nothing(rule):
            return "quorum.none"
        case DueProcess(hearing=True):
            return "due_process.hearing"
        case Tie(resolution=resolution):
            return f"tie.{resolution}"
        case VotingRight(modality="must" | "may", assurance=str(level)):
            return f"voting_right.{level}"
        case Session(body=None):
            return "session.members"
        case _:
            forbids = f"{kind}.must_not"
            return forbids if rule.modality == "must_not" and forbids in asks else kind


def _find(step: DerivationStep, rule: Rule, kind: StepKind) -> str:  # noqa: C901, PLR0911 - one line per variant
    """Return the key of the template that says what was found."""
    inputs = step.inputs
    if kind == "initiative" and "proposer_body" in inputs:
        return "initiative.seat"
    if kind == "due_process":
        if "served_at" not in inputs:
            return "due_process.unserved"
        if "hearing" in inputs:
            return f"due_process.{'heard' if inputs['hearing'] == 'yes' else 'unheard'}"
        return f"due_process.{'replied' if inputs['replied'] == 'yes' else 'silent'}"
    if kind == "convocation" and "called_by" not in inputs:
        return "convocation.nobody"
    if kind == "convocation" and "draft" in inputs:
        return "convocation.draft"
    if kind == "notice":
        return f"notice.{'recorded' if inputs['recorded'] == 'yes' else 'unrecorded'}"
    if kind == "voting_right" and "territory" in inputs:
        return "voting_right.territory"
    if isinstance(rule, Quorum) and _asks_nothing(rule):
        return "quorum.none"
    if kind == "count":
        return "count" if inputs["chosen"] else "count.none"
    if kind == "tie_break":
        return _tie_found(inputs)
    if kind == "casting_vote":
        return f"casting_vote.{inputs['casting_vote']}"
    return kind


def _tie_found(inputs: Mapping[str, str]) -> str:
    if "seed" in inputs:
        return "tie_break.lots"
    return "tie_break.casting_vote" if "casting_vote" in inputs else "tie_break"


def _asks_nothing(rule: Quorum) -> bool:
    return rule.threshold.fraction.num == 0 and not rule.threshold.strict
