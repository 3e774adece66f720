"""How acts on admission change the state."""

from dataclasses import replace

from backend.domain.acts import (
    AdmissionAct,
    AdmissionAnswered,
    AdmissionAppealed,
    AdmissionRefused,
    CentreChanged,
    CentreClosed,
    CentreOpened,
    IdentityChecked,
    MemberId,
    MemberPresented,
    MemberReapplied,
    MemberVouched,
)
from backend.domain.applications import Application, Centre, Check, Refusal, reaches
from backend.domain.entry import Entry
from backend.domain.facts import Member
from backend.domain.fold.members import put_member
from backend.domain.state import State


def fold_admission_act(  # noqa: PLR0911 - one branch per act
    state: State, entry: Entry, data: AdmissionAct
) -> State:
    """Return the state after an act on admission.

    Raises:
        NotFoundError: No such applicant, member or centre.
    """
    match data:
        case CentreOpened(centre=name):
            return _put_centre(state, Centre(name, data.name, data.correspondents, state.size))
        case CentreChanged(centre=name, correspondents=correspondents):
            changed = replace(state.centre(name), correspondents=correspondents)
            return _put_centre(state, changed)
        case CentreClosed(centre=name):
            return _put_centre(state, replace(state.centre(name), open=False))
        case MemberPresented():
            return _present(state, entry, data)
        case MemberReapplied():
            return _reapply(state, entry, data)
        case IdentityChecked():
            return _note_check(state, entry, data)
        case MemberVouched(applicant=member):
            found = state.application(member)
            return put_application(
                state, member, replace(found, vouchers=(*found.vouchers, entry.by))
            )
        case AdmissionRefused(applicant=member):
            return _refuse(state, entry, member)
        case AdmissionAppealed(applicant=member):
            return _appeal(state, member)
        case _:
            return _answer(state, data)


def put_application(state: State, member: MemberId, application: Application) -> State:
    """Return the state with the application of somebody as given."""
    return replace(state, applications=state.applications.set(member, application))


def _put_centre(state: State, centre: Centre) -> State:
    return replace(state, centres=state.centres.set(centre.id, centre))


def _present(state: State, entry: Entry, data: MemberPresented) -> State:
    centre = state.centre(data.centre)
    state = _put_centre(state, replace(centre, presented=(*centre.presented, data.member)))
    state = put_application(state, data.member, Application(state.size, data.centre))
    applicant = Member(
        data.member,
        data.member_class,
        (),
        "applied",
        founder=False,
        entry=state.size,
        applied_at=entry.at,
    )
    return put_member(state, applicant)


def _reapply(state: State, entry: Entry, data: MemberReapplied) -> State:
    again = replace(
        state.member(data.member),
        member_class=data.member_class,
        status="applied",
        entry=state.size,
        applied_at=entry.at,
        since=None,
        objected=False,
    )
    return put_member(put_application(state, data.member, Application(state.size)), again)


def _note_check(state: State, entry: Entry, data: IdentityChecked) -> State:
    member, application = state.member(data.applicant), state.application(data.applicant)
    check = Check(data.evidence, data.assurance, data.checked_on, entry.by, state.size)
    noted = replace(application, checks=(*application.checks, check))
    state = put_application(state, member.id, noted)
    if reaches(member.assurance, data.assurance):
        return state
    return put_member(state, replace(member, assurance=data.assurance))


def _refuse(state: State, entry: Entry, member: MemberId) -> State:
    found = state.application(member)
    refused = (*found.refusals, Refusal(entry.by, entry.at, state.size))
    state = put_application(state, member, replace(found, refusals=refused))
    return put_member(state, replace(state.member(member), status="refused"))


def _appeal(state: State, member: MemberId) -> State:
    found = state.application(member)
    *earlier, refusal = found.refusals
    contested = replace(refusal, appealed=state.size)
    return put_application(state, member, replace(found, refusals=(*earlier, contested)))


def _answer(state: State, data: AdmissionAnswered) -> State:
    found = state.application(data.applicant)
    *earlier, refusal = found.refusals
    answered = replace(found, refusals=(*earlier, replace(refusal, upheld=data.upheld)))
    state = put_application(state, data.applicant, answered)
    if data.upheld:
        return state
    return put_member(state, replace(state.member(data.applicant), status="applied"))
