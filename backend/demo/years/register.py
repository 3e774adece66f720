"""The year of the register: a council, its bureau, two convocations, and internal rules that are confirmed.

Kinds of motion in their order: internal rules, election, legislative, approval, ratification, revocatory,
constituent, dissolution.
"""

from datetime import UTC, datetime

from backend.demo.years import matters, motions, sessions
from backend.demo.years.programme import Chapter, Programme
from backend.demo.years.words import Said
from backend.demo.years.year import Year
from backend.domain.acts import RatificationEffect, RevocationEffect

PRESIDENT, SECRETARY, TREASURER = "Aubin", "Daphné", "Cosme"
"""Of the bureau that the council chooses."""

ORDINARY = (
    "comptes-2025",
    "siege-de-conseiller",
    "ratification-reglement",
    "revocation-conseiller",
)
"""Agenda of the ordinary assembly."""


def _rule(year: Year) -> None:
    year.refused(
        Said("Choisir un bureau dont la durée n'est pas dite", "Choosing a bureau without a term"),
        lambda: motions.elect(
            year,
            "Aubin",
            "bureau-trop-tot",
            "bureau",
            [("president", "Aubin")],
            starts="2026-02-01",
        ),
    )
    motions.internal_rules(year, "Aubin", "reglement-interieur")
    sessions.ask(year, "demande-1", "reglement-interieur", session="council", by=["Aubin", "Flore"])
    call = sessions.call_of(
        year, "conseil-1", "reglement-interieur", session="council", opens="2026-01-19"
    )
    sessions.convene(year, "Aubin", sessions.answering(call, "demande-1"))
    sessions.open_session(year, "conseil-1", "Aubin", "Bérénice", "Cosme", "Daphné", "Flore")
    sessions.vote(year, "reglement-interieur", yes="Aubin Cosme Daphné Flore", no="Bérénice")
    sessions.close(year, "conseil-1")


def _choose_bureau(year: Year) -> None:
    seats = [
        ("president", PRESIDENT),
        ("vice-president", "Bérénice"),
        ("secretary", SECRETARY),
        ("treasurer", TREASURER),
    ]
    motions.elect(year, "Flore", "premier-bureau", "bureau", seats, starts="2026-02-03")
    sessions.ask(year, "demande-2", "premier-bureau", session="council", by=["Flore", "Bérénice"])
    call = sessions.call_of(
        year, "conseil-2", "premier-bureau", session="council", opens="2026-02-03"
    )
    sessions.convene(year, "Flore", sessions.answering(call, "demande-2"))
    sessions.open_session(year, "conseil-2", "Aubin", "Bérénice", "Cosme", "Daphné", "Flore")
    sessions.count_urn(year, "premier-bureau", ["Bérénice", "Flore"], yes=4, void=1)
    sessions.close(year, "conseil-2")


def _admit(year: Year) -> None:
    matters.join(year, "Gildas", "Honorine", officer=SECRETARY)
    matters.join(year, "Irénée", "Joséphine", "Killian", officer=PRESIDENT)
    motions.propose(year, "Bérénice", "guichet-du-port", "legislative", motions.RESOLUTION)
    call = sessions.call_of(
        year,
        "bureau-1",
        "guichet-du-port",
        session="bureau",
        opens="2026-02-12",
        channel="remote",
    )
    sessions.convene(year, PRESIDENT, call)
    sessions.open_session(year, "bureau-1", "Aubin", "Bérénice", "Daphné")
    sessions.vote(year, "guichet-du-port", yes="Bérénice Daphné", abstain="Aubin")
    sessions.close(year, "bureau-1")


def _tie(year: Year) -> None:
    motions.propose(year, "Flore", "cartes-papier", "legislative", motions.RESOLUTION)
    call = sessions.call_of(
        year, "conseil-3", "cartes-papier", session="council", opens="2026-03-02"
    )
    sessions.convene(year, PRESIDENT, call)
    there = ("Aubin", "Bérénice", "Cosme", "Daphné")
    sessions.open_session(year, "conseil-3", *there, excused=["Flore"])
    sessions.vote(year, "cartes-papier", yes="Aubin Daphné", no="Bérénice Cosme")
    sessions.close(year, "conseil-3")
    matters.forfeit(year, "Bérénice", "council-member-5", "conseil-1", "conseil-2", "conseil-3")


def _assemble_in_vain(year: Year) -> None:
    accounts = "Droits d'inscription 340, dépenses 295.\n"
    motions.report(year, TREASURER, "comptes-2025", "accounts", 2025, accounts)
    motions.elect(
        year,
        "Flore",
        "siege-de-conseiller",
        "council",
        [("member", "Honorine")],
        starts="2026-06-01",
    )
    confirmed = RatificationEffect("reglement-interieur")
    motions.propose(year, "Bérénice", "ratification-reglement", "ratification", confirmed)
    recall = RevocationEffect("council-member-6")
    motions.propose(year, "Cosme", "revocation-conseiller", "revocatory", recall)
    call = sessions.call_of(year, "assemblee-1", *ORDINARY, session="ordinary", opens="2026-04-10")
    sessions.convene(year, SECRETARY, call)
    sessions.open_session(year, "assemblee-1", "Aubin", "Daphné")
    sessions.close(year, "assemblee-1", at_once=True)
    sessions.publish_minutes(year, "assemblee-1", PRESIDENT, SECRETARY)


def _assemble_again(year: Year) -> None:
    first = year.meetings["assemblee-1"].call
    hasty = sessions.called_again(first, "assemblee-2", "2026-04-28")
    year.refused(
        Said("Seconde convocation, quatorze jours avant", "Second call, fourteen days ahead"),
        lambda: sessions.convene(year, SECRETARY, hasty),
    )
    call = sessions.called_again(first, "assemblee-2", "2026-05-04")
    sessions.convene(year, SECRETARY, call)
    sessions.give_proxy(year, "assemblee-2", "Irénée", "Joséphine")
    there = ("Aubin", "Daphné", "Cosme", "Joséphine")
    sessions.open_session(year, "assemblee-2", *there)
    everyone = "Aubin Daphné Cosme Joséphine Irénée"
    sessions.vote(year, "comptes-2025", yes=everyone)
    sessions.vote(year, "ratification-reglement", yes=everyone)
    sessions.vote(year, "revocation-conseiller", yes="Aubin Cosme", no="Daphné Joséphine Irénée")
    sessions.count_urn(year, "siege-de-conseiller", ["Daphné", "Cosme"], yes=4, no=1)
    sessions.close(year, "assemblee-2")
    sessions.publish_minutes(year, "assemblee-2", PRESIDENT, SECRETARY)


def _leave(year: Year) -> None:
    grounds = "Le centre d'inscription de Port-Exemple est fermé.\n"
    year.refused(
        Said("Retirer l'agrément d'un membre associé", "Withdrawing an associate's accreditation"),
        lambda: matters.end_membership(
            year, PRESIDENT, "Irénée", "accreditation_withdrawn", grounds
        ),
    )
    matters.end_membership(year, PRESIDENT, "Gildas", "accreditation_withdrawn", grounds)
    matters.accuse(year, "Honorine", "grief-faux-riverains", "Killian", "exclusion")
    matters.serve(year, SECRETARY, "grief-faux-riverains", "post")
    matters.reply(year, "grief-faux-riverains", "C'était un essai du formulaire.\n")
    matters.take_measure(year, PRESIDENT, "grief-faux-riverains")
    matters.appeal(year, "grief-faux-riverains", "Un essai n'est pas une faute grave.\n")
    year.go("2026-07-10")
    reasons = "Les douze inscriptions ont reçu une carte : ce n'était pas un essai.\n"
    matters.answer(year, "Honorine", "grief-faux-riverains", reasons, upheld=True)
    matters.give_back(year, "council-member-6")
    matters.resign(year, "Edgar")


def _amend(year: Year) -> None:
    motions.amend_statutes(year, "Honorine", "article-quinze")
    asking = ["Honorine", "Irénée", "Joséphine", "Bérénice", "Cosme"]
    sessions.ask(year, "demande-3", "article-quinze", session="extraordinary", by=asking)
    by_post = sessions.call_of(
        year,
        "extraordinaire-1",
        "article-quinze",
        session="extraordinary",
        opens="2026-10-19",
        channel="correspondence",
    )
    year.refused(
        Said("Voter les statuts par correspondance", "Voting on the statutes by post"),
        lambda: sessions.convene(year, PRESIDENT, sessions.answering(by_post, "demande-3")),
    )
    call = sessions.call_of(
        year, "extraordinaire-1", "article-quinze", session="extraordinary", opens="2026-10-19"
    )
    sessions.convene(year, PRESIDENT, sessions.answering(call, "demande-3"))
    sessions.give_proxy(year, "extraordinaire-1", "Flore", "Honorine")
    sessions.open_session(year, "extraordinaire-1", "Aubin", "Daphné", "Honorine", "Joséphine")
    sessions.vote(year, "article-quinze", yes="Aubin Daphné Honorine Flore", abstain="Joséphine")
    sessions.close(year, "extraordinaire-1")
    sessions.publish_minutes(year, "extraordinaire-1", PRESIDENT, SECRETARY)


def _dissolve(year: Year) -> None:
    motions.dissolve(year, "Honorine", "dissolution", "Cosme", "Joséphine")
    call = sessions.call_of(
        year, "extraordinaire-2", "dissolution", session="extraordinary", opens="2027-01-11"
    )
    sessions.convene(year, PRESIDENT, call)
    sessions.give_proxy(year, "extraordinaire-2", "Bérénice", "Cosme")
    year.go("2027-01-08")
    sessions.adjourn(year, "extraordinaire-2", "2027-01-25")
    there = ("Aubin", "Cosme", "Daphné", "Honorine", "Irénée")
    sessions.open_session(year, "extraordinaire-2", *there)
    sessions.vote(year, "dissolution", yes="Aubin Cosme Bérénice Daphné", no="Honorine Irénée")
    sessions.close(year, "extraordinaire-2")
    sessions.publish_minutes(year, "extraordinaire-2", PRESIDENT, SECRETARY)


REGISTER = Programme(
    slug="registre-citoyens",
    mandates=tuple(
        ("council", "member", name)
        for name in ("Aubin", "Bérénice", "Cosme", "Daphné", "Edgar", "Flore")
    ),
    chapters=(
        Chapter(
            "2026-01-07",
            Said(
                "Sans président, un quart du conseil appelle : règlement intérieur",
                "Without a president, a quarter of the council calls: internal rules",
            ),
            _rule,
        ),
        Chapter(
            "2026-01-22",
            Said(
                "Le conseil choisit le bureau, à l'urne", "The council chooses the bureau, by urn"
            ),
            _choose_bureau,
        ),
        Chapter(
            "2026-02-05",
            Said("Le bureau agrée, et se réunit", "The bureau admits, and meets"),
            _admit,
        ),
        Chapter(
            "2026-02-18",
            Said("Voix égales : le président l'emporte", "A tie: the president decides"),
            _tie,
        ),
        Chapter(
            "2026-03-08",
            Said("Assemblée ordinaire, trop peu nombreuse", "Ordinary assembly, too few there"),
            _assemble_in_vain,
        ),
        Chapter("2026-04-14", Said("Seconde convocation", "Second convocation"), _assemble_again),
        Chapter("2026-06-10", Said("Départs", "Departures"), _leave),
        Chapter(
            "2026-09-14",
            Said("La moitié plus un réclame une assemblée", "More than half ask for an assembly"),
            _amend,
        ),
        Chapter("2026-12-09", Said("Dissolution", "Dissolution"), _dissolve),
    ),
    explained="cartes-papier",
    calendar="2026-12-01",
    start=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
)
"""The year of the register."""
