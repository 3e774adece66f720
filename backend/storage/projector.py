"""What each act changes in the tables that serve reads."""

from typing import cast

import msgspec

from backend.domain.acts import (
    AbrogationEffect,
    Act,
    AdmissionAnswered,
    AdmissionRefused,
    AppealAnswered,
    AssemblyAdjourned,
    AssemblyClosed,
    AssemblyConvened,
    BallotCast,
    CommonsRegistered,
    DecisionMade,
    FrameworkAdopted,
    MeasureEffect,
    MeasureTaken,
    MemberAdmitted,
    MemberApplied,
    MemberPresented,
    MemberReapplied,
    MemberResigned,
    MembershipEnded,
    MembersMerged,
    MotionAmended,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    ObservationRecorded,
    OrganisationFounded,
    RegisterImported,
    ReversalEffect,
    RulesChanged,
    StatutesAdopted,
    ValuationPublished,
)
from backend.storage.projected_rows import ProjectedRows
from backend.storage.projection_tables import (
    AgendaItemRow,
    AssemblyRow,
    BallotRow,
    CommonsRow,
    DecisionRow,
    FrameworkRow,
    MemberRow,
    MotionRow,
    ObservationRow,
    OrganisationRow,
    StatutesRow,
    ValuationRow,
)
from backend.storage.statements import Row, insert_rows, update_row


class Projector(ProjectedRows):
    """Projects one entry."""

    def founded(self, data: OrganisationFounded) -> None:
        """Begin the organisation."""
        self._add(
            OrganisationRow,
            name=data.name,
            language=data.language,
            chain_id=data.signing.chain_id,
            contract=data.signing.contract,
        )
        self._put_in_force(1, data.statutes, diff="", motion="")
        for founder in data.founders:
            self._register(founder.member)

    def applied(self, data: MemberApplied) -> None:
        """Put an applicant on the register."""
        self._register(data.applicant.member)

    def presented(self, data: MemberPresented) -> None:
        """Put somebody on the register whom a centre presents."""
        self._register(data.member)

    def reapplied(self, data: MemberReapplied) -> None:
        """Put somebody who left among the applicants."""
        row = self._row(MemberRow, data.member)
        row.member_class = data.member_class
        row.applied_at = self._entry.at
        row.entry = self._index
        self._stand(data.member)

    def admission_decided(self, data: AdmissionRefused | AdmissionAnswered) -> None:
        """Change where an applicant stands."""
        self._stand(data.applicant)

    def imported(self, _: RegisterImported) -> None:
        """Put those whom an import takes over on the register."""
        rows: list[Row] = [
            {
                "organisation": self._organisation,
                "entry": self._index,
                "member": found.id,
                "member_class": found.member_class,
                "status": found.status,
                "founder": found.founder,
                "applied_at": self._entry.at,
                "since": self._entry.at,
            }
            for found in self._state.members.values()
            if found.entry == self._index
        ]
        insert_rows(self._session.connection(), MemberRow, rows)

    def status_changed(self, data: MemberAdmitted | MemberResigned | MembershipEnded) -> None:
        """Change where a member stands."""
        self._stand(data.member)

    def merged(self, data: MembersMerged) -> None:
        """Change where the record that ended stands.

        Raises:
            NotFoundError: The row is missing.
        """
        self._stand(data.dropped)

    def measured(self, data: MeasureTaken | AppealAnswered) -> None:
        """Change where the member stands against whom a measure is taken, or reversed."""
        self._stand(self._state.proceeding(data.proceeding).data.member)

    def unprojected(self, data: Act) -> None:
        """Change no row: what the act brings about is read from the state."""

    def proposed(self, data: MotionProposed) -> None:
        """Add a motion."""
        self._add(
            MotionRow,
            motion=data.motion,
            kind=data.kind,
            title=data.title,
            text=data.text,
            effect=_json(data.effect),
            proposer=self._entry.by,
            status="proposed",
            proposed_at=self._entry.at,
            changed_at=self._entry.at,
            supporters=0,
            assembly=None,
        )

    def amended(self, data: MotionAmended) -> None:
        """Change a motion's words and effect."""
        row = self._move(data.motion)
        row.title = data.title
        row.text = data.text
        row.effect = _json(data.effect)
        row.changed_at = self._entry.at

    def moved(self, data: MotionSupported | MotionWithdrawn) -> None:
        """Change how far a motion has come."""
        self._move(data.motion)

    def convened(self, data: AssemblyConvened) -> None:
        """Add an assembly and its agenda."""
        call = data.call
        self._add(
            AssemblyRow,
            assembly=call.assembly,
            session=call.session,
            round=call.round,
            previous=call.previous,
            draft=call.draft,
            place=call.place,
            title=call.title,
            channel=call.channel,
            convener=self._entry.by,
            convened_at=self._entry.at,
            opens_at=call.opens_at,
            closes_at=call.closes_at,
            statutes=data.statutes,
            rules=data.rules,
            closed=False,
        )
        for position, item in enumerate(data.agenda):
            self._add(
                AgendaItemRow,
                motion=item.motion,
                assembly=call.assembly,
                position=position,
                decision=item.decision,
                electorate_root=item.electorate.root,
                electorate_size=item.electorate.size,
                electorate_leaves=item.electorate.leaves,
                ballots=0,
                voters=0,
                tally=None,
                openings=None,
            )
            self._move(item.motion).assembly = call.assembly

    def adjourned(self, data: AssemblyAdjourned) -> None:
        """Put an assembly off."""
        row = self._row(AssemblyRow, data.assembly)
        row.opens_at = data.opens_at
        row.closes_at = data.closes_at
        self._session.add(row)

    def cast(self, data: BallotCast) -> None:
        """Add a ballot."""
        ballot: Row = {
            "organisation": self._organisation,
            "entry": self._index,
            "motion": data.motion,
            "voter": data.voter,
            "choice": data.choice,
            "cast_at": data.cast_at,
            "nonce": data.nonce,
        }
        poll = self._state.poll(data.motion)
        # Thousands of these come in an hour: see ``statements`` for why they do not go through a row object.
        connection = self._session.connection()
        insert_rows(connection, BallotRow, [ballot])
        update_row(
            connection,
            AgendaItemRow,
            key={
                "organisation": self._organisation,
                "assembly": poll.assembly,
                "motion": data.motion,
            },
            values={"ballots": len(poll.ballots), "voters": len(poll.last)},
        )

    def closed(self, data: AssemblyClosed) -> None:
        """Publish the counts of an assembly."""
        assembly = self._row(AssemblyRow, data.assembly)
        assembly.closed = True
        self._session.add(assembly)
        for result in data.results:
            item = self._row(AgendaItemRow, data.assembly, result.motion)
            item.ballots = result.ballots
            item.voters = result.voters
            item.tally = _json(result.tally)
            item.openings = result.openings
            item.count = result.count
            self._session.add(item)
            self._move(result.motion)

    def decided(self, data: DecisionMade) -> None:
        """Add a decision."""
        self._add(
            DecisionRow,
            motion=data.motion,
            assembly=data.assembly,
            decision=data.decision,
            outcome=data.outcome,
            derivation=_json(data.derivation),
            chosen=_json(data.chosen),
            count=data.count,
            decided_at=self._entry.at,
        )
        self._move(data.motion)
        match self._state.motion(data.motion).data.effect:
            case MeasureEffect(proceeding=name) | ReversalEffect(proceeding=name):
                self._stand(self._state.proceeding(name).data.member)
            case AbrogationEffect(resolution=str(resolution)):
                self._move(resolution)
            case _:
                pass

    def statutes_adopted(self, data: StatutesAdopted) -> None:
        """Add a version of the statutes."""
        self._put_in_force(data.version, data.statutes, diff=data.diff, motion=data.motion)

    def rules_changed(self, data: RulesChanged) -> None:
        """Put another rulebook beside the text in force."""
        row = self._row(StatutesRow, self._state.in_force().number)
        row.rulebook = data.rulebook
        row.rules = data.rules
        self._session.add(row)

    def framework_adopted(self, data: FrameworkAdopted) -> None:
        """Add a version of a framework."""
        self._add(
            FrameworkRow,
            framework=data.framework,
            version=data.version,
            document=data.document,
            motion=data.motion,
            adopted_at=self._entry.at,
        )

    def registered(self, data: CommonsRegistered) -> None:
        """Add a commons."""
        self._add(
            CommonsRow,
            commons=data.commons,
            title=data.title,
            description=data.description,
            registered_at=self._entry.at,
        )

    def recorded(self, data: ObservationRecorded) -> None:
        """Add an observation."""
        self._add(
            ObservationRow,
            **cast("dict[str, str]", msgspec.to_builtins(data)),
            author=self._entry.by,
            recorded_at=self._entry.at,
        )

    def published(self, data: ValuationPublished) -> None:
        """Add a valuation."""
        self._add(
            ValuationRow,
            valuation=data.valuation,
            commons=data.commons,
            framework=data.framework,
            version=data.version,
            scores=_json(data.scores),
            numerator=data.result[0],
            denominator=data.result[1],
            rounded=data.rounded,
            published_at=self._entry.at,
        )


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
