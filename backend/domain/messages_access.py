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
    "session.key": ("Réservé à une session ouverte avec votre clé",
        "Un lien reçu par courriel ne suffit pas pour voir ou corriger vos données : vous avez une clé.",
        "Connectez-vous avec votre clé ; si vous l'avez perdue, adressez-vous à qui tient le registre."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

ACCESS_EN: Mapping[str, tuple[str, str, str]] = {
    "office.required": ("Reserved for an office that you do not hold",
        "This needs an office that gives the right to it, and a session opened with your key.",
        "Ask those who keep the register, or log in with your key."),
    "session.required": ("You must log in",
        "Nobody is logged in, or the session is over.",
        "Log in, then try again."),
    "session.key": ("Reserved for a session opened with your key",
        "A link sent by mail is not enough to see or correct your data, since you have a key.",
        "Log in with your key; if you lost it, ask those who keep the register."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
