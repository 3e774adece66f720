"""Letters to members: their own, the outbox for those who keep the register, unsubscribing from news."""

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse

from backend.api.auth import CurrentMember, require_office
from backend.api.deps import (
    DEFAULT_LIMIT,
    ApiContext,
    Context,
    Limit,
    OrganisationId,
    PageOf,
    ReaderLanguage,
    page,
)
from backend.api.errors import READ_PROBLEMS, problem_responses
from backend.api.json_bodies import StrictJsonRoute
from backend.api.schemas.fields import PageAnswer
from backend.api.schemas.mail import (
    LetterAnswer,
    LetterWordsAnswer,
    NewsAnswer,
    NewsFields,
)
from backend.api.unsubscribe_page import unsubscribe_page
from backend.domain.errors import GovernanceError
from backend.domain.letters import WIPED, WordedLetter, word_letter
from backend.domain.messages import Language
from backend.services import consent_desk
from backend.services.letters import Asked, LetterState, LetterView
from backend.services.sessions import Principal

router = APIRouter(prefix="/v1/organisations/{slug}", tags=["mail"], route_class=StrictJsonRoute)
"""Routes of letters."""

_Keeper = Annotated[Principal, Depends(require_office("keeper"))]

_LetterId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]

_Token = Annotated[str, Path(pattern="^[0-9a-f]{96}$")]

_After = Annotated[
    str, Query(pattern="^[0-9TZ:.a-f-]{0,56}$", description="Continue after this letter.")
]

_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'",
    "Cache-Control": "no-store",
}
_PAGE_PROBLEMS: dict[int | str, dict[str, Any]] = {
    **READ_PROBLEMS,
    200: {"description": "A page.", "content": {"text/html": {}}},
}


@router.get(
    "/mail",
    response_model=PageAnswer[LetterAnswer],
    responses={**READ_PROBLEMS, **problem_responses(401, 403)},
    summary="List the letters of an organisation",
)
def list_letters(
    context: Context,
    keeper: _Keeper,
    state: LetterState | None = None,
    after: _After = "",
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[dict[str, object]]:
    """Return letters, oldest first; reserved for those who keep the register."""
    asked = Asked(state=state, after=after, limit=limit)
    return _page(context, context.letters.page(keeper.organisation, asked), limit)


@router.get(
    "/mail/{letter}",
    response_model=LetterWordsAnswer,
    responses={**READ_PROBLEMS, **problem_responses(401, 403)},
    summary="Read a letter",
)
def read_letter(
    context: Context, keeper: _Keeper, letter: _LetterId, language: ReaderLanguage
) -> dict[str, object]:
    """Return a letter with its words; reserved for those who keep the register."""
    view = context.letters.one(keeper.organisation, letter)
    return _worded(context, keeper, view, language)


@router.get(
    "/me/mail",
    response_model=PageAnswer[LetterWordsAnswer],
    responses={**READ_PROBLEMS, **problem_responses(401)},
    summary="List one's own letters",
)
def list_own_letters(
    context: Context,
    principal: CurrentMember,
    language: ReaderLanguage,
    after: _After = "",
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[dict[str, object]]:
    """Return the letters to whoever asks, with their words, oldest first."""
    asked = Asked(member=principal.member, after=after, limit=limit)
    views = context.letters.page(principal.organisation, asked)
    worded = [_worded(context, principal, view, language) for view in views]
    return PageOf(worded, views[-1].cursor if len(views) == limit else None)


@router.get(
    "/me/news",
    response_model=NewsAnswer,
    responses={**READ_PROBLEMS, **problem_responses(401)},
    summary="Whether one wants news",
)
def read_news(context: Context, principal: CurrentMember) -> dict[str, str]:
    """Return whether whoever asks receives letters that are no more than news: who consents to them does."""
    wanted = consent_desk.wants_news(
        context.letters, context.private, principal.organisation, principal.member
    )
    return {"news": "wanted" if wanted else "refused"}


@router.put(
    "/me/news",
    response_model=NewsAnswer,
    responses={**READ_PROBLEMS, **problem_responses(400, 401, 409, 413)},
    summary="Say whether one wants news",
)
def set_news(context: Context, principal: CurrentMember, body: NewsFields) -> dict[str, str]:
    """Note whether whoever asks wants news, once they consent to them; letters on rights come in any case."""
    consent_desk.set_news(context.consent_desk, principal.organisation, principal.member, body.news)
    return {"news": body.news}


@router.get(
    "/unsubscribe/{token}",
    response_class=HTMLResponse,
    responses=_PAGE_PROBLEMS,
    summary="The page behind the link of a letter",
)
def ask_unsubscribe(
    context: Context, slug: OrganisationId, token: _Token, language: ReaderLanguage
) -> HTMLResponse:
    """Return a page with a button; nothing is changed."""
    context.letters.one(slug, context.letter_of(slug, token))
    return HTMLResponse(unsubscribe_page(language, "ask"), headers=_PAGE_HEADERS)


@router.post(
    "/unsubscribe/{token}",
    response_class=HTMLResponse,
    responses={**_PAGE_PROBLEMS, **problem_responses(413)},
    summary="Unsubscribe from news by one request",
)
def unsubscribe(
    context: Context, slug: OrganisationId, token: _Token, language: ReaderLanguage
) -> HTMLResponse:
    """Note that the member to whom a letter went wants no news (RFC 8058)."""
    letter = context.letters.one(slug, context.letter_of(slug, token))
    now = context.ports.clock.now()
    context.letters.set_news(slug, letter.member, "refused", now=now)
    return HTMLResponse(unsubscribe_page(language, "done"), headers=_PAGE_HEADERS)


def _page(
    context: ApiContext, views: tuple[LetterView, ...], limit: int
) -> PageOf[dict[str, object]]:
    cursors = page(views, limit, lambda view: view.cursor)
    return PageOf([_fields(context, view) for view in views], cursors.next)


def _fields(context: ApiContext, view: LetterView) -> dict[str, object]:
    return {**dataclasses.asdict(view), "message_id": context.message_id(view.id)}


def _worded(
    context: ApiContext, principal: Principal, view: LetterView, language: Language
) -> dict[str, object]:
    organisation = context.reads.organisation(principal.organisation).name
    try:
        words = word_letter(
            view.template,
            view.values,
            language,
            organisation=organisation,
            unsubscribe=WIPED,
        )
    except GovernanceError:
        # It was written before its text changed: that it was sent is still to be seen.
        words = WordedLetter("", "")
    return {**_fields(context, view), "subject": words.subject, "text": words.text}
