"""What ``psephos-verify`` says to people, in English and in French.

Names of steps, verdicts and JSON keys are not here: they are the same in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anchoring.core.receipt_verification import Outcome


@dataclass(frozen=True, slots=True)
class Messages:
    """Everything that is said, in one language."""

    outcomes: Mapping[Outcome, str]
    """Label of a check or of a verdict, at most 15 characters."""
    conclusions: Mapping[Outcome, str]
    """What a verdict means, one sentence."""
    anchors_conclusions: Mapping[Outcome, str]
    """The same for an anchors file."""
    proof_conclusions: Mapping[Outcome, str]
    """The same for a proof file; nothing there is pending or unreachable."""
    checks: Mapping[str, str]
    """What each step checks, by the first part of its name or by its whole name."""
    remedies: Mapping[str, str]
    """What would settle a step that was not verified, by its whole name."""
    anchor: str
    """Prefix of a step about one anchor; takes ``number``, from 1."""
    separator: str
    """Goes between what was checked and what was found."""
    mismatch: str
    """Detail of a step that was not verified; takes ``expected`` and ``found``."""
    rests_on: str
    """The block hash a verdict rests on; takes ``network``, ``chain``, ``number``, ``hash``, ``time``."""
    look_up: str
    """Where to compare that hash; takes ``network``, ``chain``, ``number``."""
    anchors_look_up: str
    """The same for an anchors file."""
    also_final: str
    """The finalized block that suffices as well; takes ``number`` and ``hash``."""
    node_agrees: str
    """Said instead when a node was asked and agrees; takes no field."""


ENGLISH: Final = Messages(
    outcomes={
        Outcome.VERIFIED: "ok",
        Outcome.PENDING: "not yet",
        Outcome.UNREACHABLE: "no answer",
        Outcome.POLICY: "not covered",
        Outcome.MALFORMED: "malformed",
        Outcome.FALSE: "FALSE",
    },
    conclusions={
        Outcome.VERIFIED: "verified: the ledger holds this entry and the chain holds the ledger",
        Outcome.PENDING: "true so far, but not anchored or not final yet",
        Outcome.UNREACHABLE: "not decided: something that was needed did not answer",
        Outcome.POLICY: "not decided: the trust file or this release does not cover it",
        Outcome.MALFORMED: "malformed: this is not a file that can be checked",
        Outcome.FALSE: "FALSE: this receipt was damaged or forged",
    },
    anchors_conclusions={
        Outcome.VERIFIED: "verified: each anchored head extends the one before, and none is left out",
        Outcome.PENDING: "nothing is anchored yet",
        Outcome.UNREACHABLE: "not decided: something that was needed did not answer",
        Outcome.POLICY: "not decided: the trust file or this release does not cover it",
        Outcome.MALFORMED: "malformed: this is not a file that can be checked",
        Outcome.FALSE: "FALSE: this history was damaged, forged or cut",
    },
    proof_conclusions={
        Outcome.VERIFIED: "verified: a log that you believe holds this entry",
        Outcome.POLICY: "not decided: the policy asks for more, or this release does not support it",
        Outcome.MALFORMED: "malformed: this is not a file that can be checked",
        Outcome.FALSE: "FALSE: this proof was damaged or forged, or is of another entry",
    },
    checks={
        "file": "reading the file",
        "format": "form of the file",
        "policy-file": "form of the policy",
        "finality-file": "form of the file given with --finality",
        "trust": "form of the trust file",
        "entry": "length of the entry, in bytes",
        "checkpoint": "signature and origin of the checkpoint",
        "policy": "signatures and cosignatures that you demand",
        "inclusion": "the checkpoint covers the entry",
        "anchors": "the checkpoint is anchored",
        "network": "the trust file names this chain, contract and publisher",
        "evidence": "the block holds the anchor of this checkpoint",
        "finality": "a block called final descends from the block of the anchor",
        "finality.anchor": "the file given with --finality is of an anchor of this receipt",
        "consistency": "its tree extends that of the anchor before",
        "order": "no anchor of the publisher is missing before it",
        "chain": "anchors, each extending the one before, none missing",
        "block-hash": "the block hash is one you gave",
        "node": "answer of the node",
        "node.chain": "chain the node serves",
        "node.block": "block the node has at this height",
        "node.code": "code of the contract on the node",
        "node.finality": "last final block of the node",
    },
    remedies={
        "checkpoint.trust": "pass the trust file of the ledger with --trust",
        "policy": "ask for this file again when enough witnesses have cosigned",
        "anchors": "ask for this receipt again after the next anchor",
        "network": "use a trust file that names this chain, if you believe it",
        "finality.anchor": "check this receipt alone, or with the file of its own anchor",
        "node": "try again later, or ask another node",
        "node.chain": "ask a node of the anchor's chain",
        "node.finality": "try again when the chain has finalised the block",
    },
    anchor="anchor {number}, ",
    separator=": ",
    mismatch="expected {expected}; found {found}",
    rests_on="It rests on block {number} of {network} (chain {chain}), of {time}, with hash {hash}.",
    look_up=(
        "Compare that hash with what a node or block explorer of chain {chain} ({network}) that you"
        " trust shows for block {number}, or run again with --rpc or --block-hash."
    ),
    anchors_look_up=(
        "Compare that hash with what a node or block explorer of chain {chain} ({network}) that you"
        " trust shows for block {number}; earlier anchors rest on blocks of their own (--json)."
    ),
    also_final=(
        "Block {number} with hash {hash}, which a node called final, descends from it: comparing"
        " that hash instead is enough."
    ),
    node_agrees="The node you named has that block, and calls it final.",
)
"""English, the default."""

FRENCH: Final = Messages(
    outcomes={
        Outcome.VERIFIED: "ok",
        Outcome.PENDING: "pas encore",
        Outcome.UNREACHABLE: "sans réponse",
        Outcome.POLICY: "non couvert",
        Outcome.MALFORMED: "mal formé",
        Outcome.FALSE: "FAUX",
    },
    conclusions={
        Outcome.VERIFIED: "vérifié : le registre contient cette entrée et la chaîne le registre",
        Outcome.PENDING: "vrai jusqu'ici, mais pas encore ancré ou pas encore définitif",
        Outcome.UNREACHABLE: "indécis : quelque chose de nécessaire n'a pas répondu",
        Outcome.POLICY: "indécis : le fichier de confiance ou cette version ne le couvre pas",
        Outcome.MALFORMED: "mal formé : ce n'est pas un fichier vérifiable",
        Outcome.FALSE: "FAUX : ce reçu a été altéré ou fabriqué",
    },
    anchors_conclusions={
        Outcome.VERIFIED: "vérifié : chaque tête ancrée prolonge la précédente, aucune ne manque",
        Outcome.PENDING: "rien n'est encore ancré",
        Outcome.UNREACHABLE: "indécis : quelque chose de nécessaire n'a pas répondu",
        Outcome.POLICY: "indécis : le fichier de confiance ou cette version ne le couvre pas",
        Outcome.MALFORMED: "mal formé : ce n'est pas un fichier vérifiable",
        Outcome.FALSE: "FAUX : cet historique a été altéré, fabriqué ou coupé",
    },
    proof_conclusions={
        Outcome.VERIFIED: "vérifié : un registre que vous croyez contient cette entrée",
        Outcome.POLICY: "indécis : la politique demande plus, ou cette version ne la couvre pas",
        Outcome.MALFORMED: "mal formé : ce n'est pas un fichier vérifiable",
        Outcome.FALSE: "FAUX : cette preuve a été altérée ou fabriquée, ou est celle d'une autre entrée",
    },
    checks={
        "file": "lecture du fichier",
        "format": "forme du fichier",
        "policy-file": "forme de la politique",
        "finality-file": "forme du fichier donné avec --finality",
        "trust": "forme du fichier de confiance",
        "entry": "longueur de l'entrée, en octets",
        "checkpoint": "signature et origine du point de contrôle",
        "policy": "signatures et cosignatures que vous exigez",
        "inclusion": "le point de contrôle couvre l'entrée",
        "anchors": "le point de contrôle est ancré",
        "network": "le fichier de confiance nomme cette chaîne, ce contrat et cet auteur",
        "evidence": "le bloc contient l'ancre de ce point de contrôle",
        "finality": "un bloc dit définitif descend du bloc de l'ancre",
        "finality.anchor": "le fichier donné avec --finality est celui d'une ancre de ce reçu",
        "consistency": "son arbre prolonge celui de l'ancre précédente",
        "order": "il ne manque avant elle aucune ancre du même auteur",
        "chain": "ancres, chacune prolongeant la précédente, aucune ne manque",
        "block-hash": "l'empreinte du bloc est une de celles que vous donnez",
        "node": "réponse du nœud",
        "node.chain": "chaîne que sert le nœud",
        "node.block": "bloc du nœud à cette hauteur",
        "node.code": "code du contrat sur le nœud",
        "node.finality": "dernier bloc définitif du nœud",
    },
    remedies={
        "checkpoint.trust": "donnez le fichier de confiance du registre avec --trust",
        "policy": "redemandez ce fichier quand assez de témoins auront cosigné",
        "anchors": "redemandez ce reçu après le prochain ancrage",
        "network": "prenez un fichier de confiance qui nomme cette chaîne, si vous la croyez",
        "finality.anchor": "vérifiez ce reçu seul, ou avec le fichier de sa propre ancre",
        "node": "réessayez plus tard, ou interrogez un autre nœud",
        "node.chain": "interrogez un nœud de la chaîne de l'ancre",
        "node.finality": "réessayez quand la chaîne aura rendu le bloc définitif",
    },
    anchor="ancre {number}, ",
    separator=" : ",
    mismatch="attendu {expected} ; trouvé {found}",
    rests_on=(
        "Tout repose sur le bloc {number} de {network} (chaîne {chain}), du {time},"
        " d'empreinte {hash}."
    ),
    look_up=(
        "Comparez cette empreinte à celle que montre, pour le bloc {number}, un nœud ou un"
        " explorateur de la chaîne {chain} ({network}) en qui vous avez confiance, ou relancez avec"
        " --rpc ou --block-hash."
    ),
    anchors_look_up=(
        "Comparez cette empreinte à celle que montre, pour le bloc {number}, un nœud ou un"
        " explorateur de la chaîne {chain} ({network}) en qui vous avez confiance ; les ancres"
        " antérieures reposent sur leurs propres blocs (--json)."
    ),
    also_final=(
        "Le bloc {number} d'empreinte {hash}, qu'un nœud tenait pour définitif, en descend :"
        " comparer cette empreinte-là suffit."
    ),
    node_agrees="Le nœud que vous nommez a ce bloc et le tient pour définitif.",
)
"""French."""

LANGUAGES: Final[Mapping[str, Messages]] = {"en": ENGLISH, "fr": FRENCH}
"""Messages by the code that ``--lang`` takes."""


def choose_language(environ: Mapping[str, str]) -> str:
    """Return the code of the language that the locale variables ask for, ``en`` when unsure.

    The first of ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set decides (POSIX.1-2024, 8.2,
    https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html).

    Args:
        environ: The environment.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    value = next((environ[name] for name in names if environ.get(name)), "")
    return "fr" if value.startswith("fr") else "en"
