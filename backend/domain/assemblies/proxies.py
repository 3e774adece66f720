"""Proxies: members who are represented by others in one assembly.

X1 the statutes let members be represented in the session. X2 whoever gives a proxy has a vote in it. X3 the
holder is another member, with a vote in it where the statutes ask for one. X4 a holder holds no more than
the statutes let one hold. X5 one is represented by one person at a time. X6 a proxy is given before the
session ends and taken back by the one who gave it, within the time the statutes set.
"""

from collections.abc import Mapping

from backend.domain.acts import MemberId, ProxyGiven, ProxyRevoked
from backend.domain.assemblies.officers import ASSEMBLY_RULE
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Assembly
from backend.domain.fold.assemblies import assembly_of_proxy
from backend.domain.instants import Instant
from backend.domain.rulebook.sessions import Proxies, Session
from backend.domain.sources import Sources
from backend.domain.standing import active, check_author, franchise
from backend.domain.state import State


def proxies_in_force(assembly: Assembly) -> Mapping[MemberId, MemberId]:
    """Return who is represented by whom under the proxies that were not taken back."""
    return {proxy.grantor: proxy.holder for proxy in assembly.proxies.values() if not proxy.revoked}


def check_proxy_given(state: State, entry: Entry, data: ProxyGiven, sources: Sources) -> int:
    """Check a proxy (X1 to X6); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly, author or holder.
        ConflictError: The id is in use, the author is represented already, or the assembly is closed.
        RuleViolation: X1 to X4, X6, or the signature.
    """
    assembly = state.assembly(data.assembly)
    if any(data.proxy in each.proxies for each in state.assemblies.values()):
        raise ConflictError("proxy.exists", expected="a new id", found=data.proxy)
    grantor = active(state, entry.by)
    rule = _rule(state, assembly)
    if rule.modality == "must_not":
        raise RuleViolation(
            "proxy.forbidden", rule.reference(), expected="a vote in person", found=data.holder
        )
    _check_open(assembly, entry.at)
    _check_elector(state, assembly, grantor.id)
    if data.holder == grantor.id:
        raise RuleViolation(
            "proxy.self", rule.reference(), expected="another member", found=data.holder
        )
    holder = active(state, data.holder)
    if rule.holder == "voter" and holder.id not in assembly.electors:
        raise RuleViolation(
            "proxy.holder",
            rule.reference(),
            expected="a holder with a vote in the assembly",
            found=holder.id,
        )
    given = proxies_in_force(assembly)
    if grantor.id in given:
        raise ConflictError("proxy.given", expected="one proxy at a time", found=given[grantor.id])
    held = sum(each == holder.id for each in given.values())
    if rule.cap is not None and held >= rule.cap:
        raise RuleViolation(
            "proxy.cap", rule.reference(), expected=f"at most {rule.cap}", found=f"{held + 1}"
        )
    signers = [(grantor.id, grantor.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_proxy_revoked(state: State, entry: Entry, data: ProxyRevoked, sources: Sources) -> int:
    """Check that a proxy may be taken back (X6); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown proxy or author.
        ConflictError: It was taken back, or the assembly is closed.
        RuleViolation: Too late, by another, or the signature.
    """
    assembly = assembly_of_proxy(state, data.proxy)
    proxy = assembly.proxies[data.proxy]
    grantor = active(state, proxy.grantor)
    check_author(entry, grantor.id)
    if proxy.revoked:
        raise ConflictError("proxy.revoked", expected="a proxy in force", found=data.proxy)
    _check_open(assembly, entry.at)
    rule = _rule(state, assembly)
    opened = assembly.opened is not None or entry.at >= assembly.opens_at
    if rule.revocable_until == "opening" and opened:
        raise RuleViolation(
            "proxy.late",
            rule.reference(),
            expected=f"before the opening, {assembly.opens_at}",
            found=entry.at,
        )
    signers = [(grantor.id, grantor.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _rule(state: State, assembly: Assembly) -> Proxies:
    call = assembly.data.call
    return state.governing(call.assembly).one(Proxies, call.session)


def _check_open(assembly: Assembly, at: Instant) -> None:
    name = assembly.data.call.assembly
    if assembly.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=name)
    if at >= assembly.closes_at:
        raise RuleViolation(
            "assembly.over", ASSEMBLY_RULE, expected=f"before {assembly.closes_at}", found=at
        )


def _check_elector(state: State, assembly: Assembly, member: MemberId) -> None:
    if member not in assembly.electors:
        call = assembly.data.call
        rulebook = state.governing(call.assembly)
        right = franchise(rulebook.one(Session, call.session), rulebook)
        raise RuleViolation(
            "proxy.grantor",
            right.reference(),
            expected="a member with a vote in the assembly",
            found=member,
        )
