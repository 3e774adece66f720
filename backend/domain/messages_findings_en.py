"""Wording of what the linter finds, in English: straight apostrophes, typeset later."""

from collections.abc import Mapping

from backend.domain.rulebook.findings import Severity

FRAMES_EN: Mapping[str, str] = {
    "silent": (
        "Article {article} does not say {question}. As long as it is silent, {blocked}. What would "
        "settle it: {settled_by}."
    ),
    "silent.unquoted": (
        "Article {article} leaves a point open. The software blocks nothing for it and does not "
        "decide in your place. What would settle it: {settled_by}."
    ),
    "silent.point": (
        "Article {article} leaves a point open: “{words}” The software blocks nothing for it and does "
        "not decide in your place. What would settle it: {settled_by}."
    ),
    "blocked": "the vote is refused",
    "for_kind": " for {names}",
    "for_session": " ({names})",
    "for_body": " ({names})",
    "for_class": " in the class {names}",
    "for_measure": " for {names}",
    "for_phase": " for {names}",
    "and": " and ",
    "quoted": "“{word}”",
    "in_article": "{word} (article {article})",
    "nowhere": "{word} (no article)",
    "article": "Article {names}",
    "articles": "Articles {names}",
    "rules": "Rules: {names}",
    "heading": "Report on: {title}",
    "summary": "{rules} rules, {silent} of which say what the text leaves open; {findings} remarks.",
    "none": "Nothing to report.",
    "checklist": "Checklist",
    "answered": "yes (articles {names})",
    "silent_answer": "left open (articles {names})",
    "missing": "nothing is said",
    "text": "to be read in the text: no rule can carry it",
}  # fmt: skip
"""Sentences that hold the words together."""

SEVERITIES_EN: Mapping[Severity, tuple[str, str]] = {
    "contradiction": (
        "Contradictions",
        "To correct: two rules, or a rule and the text, do not go together.",
    ),
    "arithmetic": (
        "Figures",
        "To correct: the numbers of the text do not add up.",
    ),
    "unreachable": (
        "Impossible as it stands",
        "Under these rules, and as long as nothing completes them, what follows cannot happen.",
    ),
    "silent": (
        "Silences",
        "The text leaves it open; the software refuses, names the article and what would settle it.",
    ),
    "incomplete": (
        "To be made clear",
        "The text is silent without saying so, or leaves a doubt one sentence would lift.",
    ),
    "documentary": (
        "For the record",
        "Written down for readers; the software does not enforce it.",
    ),
}  # fmt: skip
"""Heading and explanation of each severity."""

FINDINGS_EN: Mapping[str, str] = {
    "text.other": (
        "The text given is not the one these rules quote ({expected}): their quotations prove nothing. "
        "Compile the rules again with this text."
    ),
    "article.unknown": "Rule {rule} refers to an article that the text does not have.",
    "article.unused": (
        "No rule comes from these articles: {articles}. Check that they hold nothing that the software "
        "should apply."
    ),
    "quote.outside": "The quotation of rule {rule} lies beyond the text. Compile the rules again.",
    "quote.missing": (
        "These rules quote no words of the text: {rules}. A refusal that rests on them can only show the "
        "number of the article."
    ),
    "reference.class": "Rule {rule} names a class of members that does not exist: {name}.",
    "reference.body": "Rule {rule} names a body that does not exist: {name}.",
    "reference.session": "Rule {rule} names a meeting that does not exist: {name}.",
    "reference.level": "Rule {rule} names a territorial level that does not exist: {name}.",
    "session.level_body": (
        "{session} meets at a territorial level and is of a body: nobody can tell who votes in it."
    ),
    "session.level_reach": (
        "{session} gathers the members of one place, and nothing keeps it from deciding for all on: {kinds}."
    ),
    "reference.seat": "Rule {rule} names a seat that does not exist: {name}.",
    "overrides.loop": (
        "These rules prevail over each other in a circle, so that none of them holds: {rules}."
    ),
    "overrides.unrelated": "Rule {rule} claims to prevail over {other}, which is about something else.",
    "kind.no_session": "No meeting that exists is competent for {kind}.",
    "kind.blocked": (
        "As it stands, no meeting can decide {kind}. What is missing at least, in “{session}”: {gaps}."
    ),
    "session.uncallable": "“{session}” cannot be called. Missing: {gaps}.",
    "session.out_of_reach": (
        "Nobody will ever be able to call “{session}”: those who may are chosen only by meetings that "
        "depend on them. Give the founders, or a share of the members, a way to begin."
    ),
    "body.out_of_reach": (
        "“{body}” can never be filled: the meeting that chooses it cannot be held without it. Say who "
        "forms it at the founding."
    ),
    "body.unfilled": "Nothing says how “{body}” is filled the first time. Missing: {gaps}.",
    "silence.without_remedy": (
        "Nothing can lift the silences of these statutes ({count}): no meeting can at present change the "
        "statutes, interpret them or adopt internal rules."
    ),
    "custody.missing": (
        "No article says who keeps the registers: nobody will be able to act for the organisation."
    ),
    "session.no_period": "No article says how often “{session}” is held.",
    "session.months": "The months in which “{session}” may be held are the wrong way round.",
    "contestation.missing": (
        "No article says how long a decision can be contested: rolls and signatures of ballots, which are "
        "personal data, are kept without end."
    ),
    "contestation.partial": (
        "No article says how long these can be contested: {kinds}. Their rolls and signatures of ballots are "
        "kept without end."
    ),
    "session.unsaid": (
        "“{session}”: no article settles {gaps}. The software refuses what nothing provides for."
    ),
    "notice.unproven": (
        "Article {article} asks for notice, but not for proof that each member was told. In a dispute, "
        "nothing will show who was told, when and how."
    ),
    "round.no_second": (
        "There is a quorum for a second convocation of “{session}”, but no second convocation."
    ),
    "round.window": "“{session}”: notice of the second convocation is longer than the time left to hold it.",
    "round.no_quorum": "“{session}” may be called a second time, but no quorum is stated there for {kinds}.",
    "duty.not_competent": (
        "“{session}” must decide {kind} each time, while another meeting alone is competent."
    ),
    "channels.correspondence": (
        "Article {article}: voting by post is provided for {sessions} only. It will be refused elsewhere "
        "({others}); the French Court of Cassation has ruled so (Cass. 1re civ., 25 January 2017, no "
        "15-25.561). If it is meant for all, the text must say so."
    ),
    "quorum.correspondence": (
        "Article {article}: in “{session}”, the quorum counts those present and those represented. "
        "Whoever votes by post is neither: the text does not say whether they count."
    ),
    "quorum.presence": (
        "Article {article}: the quorum of “{session}” counts those present, while votes are cast at a "
        "distance. Presence will have to be recorded before any vote."
    ),
    "quorum.none": (
        "Article {article}: “{session}” decides without a quorum. One voter can commit all the others."
    ),
    "term.gap": (
        "Article {article}: a mandate in “{body}” may end before “{session}” is held again. The seats "
        "would be vacant in between: nothing says that holders stay until they are replaced."
    ),
    "threshold.impossible": "Rule {rule} asks for more than everyone: it can never be met.",
    "threshold.unanimity": (
        "Article {article}: among {size} persons at most ({group}), the share asked for means all of "
        "them."
    ),
    "overlap": (
        "Two rules aim at the same vote on {topic}: {rule} for {sessions}, {other} for {kinds}. The "
        "first prevails, because a rule on a meeting comes before a rule on a matter. If that is not "
        "meant, narrow the second."
    ),
    "tie.no_casting_vote": "“{session}” settles ties by a casting vote, but no rule says whose it is.",
    "casting_vote.secret": (
        "Article {article}: in “{session}” someone has a casting vote, but the ballot is secret for "
        "{kinds}. In a tie that vote cannot be seen: the proposal is rejected."
    ),
    "casting_vote.unused": "The casting vote of rule {rule} never serves: no tie is settled by it.",
    "options.no_effect": (
        "Article {article}: a vote on several options is provided for {kinds}, but such a motion can "
        "neither elect nor choose: the rule never serves."
    ),
    "options.no_ballot": (
        "Article {article}: {kinds} may put several options to the vote, but nothing says how they are "
        "voted on: such a motion is refused."
    ),
    "tie_break.missing": (
        "“{session}” may vote on several options for {kinds}, but nothing says how ties are broken: that "
        "vote is refused. Missing: {gap}."
    ),
    "tie_break.open": (
        "Article {article}: what breaks ties between options does not end with lots. If a tie is left over,"
        " the motion is rejected."
    ),
    "tie_break.after_lots": (
        "Article {article}: lots break every tie between options; what comes after them never serves."
    ),
    "tie_break.no_casting_vote": (
        "Article {article}: “{session}” has no casting vote, which should break ties between options there."
    ),
    "tie_break.secret": (
        "Article {article}: in “{session}” the casting vote breaks no tie between options where the ballot "
        "is secret ({kinds})."
    ),
    "early_close.never": (
        "Article {article}: “{session}” is never closed early: every vote there stays open until its time "
        "(ballots that may be replaced, or consent)."
    ),
    "early_close.hindered": (
        "Article {article}: “{session}” is not closed early when it votes on {kinds}, which stays open "
        "until its time (ballots that may be replaced, or consent)."
    ),
    "ballot.secret_remote": (
        "A secret ballot is held in a room only, and “{session}” has none: {kind} cannot be voted there."
    ),
    "ballot.no_time": (
        "Article {article}: nothing says how long the ballot stays open at least, though votes may be "
        "cast outside a room ({sessions}). A ballot of one minute would be regular."
    ),
    "proxies.denied_cap": "Rule {rule} forbids proxies and yet limits their number.",
    "proxies.cap_zero": "Rule {rule} permits proxies and permits none of them.",
    "proxies.no_cap": (
        "Article {article}: nothing limits the number of proxies. One person can gather every absent "
        "vote."
    ),
    "represented.nobody": (
        "“{session}” counts members who are represented, but nobody can be at present: {gap}."
    ),
    "competence.bypass": (
        "{effect} is reserved to {sessions} when {kind} is proposed, but {free} can change it too in "
        "{beyond}. The software cannot tell a first adoption from a revision: take care to propose "
        "{kind} where the text asks for it, or close this way."
    ),
    "internal_rules.over_statutes": (
        "Internal rules, made by “{maker}”, would themselves say what it takes to change the statutes in "
        "“{session}”: {gaps}. The statutes would depend on a text below them; better that they say it."
    ),
    "internal_rules.self_confirmed": (
        "Internal rules, made by “{maker}”, would themselves say what it takes for “{session}” to "
        "approve them: {gaps}."
    ),
    "seats.bounds": "“{body}”: the seat “{seat}” has a minimum above its maximum.",
    "body.no_term": "No article says how long an office of “{body}” lasts: no mandate can be given there.",
    "body.unsaid": "“{body}”: no article settles {gaps}. The software assumes nothing.",
    "designation.not_competent": "“{session}” chooses “{body}”, but is not competent for an election.",
    "designation.no_meeting": (
        "“{electing}” chooses “{body}”, but no meeting of “{electing}” exists in which to do so."
    ),
    "revocation.no_hearing": "“{body}”: whoever is to be revoked must be heard, but no rule says how.",
    "revocation.unheard": (
        "Article {article}: an office of “{body}” can be revoked without the holder being heard."
    ),
    "votes.nobody": "No class of members has a vote: nothing can be decided.",
    "admission.missing": "No article says how one joins the class {class}.",
    "votes.assurance": (
        "The class {class} has no vote: no level of identity check can be needed for one."
    ),
    "votes.unchecked": (
        "Article {article}: a vote needs an identity check that admission to the class {class} does not "
        "ask for: members may wait for their vote."
    ),
    "admission.days": (
        "Article {article}: an appeal against a refusal needs somebody who hears it, and days to lodge it."
    ),
    "admission.unrefused": (
        "Article {article}: an appeal is given, but applying is enough, and nobody may refuse."
    ),
    "admission.unanswered": (
        "Article {article}: “{session}” hears appeals against refusals, but no motion answers them."
    ),
    "admission.unvouched": (
        "Article {article}: members with a vote must vouch, and no class has a vote."
    ),
    "resignation.missing": (
        "No article says that a member of the class {class} may leave. In a French association they may "
        "at any time (law of 1 July 1901, article 4): the text should say how."
    ),
    "due_process.missing": "Nothing says how the person is heard before {measure}: the measure is refused.",
    "appeal.missing": "Nothing says whether {measure} can be contested, or before whom.",
    "exclusion.nobody": "Article {article}: exclusion exists, but nothing says who pronounces it.",
    "engagement.ends": "The agreement ends before it has begun.",
    "shares.amount": "An amount of the shares cannot be read: {found}.",
    "shares.total": "Article {article}: the lines make {sum} {currency}, the text says {total} {currency}.",
    "shares.line": (
        "Article {article}: {line}, {amount} of {total} {currency} is not {stated} %. {stated} % of the "
        "total would be {wanted} {currency}; {stated} % of the rest ({rest} {currency}), "
        "{wanted_of_rest} {currency}. {amount} {currency} is about {real} % of the total. Say which of "
        "the two numbers holds."
    ),
    "recorded.data_rights": (
        "Article {article}: the promises about data are recorded; keeping them is up to the organisation."
    ),
    "recorded.levels": "Article {article}: the territorial levels are recorded; no vote is tied to them.",
    "recorded.licence": (
        "Article {article}: the licence is recorded; the software does not follow what is published."
    ),
    "recorded.engagement": (
        "Article {article}: the dates of the agreement are recorded and recalled; the register does not "
        "close by itself on the last one."
    ),
    "recorded.shares": "Article {article}: the shares are recorded and recomputed; no payment is followed.",
    "recorded.minimum_age": (
        "Article {article}: age is not checked, but attested by whoever proposes the election."
    ),
    "recorded.sanctions": (
        "Article {article}: these steps are recorded without further effect on the register: {steps}."
    ),
    "recorded.appeal": (
        "Article {article}: an appeal should suspend the measure; the software does not suspend it."
    ),
    "checklist.missing": "{heading} No rule speaks of it. Topics that would answer: {topics}.",
}  # fmt: skip
"""What is said of each finding, by code."""
