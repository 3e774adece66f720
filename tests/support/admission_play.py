"""Acts on admission in a play: checks, vouching, centres, refusals, appeals, coming back."""

from backend.domain.acts import (
    AdmissionAnswered,
    AdmissionAppealed,
    AdmissionRefused,
    AssuranceLevel,
    CentreChanged,
    CentreClosed,
    CentreOpened,
    EvidenceKind,
    IdentityChecked,
    MemberPresented,
    MemberReapplied,
    MemberVouched,
)
from backend.domain.deadlines import Day
from tests.support.model_organisation import Actor
from tests.support.plays import Play, put_text


class AdmissionPlay(Play):
    """Plays acts on admission; each method is one act and returns its index."""

    def check_identity(
        self,
        officer: Actor,
        applicant: Actor,
        *,
        evidence: EvidenceKind = "document",
        assurance: AssuranceLevel = "substantial",
        checked_on: Day | None = None,
    ) -> int:
        """Note an identity check of today, or of another day."""
        day = checked_on or f"{self.now:%Y-%m-%d}"
        return self.act(officer, IdentityChecked(applicant.id, evidence, assurance, day))

    def vouch(self, member: Actor, applicant: Actor) -> int:
        """Vouch for an applicant."""
        return self.act(member, MemberVouched(applicant.id))

    def open_centre(self, officer: Actor, centre: str, *correspondents: Actor) -> int:
        """Open a centre."""
        listed = tuple(each.id for each in correspondents)
        return self.act(officer, CentreOpened(centre, f"Centre {centre}", listed))

    def change_centre(self, officer: Actor, centre: str, *correspondents: Actor) -> int:
        """Have others register for a centre."""
        return self.act(officer, CentreChanged(centre, tuple(each.id for each in correspondents)))

    def close_centre(self, officer: Actor, centre: str) -> int:
        """Close a centre."""
        return self.act(officer, CentreClosed(centre))

    def present(self, correspondent: Actor, centre: str, applicant: Actor) -> int:
        """Register somebody who has no key yet."""
        person = applicant.applicant.person
        data = MemberPresented(applicant.id, applicant.member_class, person, centre)
        with self._writing() as book:
            book.keep_person(applicant.id, applicant.person)
            entry, openings = self.signed(book, correspondent, data)
            return book.append(entry, signatures=openings)

    def refuse(self, officer: Actor, applicant: Actor) -> int:
        """Refuse an application, for a body."""
        return self.write(
            officer, lambda book: AdmissionRefused(applicant.id, put_text(book, "Not yet."))
        )

    def contest_refusal(self, applicant: Actor) -> int:
        """Contest a refusal."""
        return self.write(
            applicant, lambda book: AdmissionAppealed(applicant.id, put_text(book, "Unfair."))
        )

    def answer_refusal(self, officer: Actor, applicant: Actor, *, upheld: bool) -> int:
        """Answer that appeal, for a body."""
        return self.write(
            officer,
            lambda book: AdmissionAnswered(applicant.id, upheld, put_text(book, "Reasons.")),
        )

    def reapply(self, actor: Actor, member_class: str | None = None) -> int:
        """Ask to join again, in the same class or in another one."""
        return self.act(actor, MemberReapplied(actor.id, member_class or actor.member_class))
