"""Purposes for which an organisation uses what it knows of a person, and what each person answered.

The list is closed: data is used for nothing else. What the membership itself cannot do without is needed:
it rests on the contract, everybody who joins takes note of it, and only leaving ends it. Everything else
rests on consent, asked for purpose by purpose, in words that have a version, refused without any loss, and
taken back as easily as given. Source: Regulation (EU) 2016/679, articles 5(1)(b), 6(1)(a) and (b), 7 and
13.

P1 an answer is to a purpose of the list, in the version of its words that is in use. P2 who joins gives
what is needed. P3 what is needed is not taken back while its bearer is on the register: resigning does
that. P4 an answer differs from the one that stands; none is a refusal. P5 answers are kept in order, none
is changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from backend.domain.errors import ConflictError, InvalidInputError, NotPermittedError
from backend.domain.instants import Instant

PurposeName = Literal["membership", "mail_news", "directory", "named_votes", "statistics"]
"""Name of a purpose."""

Reply = Literal["given", "withdrawn"]
"""What someone answers."""

MAX_ANSWERS: Final = 1000
"""Answers after which none is given any more, only taken back: nobody fills the database with them."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose, in the words that people are asked with."""

    name: PurposeName
    """Its name."""
    version: int
    """Version of the words; another wording is another version, and asks again."""
    needed: bool
    """Whether the membership cannot do without."""
    fr: str
    """The words in French."""
    en: str
    """The words in English."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone answered, and when."""

    purpose: PurposeName
    """The purpose."""
    version: int
    """Version of the words they were asked with."""
    reply: Reply
    """Their answer."""
    at: Instant
    """When."""


PURPOSES: Final[Mapping[PurposeName, Purpose]] = {
    each.name: each
    for each in (
        Purpose(
            "membership",
            1,
            needed=True,
            fr="Tenir le registre des membres, me convoquer et compter mon vote. L'adhésion n'est pas"
            " possible sans cela.",
            en="Keep the register of members, call me to assemblies and count my vote. Membership is not"
            " possible without it.",
        ),
        Purpose(
            "mail_news",
            1,
            needed=False,
            fr="M'envoyer des nouvelles par courriel, en plus des convocations.",
            en="Send me news by e-mail, besides the calls to assemblies.",
        ),
        Purpose(
            "directory",
            1,
            needed=False,
            fr="Montrer mon nom et mon adresse électronique aux autres membres.",
            en="Show my name and e-mail address to the other members.",
        ),
        Purpose(
            "named_votes",
            1,
            needed=False,
            fr="Me proposer, vote par vote, de montrer mon nom à côté de mon choix.",
            en="Ask me, vote by vote, whether my name may stand beside my choice.",
        ),
        Purpose(
            "statistics",
            1,
            needed=False,
            fr="Compter des membres par âge ou par lieu, sans que personne y soit reconnaissable.",
            en="Count members by age or place, without anyone being recognisable.",
        ),
    )
}
"""Every purpose by its name."""


def given_on_joining(versions: Mapping[str, int], *, at: Instant) -> tuple[Answer, ...]:
    """Return the answers of someone who joins (P1, P2), in the order of ``PURPOSES``.

    Args:
        versions: Purposes that they give, each with the version of the words they read.
        at: When.

    Raises:
        InvalidInputError: ``consent.purpose`` or ``consent.version``: no such purpose, or other words;
            ``consent.needed``: what is needed is not given.
    """
    for name, version in versions.items():
        _purpose(name, version)
    missing = [each.name for each in PURPOSES.values() if each.needed and each.name not in versions]
    if missing:
        raise InvalidInputError(
            "consent.needed",
            expected=", ".join(missing),
            found=", ".join(sorted(versions)) or "none",
        )
    return tuple(
        Answer(each.name, each.version, "given", at)
        for each in PURPOSES.values()
        if each.name in versions
    )


def standing(answers: Sequence[Answer]) -> Mapping[PurposeName, Answer]:
    """Return the answer that stands for each purpose that was ever answered.

    Args:
        answers: Of one person, oldest first.
    """
    return {answer.purpose: answer for answer in answers}


def consents(answers: Sequence[Answer], purpose: PurposeName) -> bool:
    """Tell whether someone consents to a purpose now, in the words that are in use.

    Args:
        answers: Of one person, oldest first.
        purpose: The purpose.
    """
    last = standing(answers).get(purpose)
    return last is not None and (last.reply, last.version) == ("given", PURPOSES[purpose].version)


def answer(
    answers: Sequence[Answer], purpose: str, version: int, reply: Reply, *, at: Instant
) -> Answer:
    """Return an answer that may follow those given before (P1, P3 to P5).

    Args:
        answers: Those given before, oldest first.
        purpose: Name of the purpose.
        version: Version of the words that were read.
        reply: The answer.
        at: When.

    Raises:
        ConflictError: ``consent.answered``: it stands already; ``consent.limit``: too many answers.
        InvalidInputError: ``consent.purpose`` or ``consent.version``: no such purpose, or other words.
        NotPermittedError: ``consent.kept``: what is needed is not taken back.
    """
    found = _purpose(purpose, version)
    if found.needed and reply == "withdrawn":
        raise NotPermittedError(
            "consent.kept", expected="a purpose that rests on consent", found=found.name
        )
    if consents(answers, found.name) == (reply == "given"):
        raise ConflictError("consent.answered", expected="another answer", found=reply)
    if reply == "given" and len(answers) >= MAX_ANSWERS:
        raise ConflictError(
            "consent.limit", expected=f"at most {MAX_ANSWERS} answers", found=str(len(answers) + 1)
        )
    return Answer(found.name, version, reply, at)


def _purpose(name: str, version: int) -> Purpose:
    found = next((each for each in PURPOSES.values() if each.name == name), None)
    if found is None:
        raise InvalidInputError(
            "consent.purpose", expected=", ".join(PURPOSES), found="another purpose"
        )
    if version != found.version:
        raise InvalidInputError(
            "consent.version", expected=f"version {found.version}", found=f"version {version}"
        )
    return found
