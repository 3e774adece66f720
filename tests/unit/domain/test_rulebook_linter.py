"""The linter: one change from a sound rulebook, one finding."""

from collections.abc import Mapping

import pytest

from backend.domain.messages import LANGUAGES
from backend.domain.messages_findings_en import FINDINGS_EN
from backend.domain.messages_findings_fr import FINDINGS_FR
from backend.domain.messages_silences_en import QUESTIONS_EN
from backend.domain.messages_silences_fr import QUESTIONS_FR
from backend.domain.messages_terms_en import WORDS_EN
from backend.domain.messages_terms_fr import WORDS_FR
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.compiler import compile_rulebook
from backend.domain.rulebook.findings import Finding, Word
from backend.domain.rulebook.linter import lint
from backend.domain.rulebook.report import finding_text
from backend.domain.rulebook.source import Source
from tests.support.rulebook_sources import (
    STATUTES,
    changed,
    rule,
    small_rules,
    source_of,
    without,
)

TEXT = STATUTES.encode()


def found_in(source: Source, text: bytes = TEXT) -> Mapping[str, Finding]:
    return {each.code: each for each in lint(compile_rulebook(source, text), text)}


def more(*rules: dict[str, Source]) -> dict[str, Source]:
    added = small_rules()
    for each in rules:
        added[str(each["id"])] = each
    return source_of(added)


def silent(name: str, topic: str, **fields: Source) -> dict[str, Source]:
    return rule(name, topic, "2", "silent", settled_by="Internal rules", **fields)


PROXIES = rule("proxies", "proxies", "3", "may", cap="2")
SECOND = rule("second", "second_convocation", "3", "may", notice_days="15", within="3 months")
ELECTION = (
    rule("stand", "initiative", "3", "may", motions="election", classes="member"),
    rule("elect", "effect", "3", "may", motions="election", effects="election"),
)
COUNCIL = (
    rule("meet", "session", "2", "may", session="council", title="Meeting", form="meeting",
         body="council"),
    rule("meet-where", "channels", "2", "may", sessions="council", channels="room"),
)  # fmt: skip
SHARES = rule("shares", "shares", "3", "must", currency="EUR", total="8272", lines=[
    {"title": "association", "amount": "712", "share": "1/10"},
    {"title": "others", "amount": "7560"}])  # fmt: skip

OPTIONS = (
    rule(
        "options",
        "ballot",
        "3",
        "must",
        motions="legislative",
        method="approval",
        minimum_hours="72",
        replaceable="no",
    ),
    rule("options-tie", "tie_break", "3", "must", chain=["status_quo", "sortition"]),
    {**small_rules()["resolution"], "effects": ["resolution", "selection"]},
)
"""What lets the small rulebook put several options to the vote."""
PRESIDING = (
    *COUNCIL,
    rule("cast", "casting_vote", "2", "must", bodies="council", seat_body="council", seat="member"),
    {**OPTIONS[1], "chain": ["casting_vote", "sortition"], "sessions": "council"},
    {**OPTIONS[1], "id": "assembly-options-tie", "sessions": "assembly"},
)
"""A council in which a casting vote comes before lots."""
EARLY = rule("early", "early_close", "3", "may", sessions="assembly")


def options(*changed_rules: dict[str, Source]) -> Source:
    return more(*OPTIONS, *changed_rules)


CASES: Mapping[str, Source] = {
    "reference.class": changed("propose", classes="friend"),
    "reference.body": changed("keys", by={"body": "board"}),
    "reference.seat": changed("call", by={"body": "council", "seat": "chair"}),
    "reference.session": changed("quorum", sessions="annual"),
    "overrides.loop": more(
        {**small_rules()["tie"], "overrides": "tie2"},
        {**small_rules()["tie"], "id": "tie2", "overrides": "tie"},
    ),
    "overrides.unrelated": changed("tie", overrides="join"),
    "quote.missing": changed("tie"),
    "kind.no_session": more(rule("only", "competence", "3", "must", sessions="annual",
                                 motions="legislative")),
    "kind.blocked": without("majority"),
    "session.uncallable": without("notice"),
    "session.out_of_reach": changed("founders", by={"assembly": "assembly"}),
    "body.out_of_reach": changed("founders", by={"assembly": "assembly"}),
    "body.unfilled": without("founders"),
    "silence.without_remedy": more(silent("open", "revocation")),
    "custody.missing": without("keys"),
    "session.no_period": without("yearly"),
    "session.months": changed("yearly", first_month="5", last_month="3"),
    "session.unsaid": changed("tie"),
    "notice.unproven": changed("notice", proven="no"),
    "round.no_second": changed("quorum2", **rule("quorum2", "quorum", "3", "must", round="2",
                               threshold="at least 0/1", base="voters")),
    "round.window": more({**SECOND, "notice_days": "120"}),
    "round.no_quorum": more({**small_rules()["quorum"], "round": "1"}, SECOND),
    "duty.not_competent": more(
        rule("duty", "agenda_duty", "3", "must", motions="legislative"),
        rule("only", "competence", "3", "must", sessions="annual", motions="legislative"),
    ),
    "channels.correspondence": more(
        rule("second-assembly", "session", "3", "may", session="second", title="Second",
             form="extraordinary"),
        rule("second-where", "channels", "3", "may", sessions="second", channels="room"),
    ),
    "quorum.correspondence": changed("quorum", base="present"),
    "quorum.presence": changed("quorum", base="present"),
    "quorum.none": changed("quorum", threshold="at least 0/1"),
    "term.gap": changed("year", holds_over="no"),
    "threshold.impossible": changed("quorum", threshold="more than 1/1"),
    "threshold.unanimity": changed("call", by={"share": "more than 2/3", "of": "council"}),
    "overlap": more(
        {**small_rules()["majority"], "sessions": "assembly"},
        rule("other", "majority", "3", "must", motions="legislative", threshold="at least 2/3",
             base="cast"),
    ),
    "tie.no_casting_vote": changed("tie", resolution="casting_vote"),
    "casting_vote.unused": more(rule("cast", "casting_vote", "2", "must", bodies="council",
                                     seat_body="council", seat="member")),
    "casting_vote.secret": more(
        *COUNCIL,
        rule("cast", "casting_vote", "2", "must", bodies="council", seat_body="council",
             seat="member"),
        rule("meet-tie", "tie", "2", "must", sessions="council", resolution="casting_vote"),
        {**small_rules()["ballot"], "secrecy": "secret"},
    ),
    "options.no_effect": options(small_rules()["resolution"]),
    "options.no_ballot": more(OPTIONS[2]),
    "tie_break.missing": more(OPTIONS[0], OPTIONS[2]),
    "tie_break.open": options({**OPTIONS[1], "chain": ["status_quo", "seniority"]}),
    "tie_break.after_lots": options({**OPTIONS[1], "chain": ["sortition", "status_quo"]}),
    "tie_break.no_casting_vote": options({**OPTIONS[1], "chain": ["casting_vote", "sortition"]}),
    "tie_break.secret": options(*PRESIDING, {**OPTIONS[0], "secrecy": "secret"}),
    "early_close.never": more(EARLY, {**small_rules()["ballot"], "replaceable": "yes"}),
    "early_close.hindered": options(EARLY, {**OPTIONS[0], "replaceable": "yes"}),
    "ballot.secret_remote": changed("ballot", secrecy="secret"),
    "ballot.no_time": changed("ballot", minimum_hours="0"),
    "proxies.denied_cap": more({**PROXIES, "modality": "must_not"}),
    "proxies.cap_zero": more({**PROXIES, "cap": "0"}),
    "contestation.missing": changed("tie"),
    "contestation.partial": more(
        *ELECTION,
        rule("contests", "contestation", "3", "must", motions="election", days="30"),
    ),
    "proxies.no_cap": more(rule("proxies", "proxies", "3", "may")),
    "represented.nobody": changed("quorum", sessions="assembly", base="present_or_represented"),
    "competence.bypass": more(
        rule("again", "effect", "3", "may", motions="approval", effects="resolution"),
        rule("only", "competence", "3", "must", sessions="other", motions="approval"),
        rule("other-session", "session", "3", "may", session="other", title="Other",
             form="ordinary"),
    ),
    "internal_rules.over_statutes": more(
        rule("internal", "internal_rules", "2", "may", by={"body": "council"},
             effective="at_once"),
        rule("statutes", "competence", "3", "must", sessions="assembly", motions="constituent"),
        silent("how", "majority", sessions="assembly", motions="constituent"),
    ),
    "internal_rules.self_confirmed": more(
        rule("internal", "internal_rules", "2", "may", by={"body": "council"},
             effective="at_once", ratified_by="assembly"),
        rule("confirm", "competence", "3", "must", sessions="assembly", motions="ratification"),
        silent("how", "majority", sessions="assembly", motions="ratification"),
    ),
    "seats.bounds": changed("council", seats=[
        {"seat": "member", "title": "councillor", "minimum": "4", "maximum": "3"}]),
    "body.no_term": without("year"),
    "body.unsaid": changed("tie"),
    "designation.not_competent": more(
        *ELECTION,
        rule("only", "competence", "3", "must", sessions="other", motions="election"),
    ),
    "designation.no_meeting": changed("later", by={"body": "council"}),
    "revocation.no_hearing": more(
        rule("revoke", "revocation", "2", "may", bodies="council", heard="yes")),
    "revocation.unheard": more(
        rule("revoke", "revocation", "2", "may", bodies="council", heard="no")),
    "votes.nobody": changed("vote", modality="must_not"),
    "admission.missing": without("join"),
    "votes.assurance": more(rule("firms", "voting_right", "1", "must_not", member_class="firm",
                                 persons="legal", assurance="low")),
    "votes.unchecked": changed("vote", assurance="substantial"),
    "admission.days": changed("join", by={"body": "council"}, appeal_days="30"),
    "admission.unrefused": changed("join", appeal_to={"body": "council"}, appeal_days="30"),
    "admission.unanswered": changed("join", by={"body": "council"}, appeal_days="30",
                                    appeal_to={"assembly": "assembly"}),
    "admission.unvouched": source_of({
        **small_rules(), "vote": {**small_rules()["vote"], "modality": "must_not"},
        "join": {**small_rules()["join"], "vouchers": "2"}}),
    "resignation.missing": without("leave"),
    "due_process.missing": more(
        rule("out", "loss", "1", "may", cause="exclusion", by={"body": "council"})),
    "appeal.missing": more(
        rule("out", "loss", "1", "may", cause="exclusion", by={"body": "council"})),
    "exclusion.nobody": more(rule("out", "loss", "1", "may", cause="exclusion")),
    "engagement.ends": more(rule("deal", "engagement", "3", "must", starts="2026-12-31",
                                 ends="2026-01-01")),
    "shares.amount": more({**SHARES, "total": "1.50"}),
    "shares.total": more({**SHARES, "total": "8273"}),
    "shares.line": more(SHARES),
    "recorded.shares": more(SHARES),
    "recorded.engagement": more(rule("deal", "engagement", "3", "must", starts="2026-01-01",
                                     ends="2026-12-31")),
    "recorded.data_rights": more(rule("data", "data_rights", "3", "must", rights="erasure")),
    "recorded.levels": more(rule("levels", "levels", "3", "must", levels=["local", "world"])),
    "reference.level": more(
        rule("village", "session", "3", "must", session="village", title="Village", form="ordinary",
             level="local")),
    "session.level_body": more(
        rule("levels", "levels", "3", "must", levels=["local", "world"]),
        rule("village", "session", "3", "must", session="village", title="Village", form="meeting",
             level="local", body="council")),
    "session.level_reach": more(
        rule("levels", "levels", "3", "must", levels=["local", "world"]),
        rule("village", "session", "3", "must", session="village", title="Village", form="ordinary",
             level="local")),
    "recorded.licence": more(rule("works", "licence", "3", "must", spdx="CC-BY-SA-4.0")),
    "recorded.minimum_age": more(
        rule("age", "minimum_age", "2", "must", bodies="council", years="18")),
    "recorded.sanctions": more(rule("ladder", "sanctions", "2", "may", skips="no", steps=[
        {"sanction": "warning", "effect": "none", "title": "warning"}])),
    "recorded.appeal": more(rule("appeal", "appeal", "2", "may", measures="exclusion", days="30",
                                 to={"assembly": "assembly"}, suspends="yes")),
    "checklist.missing": changed("tie"),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_lint__one_change_from_a_sound_rulebook__is_found_and_worded(code: str) -> None:
    found = found_in(CASES[code])

    assert code in found
    for language in LANGUAGES:
        text = finding_text(found[code], language)
        assert text.endswith((".", "?"))
        assert "{" not in text


NEVER_IN_THE_SMALL_ONE = {
    "article.unknown", "article.unused", "quote.outside", "text.other",
    *(code for code in CASES
      if code not in ("quote.missing", "session.unsaid", "body.unsaid", "checklist.missing",
                      "contestation.missing")),
}  # fmt: skip


def test_lint__sound_rulebook__has_none_of_these() -> None:
    assert not set(found_in(source_of(small_rules()))) & NEVER_IN_THE_SMALL_ONE


CHECKED = {"assurance": "substantial", "evidence": ["document"]}


@pytest.mark.parametrize(
    ("right", "admission"),
    [
        ({"assurance": "low"}, {"checks": CHECKED}),
        ({"assurance": "substantial"}, {"checks": CHECKED}),
        ({"assurance": "high"}, {"modality": "must_not"}),
        ({}, {"vouchers": "2"}),
        ({}, {"by": {"body": "council"}, "appeal_to": {"body": "council"}, "appeal_days": "30"}),
    ],
)
def test_lint__admission_that_fits__has_no_such_finding(
    right: dict[str, Source], admission: dict[str, Source]
) -> None:
    rules = small_rules()
    found = found_in(
        source_of(
            {**rules, "vote": {**rules["vote"], **right}, "join": {**rules["join"], **admission}}
        )
    )
    wrong = {"votes.assurance", "votes.unchecked", "admission.days", "admission.unrefused",
             "admission.unanswered", "admission.unvouched"}  # fmt: skip
    assert not wrong & set(found)


def compiled() -> Rulebook:
    return compile_rulebook(source_of(small_rules()), TEXT)


@pytest.mark.parametrize(
    "contests",
    [
        rule("contests", "contestation", "3", "must", days="30"),
        silent("contests", "contestation"),
    ],
    ids=["rule", "silence"],
)
def test_lint__contests_of_which_something_is_said__are_not_missing(
    contests: dict[str, Source],
) -> None:
    found = found_in(more(contests))
    assert not {"contestation.missing", "contestation.partial"} & set(found)
    assert ("silent.contestation" in found) == (contests["modality"] == "silent")


def test_lint__another_text__is_named_first() -> None:
    found = lint(compiled(), TEXT.replace(b"Article 2", b"Article 8"))

    assert [each.code for each in found[:2]] == ["text.other", "article.unknown"]
    assert found[0].severity == "contradiction"


def test_lint__span_beyond_the_text__is_found() -> None:
    shorter = TEXT[: TEXT.index(b"Anyone may propose")] + b"."

    found = {each.code for each in lint(compiled(), shorter[: TEXT.index(b"ARTICLE 3")])}

    assert "text.other" in found
    assert "quote.outside" not in found
    assert "quote.outside" in {each.code for each in lint(compiled(), b"Article 1. Short.\n")}


def test_lint__shares_of_712_in_8272__are_not_ten_percent() -> None:
    found = found_in(more(SHARES))["shares.line"]

    values = {name: each[0] for name, each in found.values}
    assert found.severity == "arithmetic"
    assert (values["wanted"], values["wanted_of_rest"], values["real"]) == ("827.20", "756", "8.6")
    assert "827,20" in finding_text(found, "fr")


def test_lint__shares_that_match__are_not_found() -> None:
    lines: Source = [
        {"title": "a", "amount": "10", "share": "1/10"},
        {"title": "b", "amount": "90"},
    ]

    found = found_in(more({**SHARES, "lines": lines, "total": "100"}))

    assert not {"shares.line", "shares.total"} & set(found)


def test_lint__silence__says_what_it_blocks_and_what_settles_it() -> None:
    found = found_in(more(silent("open", "revocation", bodies="council")))["silent.revocation"]

    assert finding_text(found, "en") == (
        "Article 2 does not say whether a mandate may be revoked before its term (\u201cCouncil\u201d). "
        "As long as it is silent, every motion against such a mandate is refused. What would settle "
        "it: internal rules."
    )


def test_lint__point_without_quotation__is_told_by_what_settles_it() -> None:
    found = found_in(more(silent("open", "body", about="council/number")))["silent.point"]

    assert finding_text(found, "en") == (
        "Article 2 leaves a point open. The software blocks nothing for it and does not decide in "
        "your place. What would settle it: internal rules."
    )


def test_lint__support_of_more_than_all__can_never_be_met() -> None:
    assert "threshold.impossible" in found_in(changed("propose", support="more than 1/1"))


def test_lint__quorums_of_different_rounds__do_not_overlap() -> None:
    first = {**small_rules()["quorum"], "sessions": "assembly", "round": "1"}
    second = rule("two", "quorum", "3", "must", motions="legislative", round="2", base="voters",
                  threshold="at least 0/1")  # fmt: skip

    assert "overlap" not in found_in(more(first, second, SECOND))
    assert "overlap" in found_in(more(first, {**second, "round": "1"}, SECOND))


def test_lint__majority_in_a_small_body__is_told_from_one_among_more() -> None:
    meeting = {**small_rules()["majority"], "id": "meet-majority", "sessions": "council"}

    assert "threshold.unanimity" not in found_in(more(*COUNCIL, meeting))
    assert "threshold.unanimity" in found_in(
        more(*COUNCIL, {**meeting, "threshold": "more than 2/3"})
    )


def test_lint__ladder_that_the_register_follows__needs_no_reminder() -> None:
    steps: Source = [{"sanction": "out", "effect": "exclusion", "title": "exclusion"}]

    found = found_in(more(rule("ladder", "sanctions", "2", "may", skips="no", steps=steps)))

    assert "recorded.sanctions" not in found


def test_lint__ratification_whose_majority_is_stated__is_not_self_confirmed() -> None:
    found = found_in(
        more(
            rule("internal", "internal_rules", "2", "may", by={"body": "council"},
                 effective="at_once", ratified_by="assembly"),
            rule("confirm", "competence", "3", "must", sessions="assembly",
                 motions="ratification"),
        )
    )  # fmt: skip

    assert "internal_rules.self_confirmed" not in found


NEVER_WITH_OPTIONS = {
    "kind.blocked", "options.no_effect", "options.no_ballot", "tie_break.missing", "tie_break.open",
    "tie_break.after_lots", "tie_break.no_casting_vote", "tie_break.secret", "early_close.never",
    "early_close.hindered", "casting_vote.unused",
}  # fmt: skip


@pytest.mark.parametrize("further", [(), (EARLY,), PRESIDING])
def test_lint__several_options_with_all_they_need__has_none_of_these(
    further: tuple[dict[str, Source], ...],
) -> None:
    assert not set(found_in(options(*further))) & NEVER_WITH_OPTIONS


def only_several(*further: dict[str, Source]) -> Source:
    """Return rules under which motions put several options to the vote, and nothing else."""
    rules = {each["id"]: each for each in (*small_rules().values(), *OPTIONS, *further)}
    selects = {**OPTIONS[2], "effects": "selection"}
    without_one = {key: each for key, each in rules.items()
                   if key not in ("ballot", "majority", "tie")}  # fmt: skip
    return source_of({**without_one, "resolution": selects})  # type: ignore[dict-item]  # ids are texts


def gaps_of(found: Finding) -> list[str]:
    return [each.key for each in dict(found.values)["gaps"] if isinstance(each, Word)]


def test_lint__kind_voted_on_several_options_only__needs_neither_majority_nor_tie() -> None:
    assert "kind.blocked" not in found_in(only_several())
    source = only_several({**OPTIONS[1], "sessions": "other"})
    assert gaps_of(found_in(source)["kind.blocked"]) == ["tie_break"]


def test_lint__kind_that_only_selects__is_blocked_without_a_ballot_on_several_options() -> None:
    selects = {**OPTIONS[2], "effects": "selection"}
    found = found_in(more(OPTIONS[1], selects))
    assert gaps_of(found["kind.blocked"]) == ["ballot"]
    assert "options.no_ballot" in found


def test_lint__ballot_on_several_options_for_a_kind_without_effect__is_not_called_idle() -> None:
    rules = {key: each for key, each in small_rules().items() if key != "resolution"}
    found = found_in(source_of({**rules, "options": OPTIONS[0], "options-tie": OPTIONS[1]}))
    assert gaps_of(found["kind.blocked"]) == ["effect"]
    assert not {"options.no_effect", "options.no_ballot", "tie_break.missing"} & set(found)


def test_lint__ballot_missing_in_both_ways__is_told_as_one_proposal() -> None:
    rules = {key: each for key, each in small_rules().items() if key != "ballot"}
    found = found_in(source_of({**rules, "resolution": OPTIONS[2]}))
    assert gaps_of(found["kind.blocked"]) == ["ballot"]


def test_lint__silence_on_ties_between_options__is_named_with_its_article() -> None:
    found = found_in(more(OPTIONS[0], OPTIONS[2], silent("open", "tie_break")))
    assert finding_text(found["tie_break.missing"], "en") == (
        "\u201cAssembly\u201d may vote on several options for a legislative motion, but nothing says how"
        " ties are broken: that vote is refused. Missing: how equal options are ordered (article 2)."
    )


def test_lint__silence_on_votes_on_several_options__is_a_question_of_its_own() -> None:
    about = silent("open", "ballot", about="legislative/several")
    found = found_in(more(OPTIONS[2], about))
    assert "silent.point" not in found
    assert finding_text(found["silent.ballot.several"], "en").startswith(
        "Article 2 does not say how to vote on several options for a legislative motion. As long as it is"
        " silent, the vote is refused."
    )
    both = silent("open", "ballot", about=["election/several", "election"])
    ballot = {**small_rules()["ballot"], "motions": "legislative"}
    assert "silent.ballot" in found_in(more(ballot, both))


def test_lint__secret_or_hasty_ballot_on_several_options__is_found_as_any_other() -> None:
    assert "ballot.secret_remote" in found_in(options({**OPTIONS[0], "secrecy": "secret"}))
    assert "ballot.no_time" in found_in(options({**OPTIONS[0], "minimum_hours": "0"}))


def test_lint__casting_vote_that_no_chain_asks_for__is_unused() -> None:
    assert "casting_vote.unused" not in found_in(options(*PRESIDING))
    lots = {**PRESIDING[3], "chain": "sortition"}
    assert "casting_vote.unused" in found_in(options(*PRESIDING, lots))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"replaceable": "yes"}, "early_close.never"),
        ({"method": "consent"}, "early_close.never"),
        ({"replaceable": "yes", "secrecy": "secret"}, None),
        ({}, None),
    ],
)
def test_lint__early_closing__needs_votes_that_cannot_change(
    fields: dict[str, Source], code: str | None
) -> None:
    ballot = {**small_rules()["ballot"], **fields}
    found = {each for each in found_in(more(EARLY, ballot)) if each.startswith("early_close")}
    assert found == ({code} if code else set())
    forbidden = found_in(more({**EARLY, "modality": "must_not"}, ballot))
    assert not {each for each in forbidden if each.startswith("early_close")}


@pytest.mark.parametrize("topic", ["majority", "quorum", "tie", "tie_break"])
def test_lint__overlap_of_a_session_and_a_kind__names_the_topic(topic: str) -> None:
    base = OPTIONS[1] if topic == "tie_break" else small_rules()[topic]
    general = {**base, "sessions": "assembly"}
    found = found_in(options(general, {**base, "id": "other", "motions": "legislative"}))
    assert dict(found["overlap"].values)["topic"] == (Word("topic", topic),)


def test_wording__both_languages__speak_of_the_same() -> None:
    assert set(FINDINGS_FR) == set(FINDINGS_EN) >= set(CASES)
    assert set(QUESTIONS_FR) == set(QUESTIONS_EN)
    assert {table: set(words) for table, words in WORDS_FR.items()} == {
        table: set(words) for table, words in WORDS_EN.items()
    }


VILLAGE = (
    rule("levels", "levels", "3", "must", levels=["local", "world"]),
    rule("village", "session", "3", "must", session="village", title="Village", form="ordinary",
         level="local"),
)  # fmt: skip


def test_lint__levels_at_which_a_session_meets__are_more_than_a_record() -> None:
    found = found_in(more(*VILLAGE))
    assert "recorded.levels" not in found
    assert "reference.level" not in found


def test_lint__kinds_reserved_to_the_whole__are_out_of_reach_of_a_place() -> None:
    kinds = [each.key for each in _kinds(found_in(more(*VILLAGE))["session.level_reach"])]
    reserved = rule("whole", "competence", "3", "must", sessions="assembly", motions=kinds)
    assert "session.level_reach" not in found_in(more(*VILLAGE, reserved))


def test_lint__due_process_at_a_level_or_by_a_body_that_is_none__is_found() -> None:
    process = rule(
        "heard", "due_process", "2", "must", measures="sanction", channels="post", reply_days="8",
        levels=[{"level": "country", "by": {"body": "nobody"}}],
    )  # fmt: skip
    found = found_in(more(*VILLAGE, process))
    assert dict(found["reference.level"].values)["name"] == ("country",)
    assert dict(found["reference.body"].values)["name"] == ("nobody",)


def _kinds(found: Finding) -> list[Word]:
    return [each for each in dict(found.values)["kinds"] if isinstance(each, Word)]
