"""What routes depend on: the context of the application, the command of a request, pages."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Header, Path, Query, Request
from starlette.exceptions import HTTPException

from anchoring.core.canonical import canonical_json
from anchoring.core.trust import Trust
from anchoring.ports import DocumentStore
from backend.api.languages import choose_language
from backend.api.schemas.fields import ID_PATTERN, MAX_ID_LENGTH, MEMBER_PATTERN
from backend.api.throttle import Throttle
from backend.domain.acts import LogKeyText, SigningDomain, Slug
from backend.domain.messages import Language
from backend.domain.quantities import MAX_INTEGER
from backend.services.commands import command_of
from backend.services.consent_desk import ConsentDesk
from backend.services.duplicates import Duplicates, IdentityIndex
from backend.services.founding_desk import FoundingDesk
from backend.services.identity_checks import IdentityChecks, IdentityProvider
from backend.services.keys import PublisherKeys
from backend.services.letters import Letters
from backend.services.login_ports import Login
from backend.services.persons import Persons
from backend.services.ports import Command, Ports, Recorded
from backend.services.private_data import PrivateData
from backend.services.sessions import Sessions
from backend.services.views import DEFAULT_PAGE, Reads
from backend.services.witnessing import OwnWitness

PAGE_LIMIT = 500
"""Most items of a page over HTTP."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiContext:
    """Everything the API may touch."""

    ports: Ports
    """What use cases need."""
    reads: Reads
    """Committed facts."""
    documents: DocumentStore
    """Documents by CID."""
    host: str
    """Host part of the origin of every ledger."""
    signing: SigningDomain
    """Where signatures of organisations founded here are valid."""
    operator_token: str
    """Secret of who may found organisations."""
    trust: Callable[[Slug], Trust]
    """Trust file of an organisation; raises ``NotFoundError``."""
    holds_log_key: Callable[[Slug, LogKeyText], bool]
    """Tells whether this server holds a key that may take over from an organisation's log key."""
    publishers: PublisherKeys
    """The accounts that anchor."""
    chain: Callable[[object], object]
    """Answers a JSON-RPC request or batch; never raises."""
    appended: Callable[[], None]
    """Called after every write, to have it anchored soon."""
    health: Callable[[], Mapping[Slug, str]]
    """How the anchoring of each ledger stands; empty text when it is well."""
    network_health: Callable[[], Mapping[str, Mapping[Slug, str]]]
    """The same for each network and ledger."""
    witness: OwnWitness
    """This server as a witness of other logs."""
    sessions: Sessions
    """Who is logged in."""
    persons: Persons
    """Personal data."""
    login: Login
    """What logging in touches."""
    throttle: Throttle
    """How often one client may ask."""
    afterwards: Callable[[Callable[[], None]], None]
    """Has work done once the answer is given."""
    duplicates: Duplicates
    """Records that may be of one person."""
    identities: Callable[[Slug], IdentityIndex]
    """Who is on the register of an organisation, by keyed hashes."""
    identity_checks: IdentityChecks
    """Checks of electronic identity."""
    identity_providers: Mapping[str, IdentityProvider]
    """Those who vouch for electronic identities, by name."""
    letters: Letters
    """Letters to members."""
    consent_desk: ConsentDesk
    """What answering to requests for consent takes."""
    message_id: Callable[[str], str]
    """Gives the Message-ID of the letter with an id."""
    letter_of: Callable[[Slug, str], str]
    """Gives the id of the letter whose link unsubscribes; raises ``NotFoundError``."""
    founding_desk: FoundingDesk
    """What preparing a founding needs."""
    private: PrivateData
    """What lies beside the ledgers on persons."""


@dataclass(frozen=True, slots=True)
class PageOf(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    """The items."""
    next: int | str | None
    """What to give as ``after`` for the next page, None on the last one."""


async def get_context(request: Request) -> ApiContext:
    """Return the context the application was made with."""
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(get_context)]
"""The context."""


async def read_command(
    request: Request,
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[ -~]{1,200}$",
            description="Chosen by the client; repeating a request with its key is safe.",
        ),
    ],
) -> Command:
    """Return the command of a request: its key, and the hash of its path and parsed body.

    Raises:
        MalformedError: The body has no canonical form.
        HTTPException: 400: the body is no JSON.
    """
    try:
        body = await request.json()
    except ValueError as error:
        raise HTTPException(400) from error
    asked = canonical_json({"path": request.url.path, "body": body})
    return command_of(idempotency_key, asked)


def page(items: Sequence[T], limit: int, cursor: Callable[[T], int | str]) -> PageOf[T]:
    """Return a page of at most ``limit`` items."""
    return PageOf(items, cursor(items[-1]) if len(items) == limit else None)


def answer_recorded(context: ApiContext, recorded: Recorded) -> dict[str, object]:
    """Return what every write answers, and have the entries anchored."""
    context.appended()
    return {
        "entries": list(recorded.indices),
        "size": recorded.head.size,
        "root": recorded.head.root.hex(),
    }


def json_bytes(value: object) -> bytes:
    """Return JSON in UTF-8 on one line, for answers that are JSON of another specification."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="replace")


async def limit_applications(request: Request, context: Context) -> None:
    """Count what a client asks on the way to joining: an application, or what belongs to one.

    Raises:
        TooSoonError: ``rate.limited``: too many came from there.
    """
    context.throttle.spend("applications", context.throttle.client(request))


async def read_language(
    accept_language: Annotated[str | None, Header(description="French or English.")] = None,
) -> Language:
    """Return the language of ours that the client weighs most."""
    return choose_language(accept_language)


ReaderLanguage = Annotated[Language, Depends(read_language)]
"""Language of an answer in words."""

WriteCommand = Annotated[Command, Depends(read_command)]
"""The command of a write."""

_Id = Path(pattern=ID_PATTERN, max_length=MAX_ID_LENGTH)

EntryIndex = Annotated[int, Path(ge=0, le=MAX_INTEGER)]
"""Index of an entry in a path."""

OrganisationId = Annotated[str, Path(alias="slug", pattern=ID_PATTERN, max_length=MAX_ID_LENGTH)]
"""Organisation in a path."""

NamedId = Annotated[str, _Id]
"""Any id in a path."""

MemberPath = Annotated[str, Path(pattern=MEMBER_PATTERN)]
"""Pseudonym in a path."""

After = Annotated[
    int, Query(ge=-1, le=MAX_INTEGER, description="Continue after the item of this entry.")
]
"""Where a page begins."""

Limit = Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="Most items of the page.")]
"""Size of a page."""

DEFAULT_LIMIT = DEFAULT_PAGE
"""Items of a page where the client names no limit."""

FIRST = -1
"""``after`` of the first page."""
