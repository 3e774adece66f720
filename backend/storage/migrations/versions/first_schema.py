"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one statement per table
    """Create every table."""
    op.create_table(
        "ledger",
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_ledger")),
        sa.UniqueConstraint("origin", name=op.f("uq_ledger_origin")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("assembly", sa.String(length=63), nullable=False),
        sa.Column("motion", sa.String(length=63), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.Column("electorate_root", sa.String(), nullable=False),
        sa.Column("electorate_size", sa.BigInteger(), nullable=False),
        sa.Column("electorate_leaves", sa.String(), nullable=False),
        sa.Column("ballots", sa.BigInteger(), nullable=False),
        sa.Column("voters", sa.BigInteger(), nullable=False),
        sa.Column("tally", sa.String(), nullable=True),
        sa.Column("openings", sa.String(), nullable=True),
        sa.Column("count", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_agenda_item_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "assembly", "motion", name=op.f("pk_agenda_item")),
    )
    op.create_index(op.f("ix_agenda_item_motion"), "agenda_item", ["motion"], unique=False)
    op.create_table(
        "anchor",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("contract", sa.LargeBinary(), nullable=False),
        sa.Column("publisher", sa.LargeBinary(), nullable=False),
        sa.Column("transaction_hash", sa.LargeBinary(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("included_at", sa.BigInteger(), nullable=False),
        sa.Column("finality", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_anchor_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "chain_id", "size", name=op.f("pk_anchor")),
    )
    op.create_table(
        "anchor_attempt",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_hash", sa.LargeBinary(), nullable=False),
        sa.Column("publisher", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("max_fee_wei", sa.BigInteger(), nullable=False),
        sa.Column("priority_fee_wei", sa.BigInteger(), nullable=False),
        sa.Column("signed_transaction", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_anchor_attempt_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "chain_id", "transaction_hash", name=op.f("pk_anchor_attempt")
        ),
    )
    op.create_table(
        "anchor_lease",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("publisher", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_anchor_lease_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "chain_id", "publisher", name=op.f("pk_anchor_lease")
        ),
    )
    op.create_table(
        "assembly",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("assembly", sa.String(length=63), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=True),
        sa.Column("draft", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("convener", sa.String(), nullable=False),
        sa.Column("convened_at", sa.String(), nullable=False),
        sa.Column("opens_at", sa.String(), nullable=False),
        sa.Column("closes_at", sa.String(), nullable=False),
        sa.Column("statutes", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_assembly_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "assembly", name=op.f("pk_assembly")),
    )
    op.create_table(
        "ballot",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("motion", sa.String(length=63), nullable=False),
        sa.Column("voter", sa.String(length=33), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("cast_at", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_ballot_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "entry", name=op.f("pk_ballot")),
    )
    op.create_index(op.f("ix_ballot_motion"), "ballot", ["motion"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_checkpoint_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "command",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("first_index", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_command_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "key", name=op.f("pk_command")),
    )
    op.create_table(
        "commons",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("commons", sa.String(length=63), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("registered_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_commons_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "commons", name=op.f("pk_commons")),
    )
    op.create_table(
        "decision",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("assembly", sa.String(length=63), nullable=False),
        sa.Column("motion", sa.String(length=63), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("derivation", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("count", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_decision_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "assembly", "motion", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_motion"), "decision", ["motion"], unique=False)
    op.create_table(
        "entry",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=33), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_entry_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "index", name=op.f("pk_entry")),
    )
    op.create_table(
        "framework",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("framework", sa.String(length=63), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("motion", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_framework_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "framework", "version", name=op.f("pk_framework")),
    )
    op.create_table(
        "ledger_node",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_ledger_node_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "level", "index", name=op.f("pk_ledger_node")),
    )
    op.create_table(
        "member",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("member_class", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("founder", sa.Boolean(), nullable=False),
        sa.Column("applied_at", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_member_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", name=op.f("pk_member")),
    )
    op.create_table(
        "member_key",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_member_key_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "commitment", name=op.f("pk_member_key")),
    )
    op.create_table(
        "representative",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_representative_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", name=op.f("pk_representative")),
    )
    op.create_index(
        op.f("ix_member_key_organisation_key"), "member_key", ["organisation", "key"], unique=True
    )
    op.create_index(
        op.f("ix_member_key_organisation_member"), "member_key", ["organisation", "member"]
    )
    op.create_table(
        "motion",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("motion", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("proposer", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("assembly", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_motion_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "motion", name=op.f("pk_motion")),
    )
    op.create_table(
        "observation",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("observation", sa.String(length=63), nullable=False),
        sa.Column("commons", sa.String(length=63), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period_from", sa.String(), nullable=False),
        sa.Column("period_to", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_observation_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "observation", name=op.f("pk_observation")),
    )
    op.create_index(op.f("ix_observation_commons"), "observation", ["commons"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("contract", sa.String(length=42), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_organisation_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_organisation")),
    )
    op.create_table(
        "outbox",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_outbox_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "kind", "size", name=op.f("pk_outbox")),
    )
    op.create_table(
        "person",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_person_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", name=op.f("pk_person")),
    )
    op.create_table(
        "identity_hash",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_identity_hash_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "member", "kind", "digest", name=op.f("pk_identity_hash")
        ),
    )
    op.create_index(
        op.f("ix_identity_hash_organisation_digest"),
        "identity_hash",
        ["organisation", "digest"],
        unique=False,
    )
    op.create_table(
        "identity_attempt",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("provider", sa.String(length=63), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("verifier", sa.String(length=43), nullable=False),
        sa.Column("ends_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_identity_attempt_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "state", name=op.f("pk_identity_attempt")),
    )
    op.create_index(
        op.f("ix_identity_attempt_ends_at"), "identity_attempt", ["ends_at"], unique=False
    )
    op.create_index(op.f("ix_identity_attempt_state"), "identity_attempt", ["state"], unique=False)
    op.create_table(
        "identity_check",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("provider", sa.String(length=63), nullable=False),
        sa.Column("assurance", sa.String(length=16), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_identity_check_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "member", "provider", name=op.f("pk_identity_check")
        ),
    )
    op.create_table(
        "duplicate_candidate",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("other", sa.String(length=33), nullable=False),
        sa.Column("reasons", sa.String(length=200), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.String(length=24), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("decided_by", sa.String(length=33), nullable=True),
        sa.Column("decided_at", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_duplicate_candidate_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "member", "other", name=op.f("pk_duplicate_candidate")
        ),
    )
    op.create_table(
        "person_key",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("master", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_person_key_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", name=op.f("pk_person_key")),
    )
    op.create_index(op.f("ix_person_key_master"), "person_key", ["master"], unique=False)
    op.create_table(
        "consent",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_consent_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", "number", name=op.f("pk_consent")),
    )
    op.create_table(
        "erasure",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_erasure_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "mark", name=op.f("pk_erasure")),
    )
    op.create_table(
        "roll",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_roll_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "decision", name=op.f("pk_roll")),
    )
    op.create_table(
        "statutes_version",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("diff", sa.String(), nullable=False),
        sa.Column("motion", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_statutes_version_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "version", name=op.f("pk_statutes_version")),
    )
    op.create_table(
        "valuation",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("valuation", sa.String(length=63), nullable=False),
        sa.Column("commons", sa.String(), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("scores", sa.String(), nullable=False),
        sa.Column("numerator", sa.String(), nullable=False),
        sa.Column("denominator", sa.String(), nullable=False),
        sa.Column("rounded", sa.String(), nullable=False),
        sa.Column("published_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_valuation_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "valuation", name=op.f("pk_valuation")),
    )
    op.create_table(
        "ballot_choice",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(length=4096), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "index"],
            ["entry.organisation", "entry.index"],
            name=op.f("fk_ballot_choice_organisation_index"),
        ),
        sa.PrimaryKeyConstraint("organisation", "index", name=op.f("pk_ballot_choice")),
    )
    op.create_table(
        "detached_signature",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "index"],
            ["entry.organisation", "entry.index"],
            name=op.f("fk_detached_signature_organisation_index"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "index", "position", name=op.f("pk_detached_signature")
        ),
    )
    op.create_table(
        "roll_line",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.Column("voter", sa.String(length=33), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "decision"],
            ["roll.organisation", "roll.decision"],
            name=op.f("fk_roll_line_organisation_decision"),
        ),
        sa.PrimaryKeyConstraint("organisation", "decision", "voter", name=op.f("pk_roll_line")),
    )
    op.create_index(
        op.f("ix_roll_line_organisation_decision_member"),
        "roll_line",
        ["organisation", "decision", "member"],
        unique=True,
    )
    op.create_table(
        "anchor_cost",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_hash", sa.LargeBinary(), nullable=False),
        sa.Column("gas_used", sa.BigInteger(), nullable=False),
        sa.Column("gas_price_wei", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_anchor_cost_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "chain_id", "transaction_hash", name=op.f("pk_anchor_cost")
        ),
    )
    op.create_table(
        "witnessed_head",
        sa.Column("origin_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.String(length=20), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("origin_hash", name=op.f("pk_witnessed_head")),
    )
    op.create_table(
        "cosigned_size",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("witness", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_cosigned_size_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "witness", name=op.f("pk_cosigned_size")),
    )
    op.create_table(
        "held_checkpoint",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_held_checkpoint_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_held_checkpoint")),
    )
    op.create_table(
        "session",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("assurance", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.String(length=24), nullable=False),
        sa.Column("used_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_session_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_member"), "session", ["member"], unique=False)
    op.create_table(
        "login_challenge",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_login_challenge_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "id", name=op.f("pk_login_challenge")),
    )
    op.create_index(
        op.f("ix_login_challenge_organisation_expires_at"),
        "login_challenge",
        ["organisation", "expires_at"],
        unique=False,
    )
    op.create_table(
        "login_failure",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.String(length=24), nullable=False),
        sa.Column("locked_until", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_login_failure_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "subject", name=op.f("pk_login_failure")),
    )
    op.create_index(
        op.f("ix_login_failure_failed_at"), "login_failure", ["failed_at"], unique=False
    )
    op.create_table(
        "login_address",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_login_address_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", name=op.f("pk_login_address")),
    )
    op.create_index(op.f("ix_login_address_address"), "login_address", ["address"], unique=False)
    op.create_table(
        "passkey_counter",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_passkey_counter_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "member", "key_hash", name=op.f("pk_passkey_counter")
        ),
    )
    op.create_table(
        "mail",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("values", sa.String(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.String(length=24), nullable=False),
        sa.Column("next_at", sa.String(length=24), nullable=False),
        sa.Column("sent_at", sa.String(length=24), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "organisation",
            "entry",
            "member",
            "template",
            name=op.f("uq_mail_organisation_entry_member_template"),
        ),
    )
    op.create_index(op.f("ix_mail_state_next_at"), "mail", ["state", "next_at"], unique=False)
    op.create_index(
        op.f("ix_mail_organisation_member"), "mail", ["organisation", "member"], unique=False
    )
    op.create_table(
        "mail_cursor",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_mail_cursor_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_mail_cursor")),
    )
    op.create_table(
        "news_refusal",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("since", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_news_refusal_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation", "member", name=op.f("pk_news_refusal")),
    )
    op.create_table(
        "manual_notice",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("assembly", sa.String(length=63), nullable=False),
        sa.Column("member", sa.String(length=33), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sent_at", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=33), nullable=True),
        sa.Column("noted_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["ledger.slug"], name=op.f("fk_manual_notice_organisation")
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "assembly", "member", name=op.f("pk_manual_notice")
        ),
    )
    op.create_table(
        "founding_draft",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(length=24), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_founding_draft")),
        sa.UniqueConstraint("draft", name=op.f("uq_founding_draft_draft")),
    )
    op.create_table(
        "founder",
        sa.Column("organisation", sa.String(length=63), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("invitation", sa.String(length=33), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("member_class", sa.String(length=63), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("application", sa.String(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["founding_draft.organisation"],
            name=op.f("fk_founder_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation", "place", name=op.f("pk_founder")),
    )


def downgrade() -> None:  # noqa: PLR0915 - one statement per table
    """Drop every table, those that refer to others first."""
    op.drop_table("passkey_counter")
    op.drop_table("login_address")
    op.drop_table("login_failure")
    op.drop_table("login_challenge")
    op.drop_table("founder")
    op.drop_table("founding_draft")
    op.drop_table("manual_notice")
    op.drop_table("news_refusal")
    op.drop_table("mail_cursor")
    op.drop_table("mail")
    op.drop_table("session")
    op.drop_table("anchor_cost")
    op.drop_table("held_checkpoint")
    op.drop_table("cosigned_size")
    op.drop_table("witnessed_head")
    op.drop_table("roll_line")
    op.drop_table("detached_signature")
    op.drop_table("ballot_choice")
    op.drop_table("valuation")
    op.drop_table("statutes_version")
    op.drop_table("roll")
    op.drop_table("duplicate_candidate")
    op.drop_table("identity_check")
    op.drop_table("identity_attempt")
    op.drop_table("identity_hash")
    op.drop_table("erasure")
    op.drop_table("consent")
    op.drop_table("person_key")
    op.drop_table("person")
    op.drop_table("outbox")
    op.drop_table("organisation")
    op.drop_table("observation")
    op.drop_table("motion")
    op.drop_table("representative")
    op.drop_table("member_key")
    op.drop_table("member")
    op.drop_table("ledger_node")
    op.drop_table("framework")
    op.drop_table("entry")
    op.drop_table("decision")
    op.drop_table("commons")
    op.drop_table("command")
    op.drop_table("checkpoint")
    op.drop_table("ballot")
    op.drop_table("assembly")
    op.drop_table("anchor_lease")
    op.drop_table("anchor_attempt")
    op.drop_table("anchor")
    op.drop_table("agenda_item")
    op.drop_table("ledger")
