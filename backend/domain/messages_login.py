"""Wording of refusals to who logs in, and of requests that came too often or from another site.

French is written with plain spaces and straight apostrophes; ``backend.domain.messages`` sets the typography.
"""

from collections.abc import Mapping

LOGIN_FR: Mapping[str, tuple[str, str, str]] = {
    "login.refused": ("Connexion refusée",
        "La clé, la signature ou le lien ne permet pas d'ouvrir une session ici.",
        "Vérifiez la clé que vous employez, ou adressez-vous à qui tient le registre."),
    "login.challenge": ("Cette demande de connexion n'attend plus de réponse",
        "Elle a déjà servi, elle a expiré, ou elle a été faite dans un autre navigateur.",
        "Recommencez la connexion dans ce navigateur."),
    "login.locked": ("Trop d'échecs",
        "Après plusieurs échecs, il faut attendre avant d'essayer de nouveau, de plus en plus longtemps.",
        "Attendez le nombre de secondes que donne l'en-tête Retry-After, puis recommencez."),
    "rate.limited": ("Trop de demandes",
        "La même chose a été demandée trop souvent en peu de temps.",
        "Attendez le nombre de secondes que donne l'en-tête Retry-After, puis recommencez."),
    "csrf.token": ("Demande sans jeton de session",
        "Une demande qui change quelque chose porte un jeton inconnu des pages d'autres sites.",
        "Lisez le jeton à l'adresse de la session, et envoyez-le dans l'en-tête X-CSRF-Token."),
    "csrf.origin": ("Demande venue d'un autre site",
        "Les demandes avec une session ne sont acceptées que des pages de ce serveur.",
        "Recommencez depuis {expected}."),
    "siwe.malformed": ("Message de connexion illisible",
        "Le message n'a pas la forme que donne la norme EIP-4361.",
        "Demandez un nouveau message et signez-le sans le changer."),
}  # fmt: skip
"""Title, detail and remedy by code, in French."""

LOGIN_EN: Mapping[str, tuple[str, str, str]] = {
    "login.refused": ("Login refused",
        "The key, the signature or the link opens no session here.",
        "Check which key you use, or ask those who keep the register."),
    "login.challenge": ("This request to log in waits for no answer",
        "It was used already, it expired, or it was made in another browser.",
        "Start the login again in this browser."),
    "login.locked": ("Too many failures",
        "After several failures one has to wait before the next attempt, longer each time.",
        "Wait for the seconds in the header Retry-After, then try again."),
    "rate.limited": ("Too many requests",
        "The same was asked too often in a short time.",
        "Wait for the seconds in the header Retry-After, then try again."),
    "csrf.token": ("Request without the session's token",
        "A request that changes something carries a token that pages of other sites do not know.",
        "Read the token at the address of the session, and send it in the header X-CSRF-Token."),
    "csrf.origin": ("Request from another site",
        "Requests with a session are taken from pages of this server only.",
        "Start again from {expected}."),
    "siwe.malformed": ("Unreadable login message",
        "The message has not the form that EIP-4361 gives it.",
        "Ask for a new message and sign it unchanged."),
}  # fmt: skip
"""Title, detail and remedy by code, in English."""
