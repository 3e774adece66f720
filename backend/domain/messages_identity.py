"""Wording of refusals about who somebody is: facts, records of one person, imports, electronic identity.

French is written with plain spaces and straight apostrophes; ``backend.domain.messages`` sets the typography.
"""

from collections.abc import Mapping

IDENTITY_FR: Mapping[str, tuple[str, str, str]] = {
    "facts.born": ("Date de naissance illisible",
        "La date de naissance s'écrit année, mois, jour : {expected}.",
        "Écrivez par exemple 1987-03-12, avec 00 pour ce qui n'est pas connu."),
    "duplicate.unknown": ("Paire inconnue",
        "Aucune ressemblance n'a été relevée entre ces deux fiches.",
        "Choisissez une paire dans la liste."),
    "duplicate.own": ("Vous ne pouvez pas décider de votre propre fiche",
        "L'une des deux fiches est la vôtre.",
        "Demandez à une autre personne qui tient le registre d'en décider."),
    "duplicate.decided": ("Cette paire est déjà tranchée",
        "Quelqu'un en a décidé autrement.",
        "Si la décision est fausse, corrigez-la par l'acte qui convient : admission, refus ou fusion."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

IDENTITY_EN: Mapping[str, tuple[str, str, str]] = {
    "facts.born": ("Unreadable date of birth",
        "The date of birth is written year, month, day: {expected}.",
        "Write for example 1987-03-12, with 00 for what is not known."),
    "duplicate.unknown": ("No such pair",
        "Nothing was found that these two records have in common.",
        "Choose a pair from the list."),
    "duplicate.own": ("You cannot decide on your own record",
        "One of the two records is yours.",
        "Ask somebody else who keeps the register to decide."),
    "duplicate.decided": ("This pair is decided already",
        "Somebody decided otherwise.",
        "If the decision is wrong, correct it by the act that fits: admission, refusal or merging."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
