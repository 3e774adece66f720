"""What a member's own software does: make the act, sign what it made, send it, keep what it must remember.

Nothing that is signed is taken from the server's word: acts are built here, the founding is the one the
founders signed, decision ids and rules hashes are computed here, and the electorate is read from the
ledger's own entry and document, hashed again. The server's ready-made typed data is never asked for.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from anchoring.core.canonical import parse_canonical
from anchoring.core.cid import document_cid
from anchoring.core.errors import VerificationError
from backend.demo.arrivals import found_by_links
from backend.demo.client import Answer, Client
from backend.demo.clock import DemoClock
from backend.demo.request_bodies import application_fields, call_fields, effect_fields
from backend.demo.wallets import Signature, Wallet
from backend.domain.acts import (
    Act,
    AgendaItem,
    AssemblyConvened,
    BallotCast,
    Call,
    FirstMandate,
    MemberAdmitted,
    MemberApplied,
    MemberResigned,
    MotionProposed,
    OrganisationFounded,
    SigningDomain,
    Slug,
)
from backend.domain.commitments import Hex32, Tag, commit
from backend.domain.electorate import decision_id, elector_leaf, electorate_root, parse_leaves
from backend.domain.entry import Entry, statement_content
from backend.domain.facts import Poll
from backend.domain.signing import TypedData, ballot_typed_data, statement_typed_data
from backend.services.commons import Measurement, registration
from backend.services.motions import Proposal
from backend.services.organisations import Founding, StatutesDocuments

_TICK = timedelta(seconds=1)


class Agent:
    """The software of all members, told each time for whom it acts.

    Args:
        client: The server.
        clock: Current time; every command moves it on by a second, so that instants are the same again
            when a run is repeated.
        operator: Token with which the server lets an organisation be founded.
    """

    def __init__(self, client: Client, clock: DemoClock, *, operator: str) -> None:
        self.client = client
        self._clock = clock
        self._operator = operator
        self._next = clock.now()
        self._founded: OrganisationFounded | None = None
        self._motions: dict[Slug, Hex32] = {}
        self._items: dict[Slug, tuple[AssemblyConvened, AgendaItem]] = {}
        self._leaves: dict[Slug, tuple[Hex32, ...]] = {}
        self._ballots: dict[tuple[str, Slug], int] = {}

    @property
    def now(self) -> datetime:
        """Time of the play: later than any command sent before, whatever the server's clock says."""
        return self._next

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; the moment must not lie before the last command."""
        self._next = max(self._next, moment)

    def found(
        self,
        founders: Sequence[Wallet],
        *,
        name: str,
        text: str,
        rulebook: bytes,
        mandates: Sequence[FirstMandate],
    ) -> Answer:
        """Found the organisation, signed by every founder.

        Args:
            founders: In the order of their signatures.
            name: Name of the organisation.
            text: Text of the statutes.
            rulebook: Their rulebook, canonical JSON.
            mandates: Seats that the founders fill.

        Raises:
            RefusedError: The server refused.
        """
        place = self.client.signing()
        founding = Founding(
            slug=self.client.slug,
            name=name,
            language="fr",
            host=place["host"],
            signing=msgspec.convert(
                {name: place[name] for name in ("chain_id", "contract", "passkeys")}, SigningDomain
            ),
            statutes=StatutesDocuments(text.encode(), rulebook),
            founders=[founder.application for founder in founders],
            mandates=mandates,
        )
        self._founded = founding.act()
        self._tick()
        if self.client.exists():
            return Answer((0,), 1, {})
        plan = {
            "slug": founding.slug,
            "name": name,
            "language": founding.language,
            "statutes_text": text,
            "rulebook": parse_canonical(rulebook, what="rulebook"),
        }
        return found_by_links(
            self.client, founders, self._founded, plan=plan, operator=self._operator
        )

    def apply(self, wallet: Wallet) -> Answer:
        """Ask to join; the answer's ``status`` says whether admission followed.

        Raises:
            RefusedError: The server refused.
        """
        data = MemberApplied(wallet.application.applicant())
        body = {**application_fields(wallet.application), **self._signed(wallet, data)}
        return self.client.send("members", body, key=f"demo/apply/{wallet.label}")

    def admit(self, officer: Wallet, member: Wallet) -> Answer:
        """Admit an applicant by decision of those who decide.

        Raises:
            RefusedError: The server refused.
        """
        signed = self._signed(officer, MemberAdmitted(member.member))
        return self.client.send(
            f"members/{member.member}/admission",
            {"author": officer.member, **signed},
            key=f"demo/admit/{member.label}",
        )

    def resign(self, wallet: Wallet) -> Answer:
        """Leave.

        Raises:
            RefusedError: The server refused.
        """
        body = self._signed(wallet, MemberResigned(wallet.member))
        path = f"members/{wallet.member}/resignation"
        return self.client.send(path, body, key=f"demo/resign/{wallet.label}")

    def record(
        self,
        wallet: Wallet,
        data: Act,
        *,
        key: str,
        documents: Sequence[object] = (),
        signers: Sequence[Wallet] = (),
    ) -> Answer:
        """Record an act that is whole as its author signs it.

        Args:
            wallet: Who acts.
            data: The act.
            key: What tells this command from the others of the play.
            documents: Documents it refers to: texts, and JSON.
            signers: Who signs, in the order of the act; none where its author does.

        Raises:
            RefusedError: The server refused.
        """
        if isinstance(data, MotionProposed):
            self._keep_motion(wallet, data)
        issued_at, typed_data = self._statement(wallet, data)
        body = {
            "author": wallet.member,
            "issued_at": issued_at,
            "data": msgspec.to_builtins(data),
            "documents": list(documents),
            "signatures": [
                {"member": signer.member, "signature": signer.sign(typed_data)}
                for signer in signers or (wallet,)
            ],
        }
        return self.client.send(f"acts/{data.act}", body, key=f"demo/{key}")

    def propose(self, wallet: Wallet, proposal: Proposal) -> Answer:
        """Propose a motion.

        Raises:
            RefusedError: The server refused.
        """
        data = proposal.act()
        self._keep_motion(wallet, data)
        body = {
            "author": wallet.member,
            "motion": proposal.motion,
            "kind": proposal.kind,
            "title": proposal.title,
            "text": proposal.text.decode(),
            "effect": effect_fields(proposal),
            **self._signed(wallet, data),
        }
        return self.client.send("motions", body, key=f"demo/propose/{proposal.motion}")

    def convene(self, wallet: Wallet, call: Call, *, rules: Hex32, electors: int) -> Answer:
        """Call an assembly, then check what the server froze in answer.

        Args:
            wallet: Who calls.
            call: The call.
            rules: SHA-256 of the rulebook that is to govern it, as the convener holds it.
            electors: Number of members with a vote, as the convener counts them.

        Raises:
            RefusedError: The server refused.
            VerificationError: The server froze something else than was asked.
        """
        signed = self._signed(wallet, AssemblyConvened(call, 1, rules, ()))
        body = {"author": wallet.member, **call_fields(call), **signed}
        answer = self.client.send("assemblies", body, key=f"demo/convene/{call.assembly}")
        self._keep_agenda(answer, call, rules=rules, electors=electors)
        return answer

    def cast(
        self, wallet: Wallet, motion: Slug, choice: str, *, hand: Wallet | None = None
    ) -> Answer:
        """Vote, or vote again, and check that the ledger's ballot is an elector's.

        Args:
            wallet: Whose vote it is.
            motion: The motion.
            choice: The choice.
            hand: Who votes and signs for them under a proxy; None where they do.

        Raises:
            RefusedError: The server refused.
            VerificationError: The voter pseudonym stands in no leaf of the electorate.
        """
        convened, item = self._items[motion]
        nonce = self._ballots.get((wallet.label, motion), 0)
        salt = wallet.secret("choice", motion, str(nonce))
        cast_at = self._tick()
        ballot = BallotCast(
            motion=motion,
            decision=item.decision,
            voter="",
            choice=commit(Tag.CHOICE, salt=salt, payload=choice.encode()),
            cast_at=cast_at,
            nonce=nonce,
        )
        typed_data = ballot_typed_data(
            self._founding(),
            Poll(convened.call.assembly, item),
            rules=convened.rules,
            ballot=ballot,
        )
        body = {
            "member": wallet.member,
            "choice": choice,
            "choice_salt": salt.hex(),
            "cast_at": cast_at,
            "nonce": nonce,
            "signature": (hand or wallet).sign(typed_data),
        }
        if hand is not None:
            body["holder"] = hand.member
        key = f"demo/cast/{motion}/{wallet.label}/{nonce}"
        answer = self.client.send(f"motions/{motion}/ballots", body, key=key)
        leaf = elector_leaf(
            str(answer.members["voter"]), bytes.fromhex(str(answer.members["elector_salt"]))
        )
        if leaf not in self._leaves[motion]:
            raise VerificationError("elector", expected="a leaf of the electorate", found=leaf)
        self._ballots[wallet.label, motion] = nonce + 1
        return answer

    def close(self, assembly: Slug) -> Answer:
        """Ask for an assembly to be closed; anyone may.

        Raises:
            RefusedError: The server refused.
        """
        self._tick()
        return self.client.send(f"assemblies/{assembly}/close", {}, key=f"demo/close/{assembly}")

    def register(self, wallet: Wallet, commons: Slug, *, title: str, description: str) -> Answer:
        """Register a commons.

        Raises:
            RefusedError: The server refused.
        """
        data = registration(commons, title, description.encode())
        body = {
            "author": wallet.member,
            "commons": commons,
            "title": title,
            "description": description,
            **self._signed(wallet, data),
        }
        return self.client.send("commons", body, key=f"demo/register/{commons}")

    def observe(self, wallet: Wallet, measurement: Measurement) -> Answer:
        """Record an observation.

        Raises:
            RefusedError: The server refused.
        """
        body = {
            "author": wallet.member,
            "observation": measurement.observation,
            "framework": measurement.framework,
            "indicator": measurement.indicator,
            "value": measurement.value,
            "unit": measurement.unit,
            "period_from": measurement.period[0],
            "period_to": measurement.period[1],
            "method": measurement.method.decode(),
            **self._signed(wallet, measurement.act()),
        }
        key = f"demo/observe/{measurement.observation}"
        return self.client.send(f"commons/{measurement.commons}/observations", body, key=key)

    def value(self, commons: Slug, *, valuation: Slug, framework: Slug) -> Answer:
        """Ask for a valuation to be computed and published; anyone may.

        Raises:
            RefusedError: The server refused.
        """
        self._tick()
        body = {"valuation": valuation, "framework": framework}
        key = f"demo/value/{valuation}"
        return self.client.send(f"commons/{commons}/valuations", body, key=key)

    def _founding(self) -> OrganisationFounded:
        if self._founded is None:
            raise VerificationError("organisation", expected="a founding signed here", found="none")
        return self._founded

    def _tick(self) -> int:
        """Move on by a second; returns the time of the command, seconds since the epoch."""
        self._next += _TICK
        self._clock.advance_to(self._next)
        return int(self._next.timestamp())

    def _signed(self, wallet: Wallet, data: Act) -> dict[str, int | Signature]:
        issued_at, typed_data = self._statement(wallet, data)
        return {"issued_at": issued_at, "signature": wallet.sign(typed_data)}

    def _statement(self, author: Wallet, data: Act) -> tuple[int, TypedData]:
        issued_at = self._tick()
        typed_data = statement_typed_data(
            self._founding(), author=author.member, data=data, issued_at=issued_at
        )
        return issued_at, typed_data

    def _keep_motion(self, wallet: Wallet, data: MotionProposed) -> None:
        content = statement_content(author=wallet.member, data=data)
        self._motions[data.motion] = hashlib.sha256(content).hexdigest()

    def _keep_agenda(self, answer: Answer, call: Call, *, rules: Hex32, electors: int) -> None:
        convened = Entry.from_bytes(self.client.entry(answer.entries[0])).data
        if not isinstance(convened, AssemblyConvened) or convened.call != call:
            raise VerificationError("call", expected=str(call), found=str(convened))
        if convened.rules != rules:
            raise VerificationError("rules", expected=rules, found=convened.rules)
        for item in convened.agenda:
            content = self.client.content(f"/v1/documents/{item.electorate.leaves}")
            leaves = parse_leaves(content)
            decision = decision_id(
                origin=self._founding().origin,
                assembly=call.assembly,
                motion=item.motion,
                digest=self._motions[item.motion],
            )
            expected = (decision, document_cid(content), electorate_root(leaves), electors)
            frozen = item.electorate
            found = (item.decision, frozen.leaves, frozen.root, len(leaves))
            if found != expected:
                raise VerificationError("agenda", expected=str(expected), found=str(found))
            self._items[item.motion] = (convened, item)
            self._leaves[item.motion] = leaves
