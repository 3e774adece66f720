"""Wording of refusals that concern the keys of members.

French is written with plain spaces and straight apostrophes; ``backend.domain.messages`` sets the typography.
"""

from collections.abc import Mapping

MEMBER_KEYS_FR: Mapping[str, tuple[str, str, str]] = {
    "key.none": ("Pas encore de clé de signature",
        "Ce membre figure au registre sans clé : il ne peut encore rien signer.",
        "Faites enregistrer une première clé par qui tient le registre."),
    "key.limit": ("Trop de clés",
        "Un membre a {expected_figure} clés au plus.",
        "Révoquez une clé dont vous ne vous servez plus, puis recommencez."),
    "key.not_in_force": ("Clé qui n'est pas en vigueur",
        "Cette clé n'est pas une clé en vigueur de ce membre ; elle est peut-être déjà révoquée.",
        "Relisez la liste des clés du membre."),
    "key.last": ("Dernière clé",
        "C'est la seule clé en vigueur : sans elle, plus rien ne pourrait être signé.",
        "Ajoutez d'abord une autre clé ; si celle-ci est perdue, demandez une récupération."),
    "key.present": ("Une clé existe déjà",
        "Ce membre a déjà une clé ; seule une première clé s'enregistre ainsi.",
        "Le membre ajoute lui-même d'autres clés ; s'il les a perdues, demandez une récupération."),
    "officer.oneself": ("Pas pour soi-même",
        "Personne n'enregistre ni ne récupère ses propres clés.",
        "Demandez à une autre personne qui tient le registre."),
    "officer.suspended": ("Suspension en cours",
        "Qui est suspendu n'agit pas sur les clés des autres ; fin de la suspension : {found_figure}.",
        "Demandez à une autre personne qui tient le registre."),
    "officer.twice": ("Deux personnes sont nécessaires",
        "La même personne figure deux fois ; il en faut deux différentes.",
        "Faites signer une seconde personne qui tient le registre."),
    "recovery.keepers": ("Il manque quelqu'un pour la récupération",
        "Deux autres personnes doivent tenir le registre ; il y en a {found}.",
        "Pourvoyez les sièges vacants, ou modifiez les statuts pour confier le registre à plusieurs."),
    "representative.natural": ("Seule une organisation a un représentant",
        "Les membres de cette catégorie sont des personnes et agissent elles-mêmes.",
        "Ajoutez une autre clé à votre nom."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

MEMBER_KEYS_EN: Mapping[str, tuple[str, str, str]] = {
    "key.none": ("No signing key yet",
        "This member is on the register without a key and cannot sign anything yet.",
        "Have those who keep the register enrol a first key."),
    "key.limit": ("Too many keys",
        "A member has at most {expected_figure} keys.",
        "Revoke a key that you no longer use, then try again."),
    "key.not_in_force": ("Key not in force",
        "This is no key in force of this member; it may have been revoked already.",
        "Read the list of the member's keys again."),
    "key.last": ("Last key",
        "This is the only key in force: without it nothing could be signed any more.",
        "Bind another key first; if this one is lost, ask for a recovery."),
    "key.present": ("There is a key already",
        "This member has a key; only a first one is enrolled like this.",
        "Members bind further keys themselves; if they lost them all, ask for a recovery."),
    "officer.oneself": ("Not for oneself",
        "Nobody enrols or recovers their own keys.",
        "Ask somebody else who keeps the register."),
    "officer.suspended": ("Suspended",
        "Whoever is suspended does not act on the keys of others; the suspension ends {found_figure}.",
        "Ask somebody else who keeps the register."),
    "officer.twice": ("Two people are needed",
        "The same person stands there twice; two different ones are needed.",
        "Have a second person who keeps the register sign."),
    "recovery.keepers": ("Somebody is missing for the recovery",
        "Two other people must keep the register; there are {found}.",
        "Fill the vacant seats, or change the statutes so that several keep the register."),
    "representative.natural": ("Only organisations have representatives",
        "Members of this class are people and act for themselves.",
        "Bind another key in your own name."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
