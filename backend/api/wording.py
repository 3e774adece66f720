"""Wording of the refusals that HTTP itself gives rise to; the domain's are in ``backend.domain.messages``."""

# ruff: noqa: RUF001 - French typography has its own apostrophe

from collections.abc import Mapping
from typing import Final

from backend.domain.messages import Language, Message

TRANSPORT: Final[Mapping[Language, Mapping[str, Message]]] = {
    "fr": {
        "request.unreadable": Message(
            "Requête illisible",
            "Le corps de la requête n’est pas du JSON lisible.",
            "Envoyez un objet JSON en UTF-8 avec l’en-tête Content-Type: application/json.",
        ),
        "request.invalid": Message(
            "Requête non conforme",
            "Un champ de la requête manque, est en trop ou n’a pas la forme attendue.",
            "Corrigez le champ nommé dans « found » ; /docs décrit chaque requête.",
        ),
        "request.too_large": Message(
            "Requête trop longue",
            "Le corps de la requête dépasse la taille permise.",
            "Raccourcissez les textes envoyés.",
        ),
        "idempotency.required": Message(
            "Clé d’idempotence attendue",
            "Chaque écriture porte une clé qui permet de la répéter sans danger.",
            "Ajoutez l’en-tête Idempotency-Key : 1 à 200 caractères ASCII imprimables.",
        ),
        "route.unknown": Message(
            "Adresse inconnue",
            "Il n’y a rien à cette adresse.",
            "Consultez /docs pour la liste des adresses.",
        ),
        "method.unknown": Message(
            "Méthode non permise",
            "Cette adresse ne répond pas à cette méthode.",
            "Utilisez une méthode nommée dans l’en-tête Allow.",
        ),
        "service.unavailable": Message(
            "Service indisponible",
            "Une partie du serveur ne répond pas pour le moment.",
            "Réessayez plus tard avec la même clé d’idempotence.",
        ),
        "internal": Message(
            "Erreur du serveur",
            "Le serveur a rencontré une erreur qu’il n’attendait pas ; rien n’a été écrit à moitié.",
            "Signalez l’erreur avec l’identifiant de la requête (en-tête X-Request-Id).",
        ),
    },
    "en": {
        "request.unreadable": Message(
            "Unreadable request",
            "The body of the request is no readable JSON.",
            "Send a JSON object in UTF-8 with the header Content-Type: application/json.",
        ),
        "request.invalid": Message(
            "Request of another form",
            "A field of the request is missing, is not known, or has not the form it must have.",
            "Correct the field named in “found”; /docs describes every request.",
        ),
        "request.too_large": Message(
            "Request too long",
            "The body of the request exceeds the permitted size.",
            "Shorten the texts that are sent.",
        ),
        "idempotency.required": Message(
            "Idempotency key required",
            "Every write carries a key that makes it safe to repeat.",
            "Add the header Idempotency-Key: 1 to 200 printable ASCII characters.",
        ),
        "route.unknown": Message(
            "Unknown address",
            "There is nothing at this address.",
            "See /docs for the list of addresses.",
        ),
        "method.unknown": Message(
            "Method not allowed",
            "This address does not answer this method.",
            "Use a method named in the Allow header.",
        ),
        "service.unavailable": Message(
            "Service unavailable",
            "A part of the server does not answer for now.",
            "Try again later with the same idempotency key.",
        ),
        "internal": Message(
            "Server error",
            "The server met an error it did not expect; nothing was written by halves.",
            "Report the error with the id of the request (header X-Request-Id).",
        ),
    },
}
"""Title, detail and remedy by language and code."""
