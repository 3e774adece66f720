"""Steps of scenarios about people: the founding, the register, due process, seats, disputes."""

from backend.domain.acts import ExitAnswer
from backend.domain.rulebook.order import Escalation
from tests.support.model_organisation import Actor
from tests.support.scenario_fields import Fields, texts_of
from tests.support.scenario_world import World


def founded(world: World, fields: Fields) -> None:
    """Found the organisation."""
    world.set_clock(fields.text("on"), fields.text("at", "09:00"))
    members = {name: int(str(size)) for name, size in fields.fields("members").rest().items()}
    offices: dict[str, list[tuple[str, str]]] = {}
    if "offices" in fields:
        for office, seats in fields.fields("offices").rest().items():
            pairs = [each.partition("/") for each in texts_of(office, seats)]
            offices[office] = [(body, seat) for body, _, seat in pairs]
    fields.done()
    world.begin(members, offices)


def apply(world: World, fields: Fields) -> None:
    """Ask to join."""
    name, member_class = fields.text("as"), fields.text("class")
    fields.done()
    world.apply(world.name(name, Actor(name, member_class)))


def admit(world: World, fields: Fields) -> None:
    """Admit an applicant, by right or by someone who may."""
    applicant, officer = world.who(fields.text("member")), fields.maybe("by")
    fields.done()
    world.admit(applicant, officer=None if officer is None else world.who(officer))


def join(world: World, fields: Fields) -> None:
    """Ask to join and be admitted; several where a group is named."""
    member_class, officer = fields.text("class"), fields.maybe("by")
    names = fields.texts("as")
    fields.done()
    for name in names:
        actor = world.name(name, Actor(name, member_class))
        world.apply(actor)
        world.admit(actor, officer=None if officer is None else world.who(officer))


def object_to_admission(world: World, fields: Fields) -> None:
    """Object to an application."""
    author, applicant = world.who(fields.text("by")), world.who(fields.text("applicant"))
    fields.done()
    world.object_to(author, applicant)


def leave(world: World, fields: Fields) -> None:
    """Resign as a member."""
    author = world.who(fields.text("by"))
    fields.done()
    world.resign(author)


def end_membership(world: World, fields: Fields) -> None:
    """Establish that a membership ended for a cause."""
    officer, member = world.who(fields.text("by")), world.who(fields.text("member"))
    cause = fields.text("cause")
    fields.done()
    world.end_membership(officer, member, cause)  # type: ignore[arg-type] # the ledger refuses other causes


def accuse(world: World, fields: Fields) -> None:
    """Put grounds forward against a member."""
    author, member = world.who(fields.text("by")), world.who(fields.text("against"))
    name, measure = fields.text("proceeding"), fields.text("measure")
    sanction, mandate = fields.maybe("sanction"), fields.maybe("mandate")
    fields.done()
    world.accuse(
        author,
        name,
        member,
        measure=measure,  # type: ignore[arg-type] # the ledger refuses other measures
        sanction=sanction,
        mandate=mandate,
    )


def serve(world: World, fields: Fields) -> None:
    """Tell the member the grounds."""
    officer, name = world.who(fields.text("by")), fields.text("proceeding")
    channel = fields.text("channel", "email")
    fields.done()
    world.serve(officer, name, channel=channel)  # type: ignore[arg-type] # the ledger refuses other channels


def reply(world: World, fields: Fields) -> None:
    """Answer the grounds."""
    author, name = world.who(fields.text("by")), fields.text("proceeding")
    fields.done()
    world.reply(author, name)


def take_measure(world: World, fields: Fields) -> None:
    """Decide a measure for a body."""
    officer, name = world.who(fields.text("by")), fields.text("proceeding")
    until = fields.maybe("until")
    fields.done()
    world.take_measure(officer, name, until=until)


def appeal(world: World, fields: Fields) -> None:
    """Contest a measure."""
    author, name = world.who(fields.text("by")), fields.text("proceeding")
    fields.done()
    world.appeal(author, name)


def answer_appeal(world: World, fields: Fields) -> None:
    """Decide an appeal for a body."""
    officer, name = world.who(fields.text("by")), fields.text("proceeding")
    upheld = fields.truth("upheld", default=True)
    fields.done()
    world.answer_appeal(officer, name, upheld=upheld)


def give_back(world: World, fields: Fields) -> None:
    """Give a seat back."""
    author, mandate = world.who(fields.text("by")), fields.text("mandate")
    fields.done()
    world.resign_mandate(author, mandate)


def forfeit(world: World, fields: Fields) -> None:
    """Establish that a holder missed meetings in a row."""
    officer, mandate = world.who(fields.text("by")), fields.text("mandate")
    meetings = fields.texts("meetings")
    fields.done()
    world.forfeit(officer, mandate, *meetings)


def open_dispute(world: World, fields: Fields) -> None:
    """Put a dispute on the first step."""
    author, others = world.who(fields.text("by")), world.group(fields.texts("with"))
    name = fields.text("dispute", "dispute")
    fields.done()
    world.open_dispute(author, name, *others)


def advance_dispute(world: World, fields: Fields) -> None:
    """Begin the next step; a plan answers ``all`` goals, or so many of them."""
    author, name = world.who(fields.text("by")), fields.text("dispute", "dispute")
    step, answers = fields.text("step"), fields.text("answers", "0")
    fields.done()
    goals = world.state.in_force().rulebook.one(Escalation).exit_goals
    number = len(goals) if answers == "all" else int(answers)
    plan = tuple(ExitAnswer(goal, "Ainsi.") for goal in goals[:number])
    world.advance_dispute(author, name, step, plan=plan)  # type: ignore[arg-type] # refused where none


def settle_dispute(world: World, fields: Fields) -> None:
    """Agree that a dispute is over."""
    author, *others = world.group(fields.texts("by"))
    name = fields.text("dispute", "dispute")
    fields.done()
    world.settle_dispute(author, name, *others)
