"""The command ``psephos``; each command imports what it needs, so that an auditor needs no server."""

import typer

from backend.cli.audit import audit
from backend.cli.keys import keys
from backend.cli.members import members
from backend.cli.networks import anchor, deploy
from backend.cli.reading import read
from backend.cli.recount import recount
from backend.cli.retention import retention
from backend.cli.rulebook import rulebook
from backend.cli.safekeeping import backup, breach, record_of_processing, restore, vault
from backend.cli.server import export, export_log, serve

app = typer.Typer(
    help="Governance for associations and cooperatives: every decision proves its own legality.",
    no_args_is_help=True,
    add_completion=False,
)
"""Every command."""

app.command()(serve)
app.command()(export)
app.command()(export_log)
app.command()(audit)
app.command()(recount)
app.command()(deploy)
app.add_typer(read, name="read")
app.add_typer(keys, name="key")
app.add_typer(members, name="members")
app.add_typer(anchor, name="anchor")
app.add_typer(rulebook, name="rulebook")
app.add_typer(retention, name="retention")
app.command()(backup)
app.command()(restore)
app.command()(record_of_processing)
app.add_typer(vault, name="vault")
app.add_typer(breach, name="breach")


def main() -> None:
    """Run the command of the process."""
    app()
