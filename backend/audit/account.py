"""An audit's result in words, French or English, and as JSON for scripts (docs/audit.md)."""

from collections.abc import Iterator
from typing import Literal

from anchoring.core.canonical import Json
from backend.audit.report import Disagreement, Report

Language = Literal["fr", "en"]
"""Languages of the account."""

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "entries": "{} entries replayed from {}",
        "anchors": "{} anchors proven; {} entries covered by them",
        "documents": "{} documents are what their CIDs say",
        "redacted": "{} checks could not be made: their detached proofs were erased",
        "destroyed": "{} signatures of ballots were destroyed when contest periods were over",
        "confirmed": "{} signatures of contract accounts confirmed by their chains",
        "unasked": "{} signatures of contract accounts not checked: name a node of their chain with --rpc",
        "place": "entry {}",
        "whole": "the ledger",
        "rule": "rule {}",
        "article": ", article {}",
        "expected": "expected",
        "found": "found",
        "lawful": "verdict: lawful, every entry follows from the rules in force",
        "unlawful": "verdict: {} disagreements",
    },
    "fr": {
        "entries": "{} entrées rejouées de {}",
        "anchors": "{} ancrages prouvés, qui couvrent {} entrées",
        "documents": "{} documents sont bien ce que dit leur CID",
        "redacted": "{} contrôles impossibles : leurs preuves détachées ont été effacées",
        "destroyed": "{} signatures de bulletins ont été détruites à la fin des délais de contestation",
        "confirmed": "{} signatures de comptes de contrat confirmées par leurs chaînes",
        "unasked": "{} signatures de comptes de contrat non contrôlées : nommez un nœud de leur chaîne"
        " avec --rpc",
        "place": "entrée {}",
        "whole": "le registre",
        "rule": "règle {}",
        "article": ", article {}",
        "expected": "attendu",
        "found": "trouvé",
        "lawful": "verdict : conforme, chaque entrée découle des règles en vigueur",
        "unlawful": "verdict : {} désaccords",
    },
}


def account(report: Report, language: Language) -> Iterator[str]:
    """Return the lines of the account, without line ends.

    Args:
        report: What the audit found.
        language: Language of the account.
    """
    words = _WORDS[language]
    yield words["entries"].format(report.entries, report.origin)
    yield words["anchors"].format(report.anchors, report.anchored)
    yield words["documents"].format(report.documents)
    if report.redacted:
        yield words["redacted"].format(report.redacted)
    if report.destroyed:
        yield words["destroyed"].format(report.destroyed)
    if report.confirmed:
        yield words["confirmed"].format(report.confirmed)
    if report.unasked:
        yield words["unasked"].format(report.unasked)
    for each in report.disagreements:
        yield from _lines(each, words)
    yield words["lawful"] if report.lawful else words["unlawful"].format(len(report.disagreements))


def report_members(report: Report) -> Json:
    """Return the report as the members of a JSON object.

    Args:
        report: What the audit found.
    """
    return {
        "anchored": report.anchored,
        "anchors": report.anchors,
        "confirmed": report.confirmed,
        "destroyed": report.destroyed,
        "disagreements": [_members(each) for each in report.disagreements],
        "documents": report.documents,
        "entries": report.entries,
        "origin": report.origin,
        "redacted": report.redacted,
        "unasked": report.unasked,
        "verdict": "lawful" if report.lawful else "unlawful",
    }


def _lines(each: Disagreement, words: dict[str, str]) -> Iterator[str]:
    place = words["whole"] if each.entry is None else words["place"].format(each.entry)
    act = f" ({each.act})" if each.act else ""
    article = words["article"].format(each.rule.article) if each.rule.article else ""
    yield f"✗ {place}{act}: {words['rule'].format(each.rule.id)}{article} [{each.code}]"
    yield f"    {words['expected']}: {_plain(each.expected)}"
    yield f"    {words['found']}: {_plain(each.found)}"


def _members(each: Disagreement) -> Json:
    members: dict[str, Json] = {
        "act": each.act,
        "article": each.rule.article,
        "code": each.code,
        "expected": each.expected,
        "found": each.found,
        "rule": each.rule.id,
    }
    return members if each.entry is None else {**members, "entry": each.entry}


def _plain(text: str) -> str:
    """Return text that cannot steer a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)
