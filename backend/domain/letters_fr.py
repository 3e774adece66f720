"""Letters to members in French: subject and text of each, and the words that fill some places.

Written with plain spaces and straight apostrophes; ``backend.domain.letters`` sets the typography.
"""

from collections.abc import Mapping

LETTERS_FR: Mapping[str, tuple[str, str]] = {
    "login_link": ("Votre lien de connexion",
        ("Vous avez demandé à vous connecter. Ouvrez ce lien dans les {minutes} minutes :\n\n{link}\n\n"
        "Il ne sert qu'une fois. Si vous n'avez rien demandé, ne faites rien : personne ne se connecte"
        " sans ce lien.")),
    "enrolment_link": ("Inscrivez votre clé",
        ("Vous êtes invité à inscrire la clé avec laquelle vous signerez. Ouvrez ce lien avant le"
        " {until} :\n\n{link}\n\n"
        "Il est à vous seul : ne le transmettez à personne.")),
    "welcome": ("Bienvenue",
        ("Vous êtes maintenant inscrit au registre des membres. Les statuts, les assemblées et vos droits"
        " se lisent ici :\n\n{address}")),
    "application_received": ("Votre demande est enregistrée",
        ("Votre demande d'adhésion est enregistrée. Ceux que les statuts désignent vont l'examiner ; vous"
        " serez informé de leur décision.")),
    "application_refused": ("Votre demande n'est pas acceptée",
        ("Votre demande d'adhésion n'est pas acceptée. Les raisons se lisent ici :\n\n{reasons}\n\n"
        "Nombre de jours pour contester ce refus, à compter du lendemain de la décision : {appeal_days}.")),
    "convocation": ("Convocation : {assembly}",
        ("Vous êtes convoqué à l'assemblée « {assembly} ».\n\n"
        "Ouverture : {opens} ({zone})\nClôture : {closes} ({zone})\nVote : {channel}\n\n"
        "Ordre du jour :\n\n{agenda}\n\n"
        "Les textes soumis au vote se lisent ici :\n\n{address}\n\n{voting}")),
    "second_convocation": ("Deuxième convocation : {assembly}",
        ("L'assemblée « {previous} » n'a pas réuni assez de membres. Vous êtes convoqué une deuxième fois :"
        " « {assembly} ».\n\n"
        "Ouverture : {opens} ({zone})\nClôture : {closes} ({zone})\nVote : {channel}\n\n"
        "Ordre du jour :\n\n{agenda}\n\n"
        "Les textes soumis au vote se lisent ici :\n\n{address}\n\n{voting}")),
    "postponed": ("Assemblée reportée : {assembly}",
        ("L'assemblée « {assembly} » est reportée. L'ordre du jour et la liste des votants ne changent"
        " pas.\n\nOuverture : {opens} ({zone})\nClôture : {closes} ({zone})")),
    "results": ("Résultats : {assembly}",
        "L'assemblée « {assembly} » est close. Les résultats et leurs raisons se lisent ici :\n\n{address}"),
    "proceeding_served": ("Procédure engagée à votre égard",
        ("Une procédure est engagée à votre égard (dossier {proceeding}). Mesure demandée : {measure}. Les"
        " griefs se lisent ici :\n\n{grounds}\n\n"
        "Vous pouvez répondre avant toute décision. Nombre de jours pour répondre, à compter du lendemain"
        " de la remise des griefs : {reply_days}.")),
    "measure_taken": ("Décision prise à votre égard",
        ("Une décision est prise dans la procédure engagée à votre égard (dossier {proceeding}). Mesure :"
        " {measure}. Les raisons, et les voies de recours, se lisent ici :\n\n{reasons}")),
    "appeal_answered": ("Réponse à votre recours",
        ("Votre recours (dossier {proceeding}) a reçu une réponse : {answer}. Les raisons se lisent ici :"
        "\n\n{reasons}")),
    "membership_ended": ("Fin de votre adhésion",
        "Vous n'êtes plus inscrit au registre des membres. Cause : {cause}."),
    "key_changed": ("Vos clés ont changé",
        ("Un changement de vos clés vient d'être enregistré : {change}. Si vous n'en êtes pas l'auteur,"
        " prévenez tout de suite ceux qui tiennent le registre.")),
    "consent_withdrawn": ("Votre consentement est retiré",
        ("Le retrait de votre consentement est enregistré. Finalité : {purpose}. Ce qui en dépendait n'est"
        " plus fait.")),
    "breach": ("Incident sur vos données",
        ("Un incident touche des données qui vous concernent.\n\nJour où il a été découvert : {day}\n"
        "Ce qui s'est passé : {nature}\nCe qui peut en résulter : {consequences}\n"
        "Ce qui est fait, et ce que vous pouvez faire : {measures}\n\nPour toute question : {contact}")),
}  # fmt: skip
"""Subject and text by template."""

FOOTERS_FR: Mapping[str, str] = {
    "legal": "{organisation}\nCette lettre tient à vos droits de membre : on ne peut pas s'en désabonner.",
    "service": "{organisation}\nCette lettre répond à une démarche qui vous concerne.",
    "news": "{organisation}\nPour ne plus recevoir de nouvelles : {unsubscribe}",
}
"""What ends a letter, by its kind."""

LETTER_WORDS_FR: Mapping[str, Mapping[str, str]] = {
    "channel": {
        "remote": "en ligne", "room": "en salle", "correspondence": "par correspondance",
    },
    "voting": {
        "remote": "Pour voter, ouvrez cette adresse pendant le vote et signez avec votre clé.",
        "room": "On vote sur place : venez, ou faites-vous représenter si les statuts le permettent.",
        "correspondence": "On vote par correspondance : votre bulletin doit arriver avant la clôture.",
    },
    "measure": {
        "exclusion": "exclusion", "sanction": "sanction", "revocation": "révocation d'un mandat",
    },
    "answer": {"upheld": "la mesure est maintenue", "reversed": "la mesure est annulée"},
    "cause": {
        "resignation": "démission", "death": "décès", "exclusion": "exclusion",
        "accreditation_withdrawn": "agrément retiré", "arrears": "cotisations impayées",
        "other": "autre cause prévue par les statuts",
    },
    "change": {
        "enrolled": "une clé est ajoutée", "revoked": "une clé est retirée",
        "recovered": "vos clés sont remplacées",
        "represented": "un représentant est désigné, sa clé remplace les autres",
    },
    "appeal_days": {"none": "aucun, les statuts n'ouvrent pas d'appel"},
    "purpose": {
        "membership": "l'adhésion elle-même", "mail_news": "nouvelles par courriel",
        "directory": "nom et adresse électronique montrés aux autres membres",
        "named_votes": "nom montré à côté d'un choix, vote par vote",
        "statistics": "comptes de membres par âge ou par lieu",
    },
}  # fmt: skip
"""How the domain's own words are said, by place."""
