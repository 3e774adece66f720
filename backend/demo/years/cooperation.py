"""The year of the cooperation agreement: consent with its objections, a team, and a dispute up its ladder.

Kinds of motion: constituent, by consent, for what the text leaves open and for the text itself; legislative,
by the team. The agreement knows no others.
"""

from datetime import UTC, datetime

from backend.demo.years import matters, motions, sessions
from backend.demo.years.programme import Chapter, Programme
from backend.demo.years.words import Said
from backend.demo.years.year import Year
from backend.domain.rulebook.order import Escalation

LEAD, COMPANION, ASSOCIATION = "Clémentine", "Gaspard", "Ombeline"
"""The signatories; the association acts through its delegate."""

SIGNATORIES = f"{LEAD} {COMPANION} {ASSOCIATION}"
"""All of them, as ballots name them."""

SHORTENED = "Article 12. Fin anticipée\nL'accord finit le 31 octobre 2026.\n"
"""What one revision would add, and does not."""

OPEN = ("majorite-equipe", "partage-equipe", "arrivee")
"""Motions that settle what articles 6 and 11 leave open."""


def _meet_limits(year: Year) -> None:
    motions.propose(year, COMPANION, "date-des-reunions", "legislative", motions.RESOLUTION)
    call = sessions.call_of(
        year, "equipe-1", "date-des-reunions", session="team", opens="2026-02-02"
    )
    year.refused(
        Said("L'équipe décide sans majorité écrite", "The team decides without a stated majority"),
        lambda: sessions.convene(year, LEAD, call),
    )
    year.refused(
        Said("Nadège demande à rejoindre l'accord", "Nadège asks to join the agreement"),
        lambda: matters.join(year, "Nadège"),
    )


def _settle_what_is_open(year: Year) -> None:
    first, second, third = OPEN
    motions.interpret(year, LEAD, first, "constituent", "majorite-de-l-equipe", first)
    motions.interpret(year, LEAD, second, "constituent", "desaccord-de-l-equipe", second)
    rules = ("arrivee-personne", "arrivee-association")
    motions.interpret(year, ASSOCIATION, third, "constituent", "arrivee", *rules)
    call = sessions.call_of(
        year, "revision-1", *OPEN, session="revision", opens="2026-01-19", channel="remote"
    )
    sessions.convene(year, ASSOCIATION, call)
    grounds = "Qui arrive doit d'abord avoir lu les récits déjà écrits.\n"
    motions.object_to(year, COMPANION, third, "lire-d-abord", grounds)
    for motion in OPEN:
        sessions.vote(year, motion, consent=SIGNATORIES)
    motions.resolve(
        year, COMPANION, "lire-d-abord", "L'association remet les récits à qui arrive.\n"
    )
    sessions.close(year, "revision-1")


def _decide_in_team(year: Year) -> None:
    motions.propose(year, LEAD, "journal-de-porte", "legislative", motions.RESOLUTION)
    agenda = ("date-des-reunions", "journal-de-porte")
    call = sessions.call_of(year, "equipe-2", *agenda, session="team", opens="2026-02-02")
    sessions.convene(year, LEAD, call)
    sessions.open_session(year, "equipe-2", LEAD, COMPANION)
    sessions.vote(year, "date-des-reunions", yes=f"{LEAD} {COMPANION}")
    sessions.vote(year, "journal-de-porte", yes=LEAD, no=COMPANION)
    sessions.close(year, "equipe-2")


def _welcome(year: Year) -> None:
    matters.join(year, "Nadège", officer=COMPANION)
    matters.join(year, "Honoré", officer=LEAD)


def _revise(year: Year) -> None:
    motions.amend_statutes(year, "Nadège", "article-douze")
    motions.amend_statutes(year, "Honoré", "fin-anticipee", addition=SHORTENED)
    agenda = ("article-douze", "fin-anticipee")
    call = sessions.call_of(
        year, "revision-2", *agenda, session="revision", opens="2026-06-08", channel="room"
    )
    sessions.convene(year, "Nadège", call)
    grounds = (
        "Les habitants n'ont ni la carte ni les récits : ils ne peuvent pas reprendre seuls.\n"
    )
    motions.object_to(year, ASSOCIATION, "fin-anticipee", "habitants-seuls", grounds)
    sessions.vote(year, "article-douze", consent=f"{SIGNATORIES} Nadège Honoré")
    sessions.vote(
        year, "fin-anticipee", consent=f"{LEAD} {COMPANION} Honoré", abstain=f"{ASSOCIATION} Nadège"
    )
    sessions.close(year, "revision-2")


def _dispute(year: Year) -> None:
    matters.dispute(year, COMPANION, "retard-de-synthese", LEAD, ASSOCIATION)
    talked = "La réunion de crise n'a pas suffi : l'association désigne une médiatrice.\n"
    matters.advance(year, LEAD, "retard-de-synthese", "mediation", talked)
    year.go("2026-10-12")
    failed = "La médiation a échoué : voici comment chacun sort du projet.\n"
    year.refused(
        Said(
            "Un plan de sortie sans réponse aux six points", "An exit plan without its six answers"
        ),
        lambda: matters.advance(year, LEAD, "retard-de-synthese", "exit_plan", failed),
    )
    goals = year.rules.one(Escalation).exit_goals
    plan = {
        goal: f"Fait avant la fin de novembre ({number})." for number, goal in enumerate(goals, 1)
    }
    matters.advance(year, LEAD, "retard-de-synthese", "exit_plan", failed, plan)
    year.go("2026-11-23")
    parties = [COMPANION, LEAD, ASSOCIATION]
    matters.settle(year, "retard-de-synthese", parties, "Comptes soldés, cercle tenu.\n")


def _end(year: Year) -> None:
    year.refused(
        Said("Honoré veut partir avant la fin", "Honoré wants to leave before the end"),
        lambda: matters.resign(year, "Honoré"),
    )
    motions.propose(year, COMPANION, "dernier-recit", "legislative", motions.RESOLUTION)
    call = sessions.call_of(year, "equipe-3", "dernier-recit", session="team", opens="2026-12-14")
    sessions.convene(year, LEAD, call)
    sessions.open_session(year, "equipe-3", LEAD, COMPANION)
    sessions.vote(year, "dernier-recit", yes=f"{LEAD} {COMPANION}")
    sessions.close(year, "equipe-3")


COOPERATION = Programme(
    slug="cooperation",
    mandates=(
        ("team", "lead", LEAD),
        ("team", "harvester", LEAD),
        ("team", "companion", COMPANION),
    ),
    chapters=(
        Chapter(
            "2026-01-07",
            Said("Ce que l'accord laisse ouvert", "What the agreement leaves open"),
            _meet_limits,
        ),
        Chapter(
            "2026-01-12",
            Said("Révision par consentement, objection levée", "Revision by consent"),
            _settle_what_is_open,
        ),
        Chapter("2026-02-01", Said("L'équipe décide", "The team decides"), _decide_in_team),
        Chapter("2026-03-02", Said("Deux signataires de plus", "Two more signatories"), _welcome),
        Chapter(
            "2026-06-01",
            Said("Le texte révisé ; une objection qui tient", "The text revised; an objection"),
            _revise,
        ),
        Chapter(
            "2026-09-14",
            Said("Un différend, jusqu'au plan de sortie", "A dispute, up to the exit plan"),
            _dispute,
        ),
        Chapter("2026-12-07", Said("Fin de l'accord", "End of the agreement"), _end),
    ),
    explained="arrivee",
    calendar="2026-12-01",
    start=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
)
"""The year of the cooperation agreement."""
