"""Wording of refusals that concern who is logged in, and what they may see.

French is written with plain spaces and straight apostrophes; ``backend.domain.messages`` sets the typography.
"""

from collections.abc import Mapping

ACCESS_FR: Mapping[str, tuple[str, str, str]] = {
    "office.required": ("Réservé à une charge que vous n'exercez pas",
        "Il faut une charge qui en donne le droit, et une session ouverte avec votre clé.",
        "Adressez-vous à qui tient le registre, ou connectez-vous avec votre clé."),
    "session.required": ("Connexion nécessaire",
        "Personne n'est connecté, ou la session est finie.",
        "Connectez-vous, puis recommencez."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

ACCESS_EN: Mapping[str, tuple[str, str, str]] = {
    "office.required": ("Reserved for an office that you do not hold",
        "This needs an office that gives the right to it, and a session opened with your key.",
        "Ask those who keep the register, or log in with your key."),
    "session.required": ("You must log in",
        "Nobody is logged in, or the session is over.",
        "Log in, then try again."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
