"""Decisions with their derivations."""

from fastapi import APIRouter

from backend.api.deps import (
    DEFAULT_LIMIT,
    FIRST,
    After,
    Context,
    Limit,
    NamedId,
    OrganisationId,
    PageOf,
    ReaderLanguage,
    page,
)
from backend.api.errors import READ_PROBLEMS
from backend.api.schemas.assemblies import DecisionAnswer
from backend.api.schemas.fields import PageAnswer
from backend.api.schemas.obligations import ExplanationAnswer
from backend.services.explanations import ExplanationView, explanation_of
from backend.services.view_types import DecisionView

router = APIRouter(
    prefix="/v1/organisations/{slug}/decisions", tags=["decisions"], responses=READ_PROBLEMS
)
"""Routes of decisions."""


@router.get("", response_model=PageAnswer[DecisionAnswer], summary="List decisions")
def list_decisions(
    context: Context, slug: OrganisationId, after: After = FIRST, limit: Limit = DEFAULT_LIMIT
) -> PageOf[DecisionView]:
    """Return decisions in ledger order."""
    return page(context.reads.decisions(slug, after, limit), limit, lambda view: view.entry)


@router.get("/{motion}", response_model=DecisionAnswer, summary="Read a decision")
def read_decision(context: Context, slug: OrganisationId, motion: NamedId) -> DecisionView:
    """Return the decision on a motion."""
    return context.reads.decision(slug, motion)


@router.get(
    "/{motion}/explanation",
    response_model=ExplanationAnswer,
    summary="Read why a decision is valid",
)
def read_explanation(
    context: Context, slug: OrganisationId, motion: NamedId, language: ReaderLanguage
) -> ExplanationView:
    """Return the derivation of the latest decision on a motion in plain words, article by article."""
    return explanation_of(context.reads.state(slug), context.documents, motion, language)
