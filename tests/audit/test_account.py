"""The account names entry, rule and article in both languages, and cannot steer a terminal."""

from backend.audit.account import account, report_members
from backend.audit.report import Disagreement, Report
from backend.domain.errors import RuleReference

QUORUM = Disagreement(
    57,
    RuleReference("quorum-legislative", "14"),
    "decision.step",
    "1/4",
    "1/5\x1b[2J",
    "decision.made",
)
WHOLE = Disagreement(None, RuleReference("psephos.ledger", ""), "anchor.root", "aa", "bb")


def report(*disagreements: Disagreement) -> Report:
    return Report("ledger.example/river-coop", 60, 58, 4, 12, 3, disagreements)


def test_account__when_something_disagrees__then_it_names_entry_rule_and_article() -> None:
    lines = list(account(report(QUORUM, WHOLE), "en"))
    assert (
        "✗ entry 57 (decision.made): rule quorum-legislative, article 14 [decision.step]" in lines
    )
    assert "✗ the ledger: rule psephos.ledger [anchor.root]" in lines
    assert lines[-1] == "verdict: 2 disagreements"
    assert not any("\x1b" in line for line in lines)


def test_account__when_nothing_disagrees__then_the_last_line_says_so_in_french() -> None:
    lines = list(account(report(), "fr"))
    assert lines[0] == "60 entrées rejouées de ledger.example/river-coop"
    assert lines[-1].startswith("verdict : conforme")


def test_report_members__when_something_disagrees__then_it_is_unlawful() -> None:
    members = report_members(report(QUORUM, WHOLE))
    assert isinstance(members, dict)
    assert members["verdict"] == "unlawful"
    assert members["disagreements"] == [
        {
            "act": "decision.made",
            "article": "14",
            "code": "decision.step",
            "entry": 57,
            "expected": "1/4",
            "found": "1/5\x1b[2J",
            "rule": "quorum-legislative",
        },
        {
            "act": "",
            "article": "",
            "code": "anchor.root",
            "expected": "aa",
            "found": "bb",
            "rule": "psephos.ledger",
        },
    ]


def test_report_members__when_nothing_disagrees__then_it_is_lawful() -> None:
    members = report_members(report())
    assert isinstance(members, dict)
    assert members["verdict"] == "lawful"
