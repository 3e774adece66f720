"""Wording of refusals that concern contract accounts and their signatures.

French is written with plain spaces and straight apostrophes; ``backend.domain.messages`` sets the typography.
"""

from collections.abc import Mapping

CONTRACT_ACCOUNTS_FR: Mapping[str, tuple[str, str, str]] = {
    "key.contract": ("Un compte de contrat n'est pas une personne",
        "Ses propriétaires peuvent être plusieurs : seules les organisations en ont un.",
        "Inscrivez-vous avec un portefeuille ou une clé d'accès qui n'est qu'à vous."),
    "signature.chain": ("Chaîne inconnue ici",
        "Ce serveur ne peut pas interroger la chaîne {found}, où se trouve votre compte.",
        "Prenez un compte sur l'une de celles-ci : {expected}."),
    "signature.contract": ("Votre compte n'a pas signé",
        "Interrogé sur sa chaîne, le compte ne confirme pas cette signature.",
        "Vérifiez que les propriétaires ont signé exactement ceci, et qu'ils sont assez nombreux."),
    "signature.no_code": ("Compte pas encore déployé",
        "Il n'y a pas de contrat à l'adresse de votre compte.",
        "Déployez-le, ou joignez à la signature l'appel qui le déploie (ERC-6492)."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

CONTRACT_ACCOUNTS_EN: Mapping[str, tuple[str, str, str]] = {
    "key.contract": ("A contract account is no person",
        "Its owners may be several, so only organisations have one.",
        "Join with a wallet or a passkey that is yours alone."),
    "signature.chain": ("Chain not known here",
        "This server cannot ask chain {found}, where your account is.",
        "Take an account on one of these: {expected}."),
    "signature.contract": ("Your account did not sign",
        "Asked on its chain, the account does not confirm this signature.",
        "Check that its owners signed exactly this, and that they are enough."),
    "signature.no_code": ("Account not deployed yet",
        "There is no contract at the address of your account.",
        "Deploy it, or send the call that deploys it with the signature (ERC-6492)."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
