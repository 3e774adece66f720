"""The year of the citizens' conference: what its statutes leave open is settled, then used.

Kinds of motion in their order: legislative, affiliation, election, constituent (interpretations), revocatory,
approval, valuation, exclusion, abrogative, constituent (statutes), appeal, dissolution.
"""

from datetime import UTC, datetime

from backend.demo.years import matters, motions, sessions
from backend.demo.years.programme import Chapter, Programme
from backend.demo.years.words import Said
from backend.demo.years.year import Year
from backend.domain.acts import (
    AbrogationEffect,
    AffiliationEffect,
    Call,
    MeasureEffect,
    Obligation,
    ResolutionEffect,
    ReversalEffect,
    RevocationEffect,
)

VOTING_HOURS = 75
"""Hours of voting: three more than article 17 asks for."""

GRANARY = "Grainothèque"
"""A collective member, by the first word of its name."""

CHAIR = "Anémone"
"""Who presides over the bureau of assemblies."""

SETTLED = (
    ("quorum-de-revocation", "quorum-revocatoire"),
    ("majorite-de-revocation", "majorite-revocatoire"),
    ("organe-d-exclusion", "organe-exclusion"),
    ("initiative-d-exclusion", "initiative-exclusion"),
    ("quorum-d-exclusion", "quorum-exclusion"),
    ("majorite-d-exclusion", "majorite-exclusion"),
)
"""Motions that settle what articles 11 and 19 leave open, each with the silent rule it settles."""


def _join(year: Year) -> None:
    matters.join(year, "Dauphin", "Églantine", "Fenouil", "Garance", "Hyacinthe", "Iris")
    matters.join(year, GRANARY, "Atelier", officer=CHAIR)


def _propose(year: Year) -> None:
    tank = Obligation("cuve-reparee", "Réparer la cuve", "le bureau des moyens", "2026-05-31")
    repair = ResolutionEffect((tank,))
    motions.propose(year, "Dauphin", "cuve-de-pluie", "legislative", repair)
    motions.propose(year, "Fenouil", "vente-semences", "legislative", motions.RESOLUTION)
    motions.frame(year, "Iris", "cadre-mesure", "legislative")
    league = AffiliationEffect("Fédération des vallées imaginaires", joins=True)
    motions.propose(year, "Garance", "federation-vallees", "affiliation", league)
    motions.elect(
        year,
        "Capucine",
        "cooptation-apprentissage",
        "learning",
        [("member", "Hyacinthe"), ("member", "Iris")],
        starts="2026-02-01",
        co_opted=True,
    )
    for motion, silence in SETTLED:
        motions.interpret(year, "Églantine", motion, "constituent", silence, motion)
    matters.accuse(
        year,
        "Dauphin",
        "grief-tresorerie",
        "Basile",
        "revocation",
        mandate="assemblies-treasurer-2",
    )
    matters.serve(year, CHAIR, "grief-tresorerie")
    matters.reply(year, "grief-tresorerie", "La banque n'a pas encore ouvert le compte.\n")
    recall = RevocationEffect("assemblies-treasurer-2", "grief-tresorerie")
    motions.propose(year, "Dauphin", "revocation-tresorerie", "revocatory", recall)
    early = _vote_call(year, "vote-impossible", "2026-03-10", "revocation-tresorerie")
    year.refused(
        Said(
            "Voter une révocation que les statuts règlent à moitié",
            "Voting on a recall half settled",
        ),
        lambda: sessions.convene(year, CHAIR, early),
    )


def _vote_in_winter(year: Year) -> None:
    agenda = (
        "cuve-de-pluie",
        "vente-semences",
        "cadre-mesure",
        "federation-vallees",
        "cooptation-apprentissage",
        *(motion for motion, _ in SETTLED),
    )
    call = _vote_call(year, "vote-d-hiver", "2026-01-28", *agenda)
    sessions.convene(year, CHAIR, call)
    sessions.vote(year, "cuve-de-pluie", yes="Anémone Basile Capucine Dauphin", no="Garance")
    year.refused(
        Said(
            "Une organisation membre veut voter", "An organisation that is a member wants to vote"
        ),
        lambda: sessions.vote(year, "cuve-de-pluie", yes=GRANARY),
    )
    sessions.vote(year, "vente-semences", yes="Garance Fenouil Iris", no="Basile")
    for motion in agenda[2:]:
        sessions.vote(year, motion, yes="Anémone Capucine Églantine", abstain="Hyacinthe")
    sessions.close(year, "vote-d-hiver")


def _recall(year: Year) -> None:
    call = _vote_call(year, "vote-de-revocation", "2026-02-20", "revocation-tresorerie")
    sessions.convene(year, CHAIR, call)
    sessions.vote(year, "revocation-tresorerie", yes="Dauphin Fenouil Iris", no="Basile")
    sessions.close(year, "vote-de-revocation")


def _assemble(year: Year) -> None:
    motions.report(
        year, CHAIR, "rapport-2025", "activities", 2025, "Rapport : onze réunions préparatoires.\n"
    )
    motions.elect(
        year,
        "Fenouil",
        "tresorerie-nouvelle",
        "assemblies",
        [("treasurer", "Églantine")],
        starts="2026-03-24",
    )
    motions.frame(year, "Iris", "revision-cadre", "valuation", high="80")
    agenda = ("rapport-2025", "tresorerie-nouvelle", "revision-cadre")
    bare = _vote_call(year, "assemblee-2026", "2026-03-20", *agenda[:1], session="annual")
    year.refused(
        Said(
            "Une assemblée annuelle sans élection ni révision",
            "An annual assembly without election",
        ),
        lambda: sessions.convene(year, CHAIR, bare),
    )
    call = _vote_call(year, "assemblee-2026", "2026-03-20", *agenda, session="annual")
    sessions.convene(year, CHAIR, call)
    for motion in agenda:
        sessions.vote(year, motion, yes="Anémone Fenouil Iris", abstain="Dauphin")
    sessions.close(year, "assemblee-2026")


def _exclude(year: Year) -> None:
    matters.accuse(year, "Dauphin", "grief-semences", "Garance", "exclusion")
    matters.serve(year, CHAIR, "grief-semences", "post")
    motions.propose(
        year, "Dauphin", "exclusion-semences", "exclusion", MeasureEffect("grief-semences")
    )
    year.go("2026-05-05")
    hasty = _vote_call(year, "vote-de-juin", "2026-06-08", "exclusion-semences")
    year.refused(
        Said(
            "Convoquer avant la fin du délai de réponse", "Calling before the time to reply is over"
        ),
        lambda: sessions.convene(year, CHAIR, hasty),
    )
    year.go("2026-05-21")
    matters.fulfil(
        year, "Dauphin", "cuve-de-pluie", "cuve-reparee", "Facture du joint et photos.\n"
    )
    sessions.convene(year, CHAIR, hasty)
    sessions.vote(year, "exclusion-semences", yes="Anémone Basile Capucine Dauphin", no="Fenouil")
    sessions.close(year, "vote-de-juin")
    matters.appeal(year, "grief-semences", "Le prix des semences est rendu.\n")


def _amend(year: Year) -> None:
    ended = AbrogationEffect(resolution="vente-semences")
    motions.propose(year, "Basile", "fin-vente-semences", "abrogative", ended)
    motions.amend_statutes(year, "Capucine", "changement-statuts")
    agenda = ("changement-statuts", "fin-vente-semences")
    sessions.convene(year, CHAIR, _vote_call(year, "vote-d-automne", "2026-09-25", *agenda))
    for motion in agenda:
        sessions.vote(year, motion, yes="Anémone Basile Capucine Iris", no="Fenouil")
    sessions.close(year, "vote-d-automne")


def _assemble_again(year: Year) -> None:
    motions.report(year, CHAIR, "comptes-2026", "accounts", 2026, "Recettes 912, dépenses 731.\n")
    motions.elect(
        year,
        "Dauphin",
        "bureau-2027",
        "assemblies",
        [("president", "Dauphin"), ("treasurer", "Fenouil"), ("member", "Capucine")],
        starts="2027-01-07",
    )
    motions.frame(year, "Iris", "seconde-revision", "valuation", high="70")
    back = ReversalEffect("grief-semences")
    motions.propose(year, "Basile", "recours-exclusion", "appeal", back)
    agenda = ("comptes-2026", "bureau-2027", "seconde-revision", "recours-exclusion")
    call = _vote_call(year, "assemblee-2027", "2027-01-04", *agenda, session="annual")
    sessions.convene(year, CHAIR, call)
    for motion in agenda:
        sessions.vote(year, motion, yes="Anémone Basile Iris", abstain="Hyacinthe")
    sessions.close(year, "assemblee-2027")


def _dissolve(year: Year) -> None:
    motions.dissolve(year, "Anémone", "dissolution", "Dauphin", "Fenouil")
    call = _vote_call(
        year, "assemblee-de-fin", "2027-02-08", "dissolution", session="extraordinary"
    )
    sessions.convene(year, "Dauphin", call)
    sessions.vote(year, "dissolution", yes="Anémone Basile Dauphin Fenouil Iris", no="Garance")
    sessions.close(year, "assemblee-de-fin")


def _vote_call(
    year: Year, assembly: str, opens: str, *agenda: str, session: str = "permanent"
) -> Call:
    return sessions.call_of(
        year,
        assembly,
        *agenda,
        session=session,
        opens=opens,
        hours=VOTING_HOURS,
        channel="remote",
    )


CONFERENCE = Programme(
    slug="conference-citoyenne",
    mandates=(
        ("assemblies", "president", "Anémone"),
        ("assemblies", "treasurer", "Basile"),
        ("assemblies", "member", "Capucine"),
    ),
    chapters=(
        Chapter("2026-01-06", Said("Adhésions", "Joining"), _join),
        Chapter(
            "2026-01-08",
            Said("Propositions, et une charge mise en cause", "Proposals, and a seat in question"),
            _propose,
        ),
        Chapter(
            "2026-01-10",
            Said("Vote d'hiver : décider, et régler ce qui est resté ouvert", "Winter vote"),
            _vote_in_winter,
        ),
        Chapter(
            "2026-02-02",
            Said("La révocation, maintenant réglée", "The recall, settled by now"),
            _recall,
        ),
        Chapter("2026-03-02", Said("Assemblée annuelle", "Annual assembly"), _assemble),
        Chapter(
            "2026-04-20",
            Said("Une exclusion, avec débat contradictoire", "An exclusion, with a hearing"),
            _exclude,
        ),
        Chapter(
            "2026-09-05", Said("Statuts changés, résolution retirée", "Statutes amended"), _amend
        ),
        Chapter(
            "2026-12-10",
            Said("Assemblée annuelle suivante, et recours", "Next annual assembly, and an appeal"),
            _assemble_again,
        ),
        Chapter("2027-01-12", Said("Dissolution", "Dissolution"), _dissolve),
    ),
    explained="exclusion-semences",
    calendar="2027-01-11",
    start=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
)
"""The year of the citizens' conference."""
