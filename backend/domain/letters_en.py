"""Letters to members in English: subject and text of each, and the words that fill some places.

Written with straight apostrophes; ``backend.domain.letters`` sets the typography.
"""

from collections.abc import Mapping

LETTERS_EN: Mapping[str, tuple[str, str]] = {
    "login_link": ("Your login link",
        ("You asked to log in. Open this link within {minutes} minutes:\n\n{link}\n\n"
        "It works once. If you did not ask, do nothing: nobody logs in without this link.")),
    "enrolment_link": ("Enrol your key",
        ("You are invited to enrol the key with which you will sign. Open this link before {until}:"
        "\n\n{link}\n\n"
        "It is yours alone: pass it on to nobody.")),
    "welcome": ("Welcome",
        ("You are now on the register of members. The statutes, the assemblies and your rights can be read"
        " here:\n\n{address}")),
    "application_received": ("Your application is recorded",
        ("Your application to join is recorded. Those whom the statutes name will look at it; you will be"
        " told what they decide.")),
    "application_refused": ("Your application is not accepted",
        ("Your application to join is not accepted. The reasons can be read here:\n\n{reasons}\n\n"
        "Number of days to appeal, from the day after the decision: {appeal_days}.")),
    "convocation": ("Convocation: {assembly}",
        ('You are called to the assembly "{assembly}".\n\n'
        "Opens: {opens} ({zone})\nCloses: {closes} ({zone})\nVote: {channel}\n\n"
        "Agenda:\n\n{agenda}\n\n"
        "The texts put to the vote can be read here:\n\n{address}\n\n{voting}")),
    "second_convocation": ("Second convocation: {assembly}",
        ('The assembly "{previous}" did not bring enough members together. You are called a second time:'
        ' "{assembly}".\n\n'
        "Opens: {opens} ({zone})\nCloses: {closes} ({zone})\nVote: {channel}\n\n"
        "Agenda:\n\n{agenda}\n\n"
        "The texts put to the vote can be read here:\n\n{address}\n\n{voting}")),
    "postponed": ("Assembly put off: {assembly}",
        ('The assembly "{assembly}" is put off. Its agenda and its list of electors do not change.\n\n'
        "Opens: {opens} ({zone})\nCloses: {closes} ({zone})")),
    "results": ("Results: {assembly}",
        ('The assembly "{assembly}" is closed. The results and their reasons can be read here:'
        "\n\n{address}")),
    "proceeding_served": ("Proceeding against you",
        ("A proceeding is open against you (file {proceeding}). Measure asked for: {measure}. The grounds"
        " can be read here:\n\n{grounds}\n\n"
        "You may reply before anything is decided. Number of days to reply, from the day after the grounds"
        " were served: {reply_days}.")),
    "measure_taken": ("Decision about you",
        ("A decision is taken in the proceeding against you (file {proceeding}). Measure: {measure}. The"
        " reasons, and how to appeal, can be read here:\n\n{reasons}")),
    "appeal_answered": ("Answer to your appeal",
        ("Your appeal (file {proceeding}) is answered: {answer}. The reasons can be read here:"
        "\n\n{reasons}")),
    "membership_ended": ("End of your membership",
        "You are no longer on the register of members. Cause: {cause}."),
    "key_changed": ("Your keys changed",
        ("A change of your keys has just been recorded: {change}. If it was not you, warn those who keep"
        " the register at once.")),
    "consent_withdrawn": ("Your consent is withdrawn",
        ("The withdrawal of your consent is recorded. Purpose: {purpose}. What rested on it is no longer"
        " done.")),
    "breach": ("Incident concerning your data",
        ("An incident concerns data about you.\n\nDay on which it was found: {day}\n"
        "What happened: {nature}\nWhat may come of it: {consequences}\n"
        "What is being done, and what you can do: {measures}\n\nFor any question: {contact}")),
}  # fmt: skip
"""Subject and text by template."""

FOOTERS_EN: Mapping[str, str] = {
    "legal": "{organisation}\nThis letter concerns your rights as a member: it cannot be unsubscribed.",
    "service": "{organisation}\nThis letter answers a step that concerns you.",
    "news": "{organisation}\nTo receive no more news: {unsubscribe}",
}
"""What ends a letter, by its kind."""

LETTER_WORDS_EN: Mapping[str, Mapping[str, str]] = {
    "channel": {"remote": "online", "room": "in the room", "correspondence": "by post"},
    "voting": {
        "remote": "To vote, open this address while the vote lasts and sign with your key.",
        "room": "Votes are cast in the room: come, or be represented if the statutes allow it.",
        "correspondence": "Votes are cast by post: your ballot must arrive before the close.",
    },
    "measure": {
        "exclusion": "exclusion", "sanction": "sanction", "revocation": "revocation of a mandate",
    },
    "answer": {"upheld": "the measure stands", "reversed": "the measure is reversed"},
    "cause": {
        "resignation": "resignation", "death": "death", "exclusion": "exclusion",
        "accreditation_withdrawn": "accreditation withdrawn", "arrears": "unpaid contributions",
        "other": "another cause that the statutes know",
    },
    "change": {
        "enrolled": "a key was added", "revoked": "a key was taken away",
        "recovered": "your keys were replaced",
        "represented": "a representative was named, whose key replaces the others",
    },
    "appeal_days": {"none": "none, the statutes give no appeal"},
    "purpose": {
        "membership": "membership itself", "mail_news": "news by e-mail",
        "directory": "name and e-mail address shown to the other members",
        "named_votes": "name shown beside a choice, vote by vote",
        "statistics": "counts of members by age or place",
    },
}  # fmt: skip
"""How the domain's own words are said, by place."""
