"""Acts of members in a play: joining, leaving, proceedings, mandates, disputes."""

from collections.abc import Sequence
from typing import Literal

from backend.domain.acts import (
    AdmissionObjected,
    AppealAnswered,
    AppealLodged,
    DisputeAdvanced,
    DisputeOpened,
    DisputeSettled,
    EscalationStep,
    ExitAnswer,
    GroundsServed,
    LossCause,
    MandateForfeited,
    MandateResigned,
    MeasureTaken,
    MemberAdmitted,
    MemberApplied,
    MemberResigned,
    MembershipEnded,
    NoticeChannel,
    ProceedingOpened,
    ReplyGiven,
)
from backend.domain.deadlines import Day
from tests.support.model_organisation import Actor
from tests.support.plays import Play, put_text


class PeoplePlay(Play):
    """Plays acts of members; each method is one act and returns its index."""

    def apply(self, actor: Actor) -> int:
        """Ask to join."""
        with self._writing() as book:
            book.keep_key(actor.id, actor.key_opening)
            book.keep_person(actor.id, actor.person)
            entry, openings = self.signed(book, actor, MemberApplied(actor.applicant))
            return book.append(entry, signatures=openings)

    def object_to(self, actor: Actor, applicant: Actor) -> int:
        """Object to an application."""
        return self.write(
            actor,
            lambda book: AdmissionObjected(applicant.id, put_text(book, "Why not.")),
        )

    def admit(self, actor: Actor, *, officer: Actor | None = None) -> int:
        """Admit by right, or by a member of the body that decides."""
        data = MemberAdmitted(actor.id)
        return self.system_act(lambda _: data) if officer is None else self.act(officer, data)

    def resign(self, actor: Actor) -> int:
        """Leave."""
        return self.act(actor, MemberResigned(actor.id))

    def end_membership(self, officer: Actor, member: Actor, cause: LossCause = "death") -> int:
        """Establish that a membership ended."""
        return self.write(
            officer,
            lambda book: MembershipEnded(member.id, cause, put_text(book, "It was so.")),
        )

    def accuse(
        self,
        actor: Actor,
        proceeding: str,
        member: Actor,
        *,
        measure: Literal["exclusion", "sanction", "revocation"] = "exclusion",
        sanction: str | None = None,
        mandate: str | None = None,
        place: str | None = None,
    ) -> int:
        """Open a proceeding."""
        return self.write(
            actor,
            lambda book: ProceedingOpened(
                proceeding,
                measure,
                member.id,
                put_text(book, "Grounds."),
                sanction,
                mandate,
                place,
            ),
        )

    def serve(self, officer: Actor, proceeding: str, *, channel: NoticeChannel = "email") -> int:
        """Serve the grounds."""
        return self.act(officer, GroundsServed(proceeding, channel, self.at()))

    def reply(self, member: Actor, proceeding: str) -> int:
        """Answer the grounds."""
        return self.write(member, lambda book: ReplyGiven(proceeding, put_text(book, "Not so.")))

    def take_measure(self, officer: Actor, proceeding: str, *, until: Day | None = None) -> int:
        """Decide a measure, for a body."""
        return self.write(
            officer,
            lambda book: MeasureTaken(proceeding, put_text(book, "Reasons."), until),
        )

    def appeal(self, member: Actor, proceeding: str) -> int:
        """Contest a measure."""
        return self.write(member, lambda book: AppealLodged(proceeding, put_text(book, "Unfair.")))

    def answer_appeal(self, officer: Actor, proceeding: str, *, upheld: bool) -> int:
        """Decide an appeal, for a body."""
        return self.write(
            officer,
            lambda book: AppealAnswered(proceeding, upheld, put_text(book, "Reasons.")),
        )

    def resign_mandate(self, holder: Actor, mandate: str) -> int:
        """Give a seat back."""
        return self.act(holder, MandateResigned(mandate))

    def forfeit(self, officer: Actor, mandate: str, *meetings: str) -> int:
        """Establish that a holder missed meetings."""
        return self.act(officer, MandateForfeited(mandate, meetings))

    def open_dispute(self, actor: Actor, dispute: str, *others: Actor) -> int:
        """Put a dispute on the first step."""
        parties = (actor.id, *(other.id for other in others))
        return self.write(
            actor, lambda book: DisputeOpened(dispute, parties, put_text(book, "The boats."))
        )

    def advance_dispute(
        self, actor: Actor, dispute: str, step: EscalationStep, *, plan: Sequence[ExitAnswer] = ()
    ) -> int:
        """Begin the next step of a dispute."""
        return self.write(
            actor,
            lambda book: DisputeAdvanced(dispute, step, put_text(book, "Tried."), tuple(plan)),
        )

    def settle_dispute(self, actor: Actor, dispute: str, *others: Actor) -> int:
        """Agree that a dispute is over; all parties sign, in the order in which it named them."""
        return self.write(
            actor,
            lambda book: DisputeSettled(dispute, put_text(book, "Agreed.")),
            signers=(actor, *others),
        )
