"""Steps of scenarios about motions, and what a motion changes."""

from collections.abc import Callable, Mapping

import msgspec

from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    ApprovalEffect,
    DissolutionEffect,
    Effect,
    ElectionEffect,
    FrameworkEffect,
    InternalRulesEffect,
    InterpretationEffect,
    MeasureEffect,
    MotionAmended,
    MotionProposed,
    ObjectionResolved,
    Obligation,
    RatificationEffect,
    ResolutionEffect,
    ReversalEffect,
    RevocationEffect,
    SeatGiven,
    StatutesEffect,
)
from backend.domain.framework import format_framework
from backend.domain.rulebook.source import Source
from tests.support.memory_ledger import Book
from tests.support.model_organisation import model_framework
from tests.support.organisations import put_supplement
from tests.support.plays import put_text
from tests.support.scenario_fields import Fields, ScenarioError, texts_of
from tests.support.scenario_world import Model, World, model

EFFECT_OF: Mapping[str, str] = {
    "constituent": "statutes",
    "abrogative": "abrogation",
    "revocatory": "revocation",
    "legislative": "resolution",
    "election": "election",
    "approval": "approval",
    "affiliation": "affiliation",
    "exclusion": "measure",
    "sanction": "measure",
    "appeal": "reversal",
    "internal_rules": "internal_rules",
    "ratification": "ratification",
    "interpretation": "interpretation",
    "valuation": "framework",
    "dissolution": "dissolution",
}
"""What a motion of each kind changes where a scenario does not say."""


def propose(world: World, fields: Fields) -> None:
    """Propose a motion."""
    kind = fields.text("kind", "legislative")
    motion, title = fields.text("motion"), fields.text("title", "Une motion")
    author = world.who(fields.text("by"))
    effect = read_effect(world, fields, fields.text("effect", EFFECT_OF[kind]))
    fields.done()
    world.write(
        author,
        lambda book: MotionProposed(
            motion,
            kind,  # type: ignore[arg-type] # the ledger refuses kinds that are none
            title,
            put_text(book, f"Texte de {motion}."),
            effect(book),
        ),
    )


def amend(world: World, fields: Fields) -> None:
    """Change a motion before it is put to the vote."""
    motion, author = fields.text("motion"), world.who(fields.text("by"))
    kind = world.state.motion(motion).data.kind
    effect = read_effect(world, fields, fields.text("effect", EFFECT_OF[kind]))
    fields.done()
    world.write(
        author,
        lambda book: MotionAmended(
            motion, "Une motion, modifiée", put_text(book, f"{motion}, autrement."), effect(book)
        ),
    )


def support(world: World, fields: Fields) -> None:
    """Support a motion, one after the other."""
    motion, group = fields.text("motion"), world.group(fields.texts("by"))
    fields.done()
    for member in group:
        world.support(member, motion)


def withdraw(world: World, fields: Fields) -> None:
    """Take a motion back."""
    motion, author = fields.text("motion"), world.who(fields.text("by"))
    fields.done()
    world.withdraw(author, motion)


def object_to(world: World, fields: Fields) -> None:
    """Object to a motion with reasons."""
    motion, author = fields.text("motion"), world.who(fields.text("by"))
    name = fields.text("objection", "objection")
    fields.done()
    world.object(author, name, motion)


def resolve(world: World, fields: Fields) -> None:
    """Say that an objection is met, or give it up."""
    name, author = fields.text("objection", "objection"), world.who(fields.text("by"))
    how = fields.text("how", "met")
    fields.done()
    world.write(
        author,
        lambda book: ObjectionResolved(
            name,
            how,  # type: ignore[arg-type] # the ledger refuses words that are none
            put_text(book, "Voici comment."),
        ),
    )


def fulfil(world: World, fields: Fields) -> None:
    """Report that what a resolution charged somebody with is done."""
    motion, author = fields.text("motion"), world.who(fields.text("by"))
    name = fields.text("obligation")
    fields.done()
    world.fulfil(author, motion, name)


def read_effect(world: World, fields: Fields, kind: str) -> Callable[[Book], Effect]:
    """Return what a motion changes, as its documents can be stored."""
    if kind not in _EFFECTS:
        message = f"{fields.where}: no effect is called {kind}"
        raise ScenarioError(message)
    return _EFFECTS[kind](world, fields)


def _statutes(world: World, fields: Fields) -> Callable[[Book], Effect]:
    proposed = fields.fields("statutes")
    kept = proposed.texts("keep")
    changed = changed_statutes(world, proposed)
    supplements = tuple(
        each for each in world.state.in_force().rulebook.supplements if each.motion in kept
    )
    rulebook = msgspec.structs.replace(changed.rulebook, supplements=supplements)
    return lambda book: StatutesEffect(world.documents(book, changed, rulebook))


def changed_statutes(world: World, fields: Fields) -> Model:
    """Return the statutes that a motion proposes: a version of the files, or today's with changes."""
    if "version" in fields:
        found = model(world.organisation, fields.number("version"))
    else:
        text = fields.fields("replace").rest() if "replace" in fields else {}
        rules = fields.fields("rules").rest() if "rules" in fields else {}
        added: Source = fields.take("add") if "add" in fields else []
        if isinstance(added, str | Mapping):
            message = f"{fields.where}: add is a list of rules"
            raise ScenarioError(message)
        found = world.model.changed(
            {old: texts_of(fields.where, new)[0] for old, new in text.items()},
            {name: each for name, each in rules.items() if isinstance(each, Mapping)},
            fields.texts("without"),
            added,
        )
    fields.done()
    return found


def _resolution(_: World, fields: Fields) -> Callable[[Book], Effect]:
    charged = fields.several("obligations") if "obligations" in fields else []
    obligations = tuple(
        Obligation(
            each.text("obligation"), each.text("title"), each.text("bearer"), each.text("due")
        )
        for each in charged
    )
    for each in charged:
        each.done()
    return lambda _: ResolutionEffect(obligations)


def _framework(_: World, fields: Fields) -> Callable[[Book], Effect]:
    framework = model_framework(identifier=fields.text("framework", "river-health"))
    content = format_framework(framework)
    return lambda book: FrameworkEffect(framework.id, book.put_document(content))


def _abrogation(_: World, fields: Fields) -> Callable[[Book], Effect]:
    effect = AbrogationEffect(fields.maybe("rule"), fields.maybe("resolution"))
    return lambda _: effect


def _revocation(_: World, fields: Fields) -> Callable[[Book], Effect]:
    effect = RevocationEffect(fields.text("mandate"), fields.maybe("proceeding"))
    return lambda _: effect


def _election(world: World, fields: Fields) -> Callable[[Book], Effect]:
    way = fields.text("way", "designation")
    body, starts = fields.text("body"), fields.text("starts")
    attested = fields.truth("attested", default=True)
    seats = []
    for each in fields.several("seats"):
        seat, holder = each.text("seat"), world.who(each.text("to"))
        seats.append(SeatGiven(each.text("mandate"), seat, holder.id))
        each.done()
    return lambda _: ElectionEffect(
        body,
        way,  # type: ignore[arg-type] # the ledger refuses ways that are none
        starts,
        attested,
        tuple(seats),
    )


def _approval(_: World, fields: Fields) -> Callable[[Book], Effect]:
    report, year = fields.text("report"), fields.number("year")
    return lambda book: ApprovalEffect(
        report,  # type: ignore[arg-type] # the ledger refuses reports that are none
        year,
        put_text(book, f"{report} {year}"),
    )


def _affiliation(_: World, fields: Fields) -> Callable[[Book], Effect]:
    effect = AffiliationEffect(fields.text("organisation"), fields.truth("joins", default=True))
    return lambda _: effect


def _measure(_: World, fields: Fields) -> Callable[[Book], Effect]:
    effect = MeasureEffect(fields.text("proceeding"), fields.maybe("until"))
    return lambda _: effect


def _reversal(_: World, fields: Fields) -> Callable[[Book], Effect]:
    effect = ReversalEffect(fields.text("proceeding"))
    return lambda _: effect


def _internal_rules(world: World, fields: Fields) -> Callable[[Book], Effect]:
    rules = world.rules(fields.take("rules"))
    return lambda book: InternalRulesEffect(
        put_text(book, "Règlement intérieur."), put_supplement(book, *rules)
    )


def _ratification(_: World, fields: Fields) -> Callable[[Book], Effect]:
    effect = RatificationEffect(fields.text("internal_rules"))
    return lambda _: effect


def _interpretation(world: World, fields: Fields) -> Callable[[Book], Effect]:
    settles, rules = fields.text("settles"), world.rules(fields.take("rules"))
    return lambda book: InterpretationEffect(settles, put_supplement(book, *rules))


def _dissolution(world: World, fields: Fields) -> Callable[[Book], Effect]:
    liquidators = tuple(each.id for each in world.group(fields.texts("liquidators")))
    return lambda book: DissolutionEffect(liquidators, put_text(book, "Une association voisine."))


_EFFECTS: Mapping[str, Callable[[World, Fields], Callable[[Book], Effect]]] = {
    "statutes": _statutes,
    "framework": _framework,
    "resolution": _resolution,
    "abrogation": _abrogation,
    "revocation": _revocation,
    "election": _election,
    "approval": _approval,
    "affiliation": _affiliation,
    "measure": _measure,
    "reversal": _reversal,
    "internal_rules": _internal_rules,
    "ratification": _ratification,
    "interpretation": _interpretation,
    "dissolution": _dissolution,
}
