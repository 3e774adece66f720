"""The one loader of the scenarios in ``tests/scenarios/<organisation>/*.yaml``, and what they may say.

A file has ``scenarios``, a list, and may have ``given``: steps that come first in every scenario of it. A
scenario has an ``id``, a ``title``, the ``articles`` of the statutes it rests on, ``given`` and ``when``,
both lists of steps, and ``then``; what follows may be told in a second turn, ``and_when`` with ``and_then``.
The last step of a turn is the one that ``then: refused`` is about; every other step must succeed. Steps are
one verb with what it needs. Times are UTC; periods read ``15 days``, ``3 months``, ``72 hours``; a date means
the same time on that day.

People are named ``<class>-<number>`` or after an office; groups read ``person 3-24`` or are lists.

founded         on, at, members: {class: number}, offices: {name: body/seat}
                The first founders of the first class take the offices; a mandate is named as its office, or
                as office and seat where one office has several (a list of body/seat).
apply           as, class                         join            as (group), class, by
admit           member, by                        object_to_admission  applicant, by
leave           by                                end_membership  member, cause, by
accuse          proceeding, measure, against, by, sanction, mandate
serve           proceeding, by, channel           reply           proceeding, by
take_measure    proceeding, by, until             appeal          proceeding, by
answer_appeal   proceeding, by, upheld            give_back       mandate, by
forfeit         mandate, by, meetings
open_dispute    by, with, dispute                 advance_dispute by, step, answers, dispute
settle_dispute  by (all parties), dispute
propose         motion, by, kind, effect and what it needs; the kind says the effect where it is left out:
                statutes: {version} or {replace: {words: words}, rules: {id: fields}, without, add},
                and keep: the motions whose supplements stay beside the new text;
                resolution: obligations; abrogation: rule or resolution; revocation: mandate, proceeding;
                election: body, way, starts, seats: [{mandate, seat, to}], attested;
                approval: report, year; affiliation: organisation, joins; measure: proceeding, until;
                reversal: proceeding; internal_rules: rules; ratification: internal_rules;
                interpretation: settles, rules; dissolution: liquidators; framework
amend           motion, by, and what its effect needs
support         motion, by (group)                withdraw        motion, by
object          motion, by, objection             resolve         by, how, objection
fulfil          motion, obligation, by
draft           draft, session, motions, by       support_draft   draft, by (group)
convene         assembly, session, motions, by, in, lasting, channel, second_after, draft
notify          assembly, by, channel             adjourn         assembly, by, to, lasting
give_proxy      from (group), to, assembly        revoke_proxy    from, assembly
attend          assembly, members, how, recorded_by
open            assembly, by
vote            motion; yes, no, abstain, consent: a number of those who have not voted, or names; by_proxy
count_urn       assembly, motion, tellers, yes, no, abstain, papers
close           assembly                          decide          motion
settle          assembly: close it, decide its motions, carry out what follows
hold            as convene, and notified: yes, present: group, paper: yes, yes, no, abstain, consent
minutes         assembly, signers
wait            for, until, opening or closing (of an assembly)

``then`` says:
refused         code, article, rule               outcome, motion, proceeding, internal_rules  {id: status}
tally           {motion: {choice: number}}        step            decision, rule, article, verdict, inputs
body            body, on, holders, missing        member          {name: status, or {status, lost_by, ...}}
mandate         mandate, starts, ends, ended_on, cause, way, seat
statutes        version, silent, settled, holds, absent
assembly        assembly, version, electors, proxies, ...
draft           draft, complete                   dispute         dispute, step, settled
obligation      kind, subject, on, status, first, last, article, rule, bearer, there
finding         code, article, rule, there        organisation    dissolved_by, affiliated_to, left
Several of a kind are a list.

Besides, everywhere: a refusal that names an article names one that the scenario cites, and has words and a
remedy in French and English; cited articles are in the statutes; every decision can be explained.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.domain.errors import GovernanceError
from backend.domain.rulebook.articles import read_articles
from backend.domain.rulebook.source import Source
from backend.rulebook_files import parse_source
from tests.support import scenario_motions as motions
from tests.support import scenario_people as people
from tests.support import scenario_sessions as sessions
from tests.support.scenario_fields import Fields, ScenarioError
from tests.support.scenario_outcomes import check_outcomes, check_refusal, explain_all
from tests.support.scenario_world import ORGANISATIONS, World, model

FOLDER = Path(__file__).parents[1] / "scenarios"
"""Where the scenarios are."""

VERBS: Mapping[str, Callable[[World, Fields], None]] = {
    "founded": people.founded,
    "apply": people.apply,
    "admit": people.admit,
    "join": people.join,
    "object_to_admission": people.object_to_admission,
    "leave": people.leave,
    "end_membership": people.end_membership,
    "accuse": people.accuse,
    "serve": people.serve,
    "reply": people.reply,
    "take_measure": people.take_measure,
    "appeal": people.appeal,
    "answer_appeal": people.answer_appeal,
    "give_back": people.give_back,
    "forfeit": people.forfeit,
    "open_dispute": people.open_dispute,
    "advance_dispute": people.advance_dispute,
    "settle_dispute": people.settle_dispute,
    "propose": motions.propose,
    "amend": motions.amend,
    "support": motions.support,
    "withdraw": motions.withdraw,
    "object": motions.object_to,
    "resolve": motions.resolve,
    "fulfil": motions.fulfil,
    "wait": sessions.wait,
    "draft": sessions.draft,
    "support_draft": sessions.support_draft,
    "convene": sessions.convene,
    "notify": sessions.notify,
    "give_proxy": sessions.give_proxy,
    "revoke_proxy": sessions.revoke_proxy,
    "attend": sessions.attend,
    "open": sessions.open_session,
    "adjourn": sessions.adjourn,
    "vote": sessions.vote,
    "count_urn": sessions.count_urn,
    "close": sessions.close,
    "decide": sessions.decide,
    "settle": sessions.settle,
    "hold": sessions.hold,
    "minutes": sessions.publish_minutes,
}
"""Every step there is."""


@dataclass(frozen=True)
class Step:
    """One verb and what it needs."""

    verb: str
    """The verb."""
    needs: Source
    """What is written after it."""

    def play(self, world: World) -> None:
        """Do it.

        Raises:
            GovernanceError: The organisation refuses.
        """
        VERBS[self.verb](world, Fields(self.verb, self.needs))


@dataclass(frozen=True)
class Turn:
    """Something is done, and something must be so."""

    steps: tuple[Step, ...]
    """What is done."""
    then: Mapping[str, Source]
    """What must be so."""


@dataclass(frozen=True)
class Scenario:
    """A story about an organisation, with its end."""

    id: str
    """Id, unique among all scenarios."""
    organisation: str
    """Whose statutes it is about."""
    title: str
    """What a jurist reads."""
    articles: tuple[str, ...]
    """Articles it rests on."""
    given: tuple[Step, ...]
    """What happened before."""
    turns: tuple[Turn, ...]
    """What happens."""

    def play(self) -> World:
        """Play it to its end.

        Raises:
            AssertionError: Something is not as it must be.
        """
        world = World(self.organisation)
        for step in self.given:
            _succeed(world, step)
        for turn in self.turns:
            self._play_turn(world, turn)
        explain_all(world)
        return world

    def _play_turn(self, world: World, turn: Turn) -> None:
        then = Fields("then", turn.then)
        *before, last = turn.steps
        for step in before:
            _succeed(world, step)
        if "refused" in then:
            _refuse(world, last, then.fields("refused"), frozenset(self.articles))
        else:
            _succeed(world, last)
        check_outcomes(world, then)


def load_scenarios() -> list[Scenario]:
    """Return every scenario, in the order of folders, files and lines.

    Raises:
        ScenarioError: A scenario cannot be read, or two share an id.
    """
    found = [
        scenario
        for organisation in ORGANISATIONS
        for file in sorted((FOLDER / organisation).glob("*.yaml"))
        for scenario in read_file(organisation, file)
    ]
    ids = [each.id for each in found]
    repeated = sorted({each for each in ids if ids.count(each) > 1})
    if repeated:
        message = f"two scenarios share an id: {', '.join(repeated)}"
        raise ScenarioError(message)
    return found


def read_file(organisation: str, file: Path) -> list[Scenario]:
    """Return the scenarios of a file.

    Raises:
        ScenarioError: One cannot be read.
    """
    content = Fields(file.name, parse_source(file.read_bytes()))
    articles = {each.number for each in read_articles(model(organisation).text).values()}
    given = _steps(file.name, content.take("given")) if "given" in content else ()
    found = [_scenario(organisation, given, each) for each in content.several("scenarios")]
    content.done()
    for scenario in found:
        unknown = sorted(set(scenario.articles) - articles)
        if unknown or not scenario.articles:
            message = f"{scenario.id} cites no article, or one there is not: {', '.join(unknown)}"
            raise ScenarioError(message)
    return found


def _scenario(organisation: str, before: tuple[Step, ...], fields: Fields) -> Scenario:
    name, title = fields.text("id"), fields.text("title")
    articles = fields.texts("articles")
    given = (*before, *(_steps(name, fields.take("given")) if "given" in fields else ()))
    turns = [Turn(_steps(name, fields.take("when")), fields.fields("then").rest())]
    if "and_when" in fields:
        turns.append(Turn(_steps(name, fields.take("and_when")), fields.fields("and_then").rest()))
    fields.done()
    if not all(turn.steps and turn.then for turn in turns) or given[0].verb != "founded":
        message = f"{name} begins without a founding, does nothing or says nothing"
        raise ScenarioError(message)
    return Scenario(name, organisation, title, articles, given, tuple(turns))


def _steps(name: str, source: Source) -> tuple[Step, ...]:
    if isinstance(source, str | Mapping):
        message = f"{name}: a list of steps is expected"
        raise ScenarioError(message)
    return tuple(_step(name, each) for each in source)


def _step(name: str, source: Source) -> Step:
    if not isinstance(source, Mapping) or len(source) != 1:
        message = f"{name}: a step is one verb with what it needs, not {source!r}"
        raise ScenarioError(message)
    [(verb, needs)] = source.items()
    if verb not in VERBS:
        message = f"{name}: nothing is called {verb}"
        raise ScenarioError(message)
    return Step(verb, needs)


def _succeed(world: World, step: Step) -> None:
    try:
        step.play(world)
    except GovernanceError as error:
        message = f"{step.verb} {step.needs} is refused: {error.code}: {error}"
        raise AssertionError(message) from error


def _refuse(world: World, step: Step, expected: Fields, articles: frozenset[str]) -> None:
    try:
        step.play(world)
    except GovernanceError as error:
        check_refusal(error, expected, articles)
        return
    message = f"{step.verb} {step.needs} is accepted"
    raise AssertionError(message)
