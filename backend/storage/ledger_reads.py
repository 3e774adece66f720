"""The reads that need no projection: entries, tree, checkpoints, anchors, state and sources."""

from itertools import starmap
from typing import Final

from sqlmodel import and_, col, func, select

from anchoring.core.evidence import Evidence
from anchoring.core.finality import FinalityStatement
from anchoring.core.merkle import NodeReader
from anchoring.core.types import Anchor, TreeSize
from backend.domain.acts import Slug
from backend.domain.errors import InvalidInputError, NotFoundError
from backend.domain.sources import Sources
from backend.domain.state import State
from backend.services import views
from backend.services.views import DEFAULT_PAGE, MAX_PAGE
from backend.storage import view_rows
from backend.storage.anchor_standings import recorded_anchors, unrecorded_attempts
from backend.storage.anchors import finality_of, proven_anchor
from backend.storage.database import Database
from backend.storage.ledger import Folds, SqlNodes, ledger_row
from backend.storage.tables import AnchorRow, CheckpointRow, EntryRow


class LedgerReads:
    """The part of ``Reads`` that rests on the ledger and its anchors alone.

    Args:
        database: Where the ledgers are.
        folds: Folded states, shared with the units of work of this process.
    """

    def __init__(self, database: Database, folds: Folds) -> None:
        self._database: Final = database
        self._folds: Final = folds

    def entries(
        self, slug: Slug, start: int, limit: int = DEFAULT_PAGE
    ) -> tuple[views.EntryView, ...]:
        """Return entries from index ``start`` on."""
        query = (
            select(EntryRow)
            .where(EntryRow.organisation == slug, EntryRow.index >= start)
            .order_by(col(EntryRow.index))
            .limit(page(limit))
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            return tuple(map(view_rows.entry, session.exec(query)))

    def entry(self, slug: Slug, index: int) -> views.EntryView:
        """Return one entry."""
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.get(EntryRow, (slug, index))
        if row is None:
            raise NotFoundError("entry", str(index))
        return view_rows.entry(row)

    def size_after(self, slug: Slug, act: str) -> TreeSize:
        """Return the size right after the newest entry of an act, 0 before the first."""
        query = select(func.coalesce(func.max(EntryRow.index) + 1, 0)).where(
            EntryRow.organisation == slug, EntryRow.act == act
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            return TreeSize(session.exec(query).one())

    def anchors(self, slug: Slug) -> tuple[views.AnchorView, ...]:
        """Return anchors, recorded or not, by size, then chain id."""
        with self._database.reading() as session:
            ledger_row(session, slug)
            found = [
                *starmap(view_rows.unrecorded, unrecorded_attempts(session, slug)),
                *map(view_rows.anchor, recorded_anchors(session, slug)),
            ]
        # Attempts that differ by their fees alone are one anchor on its way.
        distinct = {(view.size, view.chain_id, view.state): view for view in found}
        return tuple(distinct[key] for key in sorted(distinct))

    def checkpoint(self, slug: Slug) -> bytes:
        """Return the largest signed checkpoint."""
        query = (
            select(CheckpointRow)
            .where(CheckpointRow.organisation == slug)
            .order_by(col(CheckpointRow.size).desc())
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.exec(query).first()
        if row is None:
            raise NotFoundError("checkpoint", slug)
        return row.note

    def checkpoint_at(self, slug: Slug, size: int) -> bytes:
        """Return the signed checkpoint of exactly ``size`` entries."""
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.get(CheckpointRow, (slug, size))
        if row is None:
            raise NotFoundError("checkpoint", str(size))
        return row.note

    def checkpoint_below(self, slug: Slug, size: TreeSize | None) -> bytes | None:
        """Return the largest signed checkpoint, of fewer than ``size`` entries if given; None for none."""
        query = (
            select(CheckpointRow.note)
            .where(CheckpointRow.organisation == slug)
            .order_by(col(CheckpointRow.size).desc())
        )
        if size is not None:
            query = query.where(col(CheckpointRow.size) < size)
        with self._database.reading() as session:
            ledger_row(session, slug)
            return session.exec(query.limit(1)).first()

    def covering_checkpoint(self, slug: Slug, index: int) -> bytes:
        """Return the smallest signed checkpoint that covers an entry."""
        query = (
            select(CheckpointRow)
            .where(CheckpointRow.organisation == slug, col(CheckpointRow.size) > index)
            .order_by(col(CheckpointRow.size))
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.exec(query).first()
        if row is None:
            raise NotFoundError("checkpoint", slug)
        return row.note

    def checkpoint_up_to(self, slug: Slug, size: int) -> bytes:
        """Return the largest signed checkpoint of at most ``size`` entries."""
        query = (
            select(CheckpointRow)
            .where(CheckpointRow.organisation == slug, col(CheckpointRow.size) <= size)
            .order_by(col(CheckpointRow.size).desc())
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.exec(query).first()
        if row is None:
            raise NotFoundError("checkpoint", f"up to {size}")
        return row.note

    def covering_anchors(self, slug: Slug, index: int) -> views.CoveringAnchors | None:
        """Return the anchors of the size that proves the entry best; see ``Reads.covering_anchors``."""
        covering = (
            select(AnchorRow.size)
            .join(
                CheckpointRow,
                and_(
                    col(CheckpointRow.organisation) == AnchorRow.organisation,
                    col(CheckpointRow.size) == AnchorRow.size,
                ),
            )
            .where(AnchorRow.organisation == slug, AnchorRow.size > index)
            .group_by(col(AnchorRow.size))
            .order_by(func.count(col(AnchorRow.chain_id)).desc(), col(AnchorRow.size))
            .limit(1)
        )
        with self._database.reading() as session:
            ledger_row(session, slug)
            size = session.exec(covering).first()
            if size is None:
                return None
            rows = session.exec(
                select(AnchorRow)
                .where(AnchorRow.organisation == slug, AnchorRow.size == size)
                .order_by(col(AnchorRow.chain_id))
            ).all()
            checkpoint = session.get_one(CheckpointRow, (slug, size))
        return views.CoveringAnchors(
            TreeSize(size), checkpoint.note, tuple(proven_anchor(row) for row in rows)
        )

    def anchor_evidence(self, slug: Slug, chain_id: int, size: TreeSize) -> tuple[Anchor, Evidence]:
        """Return a recorded anchor and what proves it."""
        return proven_anchor(self._anchor_row(slug, chain_id, size))

    def anchor_finality(
        self, slug: Slug, chain_id: int, size: TreeSize
    ) -> FinalityStatement | None:
        """Return what ties a recorded anchor to a final block, None where nothing does yet."""
        return finality_of(self._anchor_row(slug, chain_id, size))

    def _anchor_row(self, slug: Slug, chain_id: int, size: TreeSize) -> AnchorRow:
        with self._database.reading() as session:
            ledger_row(session, slug)
            row = session.get(AnchorRow, (slug, chain_id, size))
        if row is None:
            raise NotFoundError("anchor", f"{size} on chain {chain_id}")
        return row

    def node(self, slug: Slug) -> NodeReader:
        """Return a reader of the ledger's perfect nodes."""
        with self._database.reading() as session:
            ledger_row(session, slug)

        def read(level: int, index: int) -> bytes:
            with self._database.reading() as session:
                return SqlNodes(session, slug)(level, index)

        return read

    def state(self, slug: Slug) -> State:
        """Return the folded state of the committed ledger."""
        return self._folds.committed(slug)

    def sources(self, slug: Slug) -> Sources:
        """Return documents and detached proofs."""
        with self._database.reading() as session:
            ledger_row(session, slug)
        return self._folds.sources(slug)


def page(limit: int) -> int:
    """Return the size of a page.

    Raises:
        InvalidInputError: ``page.limit``: not 1 to ``MAX_PAGE``.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInputError("page.limit", expected=f"1 to {MAX_PAGE} items", found=str(limit))
    return limit
