"""The play: a year of the model organisation, step by step, as members live it.

P1 every step begins at an instant that depends on the texts only, and its commands are always the same.
P2 refusals that are shown do not depend on time, so that a repeated play shows them again.
P3 what a step reports is read from the entries that its commands wrote.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from anchoring.core.cid import document_cid
from anchoring.core.errors import VerificationError
from backend.demo.account import Account
from backend.demo.agent import Agent
from backend.demo.arrivals import log_in, review
from backend.demo.calling import Calling
from backend.demo.client import Answer, RefusedError
from backend.demo.plot import (
    AS_BEFORE_DAYS,
    CHOICES,
    FAR,
    KINDS,
    MINIMUM_NOTICE,
    OPEN_QUESTION,
    PREPARATION,
    REPLACED,
    SHOWN,
    SPRING,
    SPRING_MOTION,
    START,
    VOTES,
    WINTER,
    WINTER_MOTIONS,
)
from backend.demo.script import Script
from backend.demo.seats import acting, first_mandates
from backend.demo.wallets import Wallet, wallet_of
from backend.domain.acts import (
    Act,
    Call,
    DecisionMade,
    FirstMandate,
    FrameworkAdopted,
    GroundsServed,
    MotionProposed,
    ProceedingOpened,
    ReplyGiven,
    RevocationEffect,
    Slug,
    StatutesAdopted,
    ValuationPublished,
)
from backend.domain.entry import Entry
from backend.domain.framework import parse_framework
from backend.domain.instants import format_instant
from backend.domain.rulebook.book import Rulebook, parse_rulebook
from backend.domain.rulebook.membership import DueProcess
from backend.domain.rulebook.order import Custody
from backend.domain.rulebook.rule import AssemblyParty
from backend.domain.rulebook.topics import Silent
from backend.services.commons import Measurement
from backend.services.motions import FrameworkDocument, Proposal
from backend.services.organisations import StatutesDocuments


class Play:
    """A play in progress.

    Args:
        script: What is played.
        agent: Software of the members, its clock at ``START``.
        account: Where it is told.
        seed: Seed of the wallets, 32 bytes.
        anchor: Called after every step with the size its last command left the ledger with.
    """

    def __init__(
        self,
        script: Script,
        agent: Agent,
        account: Account,
        *,
        seed: bytes,
        anchor: Callable[[int], None],
    ) -> None:
        self._script = script
        self._agent = agent
        self._account = account
        self._anchor = anchor
        self._seed = seed
        self._rulebooks = (
            parse_rulebook(script.model.first.rulebook),
            parse_rulebook(script.model.second.rulebook),
        )
        self._version = 1
        wallets = [
            wallet_of(seed, member, label=str(number))
            for number, member in enumerate(script.model.members)
        ]
        chosen = script.model.members
        self._founders = [w for w, m in zip(wallets, chosen, strict=True) if m.founder]
        self._joining = [w for w, m in zip(wallets, chosen, strict=True) if not m.founder]
        self._mandates = first_mandates(self._founders, self._rulebooks[0])
        self._members: list[Wallet] = []
        self._adopted: set[Slug] = set()
        self._closes = START

    def steps(self) -> Sequence[tuple[str, Callable[[], Answer]]]:
        """Return the steps: key of the heading, and what is done."""
        return (
            ("found", self._found),
            ("join", self._join),
            ("propose", self._propose),
            ("convene", self._convene),
            ("vote", self._vote),
            ("close", self._close),
            ("commons", self._measure),
            ("second", self._call_again),
            ("quiet", self._vote_quietly),
        )

    def run(self) -> None:
        """Play every step, anchoring after each.

        Raises:
            RefusedError: The rules refuse a command that the play needs.
            VerificationError: The server did something else than was asked.
        """
        steps = self.steps()
        with self._account.steps(len(steps)):
            for key, step in steps:
                self._agent.wait_until(self._instant(key))
                self._account.begin(key, self._agent.now)
                answer = step()
                self._anchor(answer.size)
                self._account.end(answer.size)

    @property
    def _calling(self) -> Calling:
        return Calling(self._rules, self._founders, self._mandates)

    @property
    def _rules(self) -> Rulebook:
        return self._rulebooks[self._version - 1]

    def _instant(self, key: str) -> datetime:
        """Return when a step begins (P1)."""
        return {
            "found": START,
            "join": START + timedelta(days=1),
            "propose": START + timedelta(days=7),
            "convene": START + timedelta(days=9),
            "vote": self._closes - self._calling.voting(SPRING_MOTION) + timedelta(hours=1),
            "close": self._closes + timedelta(minutes=30),
            "commons": self._closes + timedelta(days=5),
            "second": self._closes + timedelta(days=8),
            "quiet": self._closes - self._calling.voting(SPRING_MOTION) + timedelta(hours=1),
        }[key]

    def _found(self) -> Answer:
        first = self._script.model.first
        answer = self._agent.found(
            self._founders,
            name=self._script.name,
            text=first.text,
            rulebook=first.rulebook,
            mandates=self._mandates,
        )
        self._members = list(self._founders)
        for founder in self._founders:
            log_in(self._agent.client, founder)
        self._account.say(
            "founded_given" if self._script.given_text else "founded",
            founders=len(self._founders),
            articles=first.text.count("\nArticle "),
            rules=len(self._rules.rules),
            silent=sum(isinstance(rule, Silent) for rule in self._rules.rules),
        )
        return answer

    def _join(self) -> Answer:
        answers = []
        for wallet in self._joining:
            rule = self._rules.admission(wallet.member_class)
            if rule.modality == "must_not" or isinstance(rule.by, AssemblyParty):
                continue
            answers.append(self._agent.apply(wallet))
            if rule.by is not None:
                officer = acting(self._founders, self._mandates, [rule.by]) or self._founders[0]
                answers.append(self._agent.admit(officer, wallet))
            log_in(self._agent.client, wallet)
            self._members.append(wallet)
        again = self._same_person()
        answers.append(self._agent.apply(again))
        electors = [wallet for wallet in self._members if self._has_vote(wallet)]
        self._account.say(
            "joined",
            individuals=sum(wallet.member_class == "individual" for wallet in self._members),
            collectives=sum(wallet.member_class == "collective" for wallet in self._members),
            electors=len(electors),
        )
        self._account.say(
            "entered",
            passkeys=sum(wallet.device == "passkey" for wallet in self._members),
            wallets=sum(wallet.device == "wallet" for wallet in self._members),
        )
        by_right = self._rules.admission(again.member_class).by is None
        if by_right and len(answers[-1].entries) == 1:
            self._account.say("held", name=again.name)
            self._review()
        return answers[-1]

    def _review(self) -> None:
        """Let somebody who keeps the registers, if one sits there, decide who may be one person."""
        keeper = acting(self._founders, self._mandates, [self._rules.one(Custody).by])
        if keeper is not None and review(self._agent.client, keeper):
            self._account.say("reviewed", officer=keeper.name)

    def _propose(self) -> Answer:
        answers = []
        for number, motion in enumerate(WINTER_MOTIONS):
            proposer = self._electors()[2 + 3 * number]
            answers.append(self._propose_one(proposer, motion))
        mandate = self._calling.open_question()
        if mandate is not None:
            answers.append(self._call_into_question(self._electors()[-2], mandate))
        return answers[-1]

    def _convene(self) -> Answer:
        if self._calling.open_question() is not None:
            # Far ahead, so that the silence is met before any notice could be too short (P2).
            opens = self._agent.now + FAR
            self._show_refusal(
                "silent", self._calling.call("assemblee-impossible", opens, OPEN_QUESTION)
            )
        return self._call_assembly(WINTER, WINTER_MOTIONS)

    def _vote(self) -> Answer:
        answers = [answer for motion in WINTER_MOTIONS for answer in self._cast_all(motion)]
        collective = next((wallet for wallet in self._members if not self._has_vote(wallet)), None)
        if collective is not None:
            try:
                self._agent.cast(collective, SHOWN, "yes")
            except RefusedError as refused:
                self._account.refusal("no_vote", refused, name=collective.name)
        self._agent.wait_until(self._instant("vote") + timedelta(hours=25))
        motion, voter, choice = REPLACED
        if self._rules.ballot(KINDS[motion]).replaceable:
            wallet = self._electors()[voter]
            answers.append(self._agent.cast(wallet, motion, choice))
            self._account.say("replaced", name=wallet.name)
        return answers[-1]

    def _close(self) -> Answer:
        answer = self._agent.close(WINTER)
        decisions = self._tell(answer)
        shown = decisions[SHOWN]
        self._account.derivation(
            self._title(SHOWN), self._account.word(f"outcome.{shown.outcome}"), shown.derivation
        )
        return answer

    def _measure(self) -> Answer:
        model = self._script.model
        measured = model.observations
        author = self._members[-1]
        answer = self._agent.register(
            author, measured.commons, title=measured.title, description=model.commons
        )
        if "cadre-mesure" not in self._adopted:
            self._account.say("no_framework")
            return answer
        framework = parse_framework(model.framework).id
        for item in measured.observations:
            measurement = Measurement(
                observation=item.observation,
                commons=measured.commons,
                framework=framework,
                indicator=item.indicator,
                value=item.value,
                unit=item.unit,
                period=(item.period_from, item.period_to),
                method=item.method.encode(),
            )
            self._agent.observe(author, measurement)
        answer = self._agent.value(measured.commons, valuation="valeur-2025", framework=framework)
        for act in self._acts(answer):
            if isinstance(act, ValuationPublished):
                self._account.valuation(measured, act)
        return answer

    def _call_again(self) -> Answer:
        leaver = self._electors()[-1]
        self._agent.resign(leaver)
        self._members.remove(leaver)
        self._account.say("resigned", name=leaver.name)
        self._propose_one(self._electors()[5], SPRING_MOTION)
        if self._calling.days_ahead(SPRING_MOTION) > AS_BEFORE_DAYS:
            opens = self._agent.now + timedelta(days=AS_BEFORE_DAYS, hours=1)
            call = self._calling.call("assemblee-trop-proche", opens, SPRING_MOTION)
            self._show_refusal("notice", call, days=AS_BEFORE_DAYS)
        return self._call_assembly(SPRING, (SPRING_MOTION,))

    def _vote_quietly(self) -> Answer:
        self._cast_all(SPRING_MOTION)
        self._agent.wait_until(self._closes + timedelta(minutes=30))
        answer = self._agent.close(SPRING)
        self._tell(answer)
        return answer

    def _cast_all(self, motion: Slug) -> list[Answer]:
        voters = self._electors()
        answers = [
            self._agent.cast(voters[number], motion, CHOICES[letter])
            for number, letter in enumerate(VOTES[motion])
        ]
        self._account.say("voted", title=self._title(motion), ballots=len(answers))
        return answers

    def _propose_one(self, proposer: Wallet, motion: Slug) -> Answer:
        second = self._script.model.second
        changes: dict[Slug, StatutesDocuments | FrameworkDocument] = {
            "changement-statuts": StatutesDocuments(second.text.encode(), second.rulebook),
            "cadre-mesure": FrameworkDocument(self._script.model.framework),
        }
        kind, title = KINDS[motion], self._title(motion)
        text = self._script.model.motions[motion].encode()
        answer = self._agent.propose(
            proposer, Proposal(motion, kind, title, text, changes.get(motion))
        )
        told = self._account.word(f"kind.{kind}").capitalize()
        self._account.say("proposed", kind=told, title=title, name=proposer.name)
        return answer

    def _call_assembly(self, assembly: Slug, motions: tuple[Slug, ...]) -> Answer:
        notice = timedelta(days=self._calling.days_ahead(*motions))
        opens = self._agent.now.replace(hour=9, minute=0, second=0)
        opens += max(notice, MINIMUM_NOTICE) + PREPARATION
        call = self._calling.call(assembly, opens, *motions)
        answer = self._agent.convene(
            self._calling.convener(call),
            call,
            rules=self._rules_hash(),
            electors=len(self._electors()),
        )
        self._closes = opens + self._calling.voting(*motions)
        self._account.say(
            "convened",
            opens=f"{opens:%Y-%m-%d %H:%M}",
            closes=f"{self._closes:%Y-%m-%d %H:%M}",
            motions=len(motions),
            electors=len(self._electors()),
            version=self._version,
        )
        return answer

    def _show_refusal(self, key: str, call: Call, **fields: object) -> None:
        try:
            self._agent.convene(
                self._calling.convener(call),
                call,
                rules=self._rules_hash(),
                electors=len(self._electors()),
            )
        except RefusedError as refused:
            self._account.refusal(key, refused, **fields)
        else:
            raise VerificationError("refusal", expected=f"no {call.assembly}", found="convened")

    def _call_into_question(self, accuser: Wallet, mandate: FirstMandate) -> Answer:
        holder = next(wallet for wallet in self._founders if wallet.member == mandate.holder)
        grounds = self._script.model.motions[OPEN_QUESTION]
        cid = document_cid(grounds.encode())
        opened = ProceedingOpened(
            OPEN_QUESTION, "revocation", holder.member, cid, mandate=mandate.mandate
        )
        self._agent.record(accuser, opened, key="accuse", documents=[grounds])
        party = self._rules.one(Custody).by
        officer = acting(self._founders, self._mandates, [party]) or self._founders[0]
        channel = self._rules.one(DueProcess, "revocation").channels[0]
        served = GroundsServed(OPEN_QUESTION, channel, format_instant(self._agent.now))
        self._agent.record(officer, served, key="serve")
        reply = "Je prépare l'assemblée depuis chez moi.\n"
        replied = ReplyGiven(OPEN_QUESTION, document_cid(reply.encode()))
        self._agent.record(holder, replied, key="reply", documents=[reply])
        self._account.say("accused", name=holder.name)
        title = self._title(OPEN_QUESTION)
        effect = RevocationEffect(mandate.mandate, OPEN_QUESTION)
        motion = MotionProposed(OPEN_QUESTION, KINDS[OPEN_QUESTION], title, cid, effect)
        answer = self._agent.record(accuser, motion, key=f"propose/{OPEN_QUESTION}")
        told = self._account.word(f"kind.{motion.kind}").capitalize()
        self._account.say("proposed", kind=told, title=title, name=accuser.name)
        return answer

    def _tell(self, answer: Answer) -> dict[Slug, DecisionMade]:
        """Tell what a close brought, and take note of what it changed (P3)."""
        decisions: dict[Slug, DecisionMade] = {}
        for act in self._acts(answer):
            if isinstance(act, DecisionMade):
                decisions[act.motion] = act
                self._account.decision(self._title(act.motion), act)
                if act.outcome == "adopted":
                    self._adopted.add(act.motion)
            if isinstance(act, StatutesAdopted):
                self._version = act.version
                self._account.say("statutes", version=act.version)
                diff = self._agent.client.content(f"/v1/documents/{act.diff}")
                self._account.difference(diff.decode())
            if isinstance(act, FrameworkAdopted):
                self._account.say("framework", framework=act.framework, version=act.version)
        return decisions

    def _acts(self, answer: Answer) -> list[Act]:
        client = self._agent.client
        return [Entry.from_bytes(client.entry(index)).data for index in answer.entries]

    def _electors(self) -> list[Wallet]:
        return [wallet for wallet in self._members if self._has_vote(wallet)]

    def _has_vote(self, wallet: Wallet) -> bool:
        return self._rules.voting_right(wallet.member_class).modality != "must_not"

    def _rules_hash(self) -> str:
        model = self._script.model
        statutes = (model.first, model.second)[self._version - 1]
        return hashlib.sha256(statutes.rulebook).hexdigest()

    def _title(self, motion: Slug) -> str:
        return self._script.model.motions[motion].splitlines()[0]

    def _same_person(self) -> Wallet:
        """Return someone who applies again under another spelling."""
        known = next(wallet for wallet in self._joining if wallet.member_class == "individual")
        facts = {**known.facts, "name": known.name.upper().replace(" ", "-")}
        return Wallet(self._seed, "again", known.member_class, facts)
