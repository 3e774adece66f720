"""Proxies: members who are represented by others in one assembly.

X1 the statutes let members be represented in the session. X2 whoever gives a proxy has a vote in it. X3 the
holder is another member, with a vote in it where the statutes ask for one. X4 a holder stands for no more
members than the statutes let one stand for, on however few motions. X5 one is represented by one person at a
time on each motion. X6 a proxy is given before the session ends and taken back by the one who gave it, within
the time the statutes set. X7 a proxy for some motions names motions of the agenda, each once. X8 a proxy for
a time ends neither before the session begins nor before it is given.
"""

from backend.domain.acts import MemberId, ProxyGiven, ProxyRevoked
from backend.domain.assemblies.drafts import check_each_once
from backend.domain.assemblies.officers import ASSEMBLY_RULE
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.facts import Assembly, Proxy
from backend.domain.fold.assemblies import assembly_of_proxy
from backend.domain.instants import Instant, parse_instant
from backend.domain.rulebook.sessions import Proxies, Session
from backend.domain.sources import Sources
from backend.domain.standing import active, check_author, franchise
from backend.domain.state import State


def proxies_in_force(assembly: Assembly, at: Instant) -> tuple[Proxy, ...]:
    """Return the proxies that are in force at a time, oldest first.

    Args:
        assembly: The assembly.
        at: When; those taken back since count no more.
    """
    given = (proxy for proxy in assembly.proxies.values() if proxy.holds(at))
    return tuple(sorted(given, key=lambda proxy: proxy.entry))


def check_proxy_given(state: State, entry: Entry, data: ProxyGiven, sources: Sources) -> int:
    """Check a proxy (X1 to X8); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly, author or holder.
        ConflictError: The id is in use, the author is represented already, a motion stands twice, or the
            assembly is closed.
        InvalidInputError: It ends at no instant.
        RuleViolation: X1 to X4, X6 to X8, or the signature.
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
    _check_scope(assembly, data, entry.at)
    _check_given(assembly, data, grantor.id, entry.at, rule)
    signers = [(grantor.id, grantor.keys)]
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
    signers = [(grantor.id, grantor.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _rule(state: State, assembly: Assembly) -> Proxies:
    call = assembly.data.call
    return state.governing(call.assembly).one(Proxies, call.session)


def _check_scope(assembly: Assembly, data: ProxyGiven, at: Instant) -> None:
    check_each_once(data.motions)
    agenda = assembly.data.call.motions
    strangers = [motion for motion in data.motions if motion not in agenda]
    if strangers:
        raise RuleViolation(
            "proxy.motions",
            ASSEMBLY_RULE,
            expected=", ".join(agenda),
            found=", ".join(strangers),
        )
    earliest = max(assembly.opens_at, at)
    if data.until is not None and parse_instant(data.until) < parse_instant(earliest):
        raise RuleViolation(
            "proxy.period", ASSEMBLY_RULE, expected=f"{earliest} or later", found=data.until
        )


def _check_given(
    assembly: Assembly, data: ProxyGiven, grantor: MemberId, at: Instant, rule: Proxies
) -> None:
    in_force = proxies_in_force(assembly, at)
    scope = data.motions or assembly.data.call.motions
    for proxy in in_force:
        if proxy.grantor == grantor and any(map(proxy.covers, scope)):
            raise ConflictError("proxy.given", expected="one proxy at a time", found=proxy.holder)
    members = {proxy.grantor for proxy in in_force if proxy.holder == data.holder} | {grantor}
    if rule.cap is not None and len(members) > rule.cap:
        raise RuleViolation(
            "proxy.cap", rule.reference(), expected=f"at most {rule.cap}", found=str(len(members))
        )


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
