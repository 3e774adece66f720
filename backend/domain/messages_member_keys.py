"""Wording of refusals that concern the keys of members.

French is written with plain spaces and straight apostrophes; ``backend.domain.messages`` sets the typography.
"""

from collections.abc import Mapping

MEMBER_KEYS_FR: Mapping[str, tuple[str, str, str]] = {
    "key.none": ("Pas encore de clé de signature",
        "Ce membre figure au registre sans clé : il ne peut encore rien signer.",
        "Faites enregistrer une première clé par qui tient le registre."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

MEMBER_KEYS_EN: Mapping[str, tuple[str, str, str]] = {
    "key.none": ("No signing key yet",
        "This member is on the register without a key and cannot sign anything yet.",
        "Have those who keep the register enrol a first key."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
