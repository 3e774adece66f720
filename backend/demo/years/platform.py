"""The year of the platform network: internal rules first, then sanctions, appeal, interpretation, amendment.

Kinds of motion in their order: approval, internal rules, legislative, election, revocatory, interpretation,
appeal, constituent, dissolution.
"""

from datetime import UTC, datetime

from backend.demo.years import matters, motions, sessions
from backend.demo.years.programme import Chapter, Programme
from backend.demo.years.words import Said
from backend.demo.years.year import Year
from backend.domain.acts import (
    Obligation,
    ResolutionEffect,
    ReversalEffect,
    RevocationEffect,
    SelectionEffect,
    SelectionOption,
)

COUNCILLOR = "Altaïr"
"""Who calls assemblies for the council."""

ACCUSED = "Fomalhaut"
"""Who climbs the ladder of sanctions."""

HOSTING = SelectionEffect(
    (
        SelectionOption("cooperative", "Une coopérative d'hébergement"),
        SelectionOption("centre-public", "Un centre public"),
        SelectionOption("chacun-chez-soi", "Rester chacun chez soi"),
    ),
    status_quo="chacun-chez-soi",
)
"""Where the network's services may live."""

SUMMER = (
    "comptes-2025",
    "serveur-commun",
    "hebergement",
    "conseil-elargi",
    "revocation-conseillere",
    "instance-locale",
    "recours-fermeture",
)
"""Agenda of the second ordinary assembly."""


def _join(year: Year) -> None:
    matters.join(year, "Deneb", "Électre", ACCUSED)
    matters.join(year, "Mimosa")


def _adopt_rules(year: Year) -> None:
    motions.elect(
        year, "Deneb", "election-trop-tot", "council", [("member", "Électre")], starts="2026-03-01"
    )
    motions.report(
        year, COUNCILLOR, "rapport-2025", "activities", 2025, "Rapport : neuf rencontres.\n"
    )
    motions.internal_rules(year, "Bételgeuse", "reglement-interieur")
    early = sessions.call_of(
        year,
        "ordinaire-1",
        "rapport-2025",
        "election-trop-tot",
        session="ordinary",
        opens="2026-02-02",
        channel="remote",
    )
    year.refused(
        Said("Élire sans savoir comment", "Electing without knowing how"),
        lambda: sessions.convene(year, COUNCILLOR, early),
    )
    year.refused(
        Said("Amender la charte avant tout règlement", "Amending the charter before any rules"),
        lambda: motions.amend_statutes(year, "Électre", "amendement-trop-tot"),
    )
    motions.withdraw(year, "Deneb", "election-trop-tot")
    agenda = ("rapport-2025", "reglement-interieur")
    call = sessions.call_of(
        year, "ordinaire-1", *agenda, session="ordinary", opens="2026-02-02", channel="remote"
    )
    sessions.convene(year, COUNCILLOR, call)
    for motion in agenda:
        sessions.vote(year, motion, yes="Altaïr Bételgeuse Callisto Deneb Mimosa", no="Électre")
    sessions.close(year, "ordinaire-1")


def _sanction(year: Year) -> None:
    matters.accuse(year, "Deneb", "grief-publicite", ACCUSED, "sanction", sanction="warning")
    matters.serve(year, COUNCILLOR, "grief-publicite")
    matters.reply(year, "grief-publicite", "Les messages payés sont maintenant signalés.\n")
    matters.take_measure(year, COUNCILLOR, "grief-publicite")
    year.go("2026-04-07")
    matters.accuse(year, "Mimosa", "grief-revente", ACCUSED, "sanction", sanction="account-closure")
    matters.serve(year, COUNCILLOR, "grief-revente")
    year.refused(
        Said("Sanctionner sans attendre la réponse", "A sanction without waiting for the reply"),
        lambda: matters.take_measure(year, COUNCILLOR, "grief-revente", until="2026-12-31"),
    )
    year.go("2026-04-24")
    matters.take_measure(year, COUNCILLOR, "grief-revente", until="2026-12-31")
    matters.appeal(year, "grief-revente", "Les données revendues sont effacées.\n")


def _assemble(year: Year) -> None:
    council = [("member", name) for name in ("Électre", "Callisto", "Mimosa")]
    accounts = "Apports 1 250, dépenses 1 180.\n"
    motions.report(year, "Bételgeuse", "comptes-2025", "accounts", 2025, accounts)
    server = Obligation("contrat", "Signer le contrat", "le conseil", "2026-09-30")
    hire = ResolutionEffect((server,))
    motions.propose(year, "Mimosa", "serveur-commun", "legislative", hire)
    motions.propose(year, "Bételgeuse", "hebergement", "legislative", HOSTING)
    motions.elect_among(
        year, "Deneb", "conseil-elargi", "council", council, starts="2026-06-16", places=2
    )
    matters.accuse(
        year,
        "Deneb",
        "grief-eloignement",
        "Cassiopée",
        "revocation",
        mandate="council-member-3",
    )
    matters.serve(year, COUNCILLOR, "grief-eloignement", "post")
    matters.reply(year, "grief-eloignement", "Je suis partie, en effet.\n")
    recall = RevocationEffect("council-member-3", "grief-eloignement")
    motions.propose(year, "Deneb", "revocation-conseillere", "revocatory", recall)
    motions.interpret(
        year,
        "Électre",
        "instance-locale",
        "interpretation",
        "instances-des-niveaux",
        "instance-locale",
    )
    motions.propose(year, ACCUSED, "recours-fermeture", "appeal", ReversalEffect("grief-revente"))
    call = sessions.call_of(
        year, "ordinaire-2", *SUMMER, session="ordinary", opens="2026-06-15", channel="remote"
    )
    sessions.convene(year, COUNCILLOR, call)
    sessions.give_proxy(year, "ordinaire-2", "Mimosa", "Deneb")
    year.refused(
        Said("Une seconde procuration à la même personne", "A second proxy to the same person"),
        lambda: sessions.give_proxy(year, "ordinaire-2", "Électre", "Deneb"),
    )
    there = ("Altaïr", "Bételgeuse", "Deneb", "Électre")
    sessions.open_session(year, "ordinaire-2", *there)
    for motion in SUMMER:
        if motion not in ("hebergement", "conseil-elargi"):
            sessions.vote(year, motion, yes="Altaïr Deneb Mimosa Électre", no="Bételgeuse")
    keen, cool = {"cooperative": 4, "centre-public": 2}, {"cooperative": 1, "chacun-chez-soi": 3}
    sessions.grade(
        year, "hebergement", Altaïr=keen, Deneb=keen, Mimosa=cool, Électre=keen, Bételgeuse=cool
    )
    # Callisto and Mimosa have one first place each: the older membership stays in the count.
    sessions.rank(
        year,
        "conseil-elargi",
        Altaïr="Électre",
        Deneb="Électre",
        Mimosa="Électre",
        Bételgeuse="Callisto",
        Électre="Mimosa",
    )
    sessions.close(year, "ordinaire-2")


def _exclude(year: Year) -> None:
    matters.fulfil(year, "Mimosa", "serveur-commun", "contrat", "Contrat signé le 2 septembre.\n")
    matters.accuse(year, "Deneb", "grief-recidive", ACCUSED, "sanction", sanction="exclusion")
    matters.serve(year, "Électre", "grief-recidive")
    matters.reply(year, "grief-recidive", "Je ne conteste pas.\n")
    matters.take_measure(year, "Électre", "grief-recidive")
    matters.resign(year, "Cassiopée")


def _amend(year: Year) -> None:
    motions.amend_statutes(year, "Électre", "amendement-accessibilite")
    call = sessions.call_of(
        year,
        "extraordinaire-1",
        "amendement-accessibilite",
        session="extraordinary",
        opens="2026-10-26",
        channel="remote",
    )
    year.refused(
        Said("Un amendement que personne ne soutient", "An amendment that nobody supports"),
        lambda: sessions.convene(year, COUNCILLOR, call),
    )
    motions.support(year, "amendement-accessibilite", "Deneb")
    sessions.convene(year, COUNCILLOR, call)
    sessions.vote(year, "amendement-accessibilite", yes="Altaïr Électre Deneb", no="Callisto")
    sessions.close(year, "extraordinaire-1")


def _dissolve(year: Year) -> None:
    motions.dissolve(year, "Bételgeuse", "dissolution", "Deneb")
    motions.support(year, "dissolution", "Altaïr", "Callisto")
    call = sessions.call_of(
        year, "extraordinaire-2", "dissolution", session="extraordinary", opens="2027-01-11"
    )
    sessions.convene(year, COUNCILLOR, call)
    sessions.open_session(year, "extraordinaire-2", "Altaïr", "Bételgeuse", "Callisto", "Deneb")
    sessions.vote(year, "dissolution", yes="Altaïr Bételgeuse Callisto", no="Deneb")
    sessions.close(year, "extraordinaire-2")


PLATFORM = Programme(
    slug="plateforme-cooperative",
    mandates=tuple(("council", "member", name) for name in (COUNCILLOR, "Bételgeuse", "Cassiopée")),
    chapters=(
        Chapter("2026-01-07", Said("Adhésions, de droit", "Joining, by right"), _join),
        Chapter(
            "2026-01-12",
            Said("Première assemblée : le règlement intérieur", "First assembly: internal rules"),
            _adopt_rules,
        ),
        Chapter(
            "2026-03-02",
            Said("Deux degrés de sanction, et un recours", "Two rungs of sanctions, an appeal"),
            _sanction,
        ),
        Chapter(
            "2026-05-18",
            Said("Deuxième assemblée, et une jurisprudence", "Second assembly, a precedent"),
            _assemble,
        ),
        Chapter("2026-09-07", Said("Exclusion, départ", "An exclusion, a departure"), _exclude),
        Chapter(
            "2026-10-05",
            Said("Amender la charte, avec des soutiens", "Amending the charter, with support"),
            _amend,
        ),
        Chapter("2026-12-14", Said("Dissolution", "Dissolution"), _dissolve),
    ),
    explained="amendement-accessibilite",
    calendar="2026-12-10",
    start=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
)
"""The year of the platform network."""
