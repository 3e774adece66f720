"""Names that look alike, sounds, typing errors, days of birth: who is worth a look, and who is not."""

# ruff: noqa: RUF001 - names in other scripts

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.errors import InvalidInputError
from backend.domain.identity.attributes import (
    MAX_FACT_LENGTH,
    MAX_FACTS,
    AttributeKind,
    Facts,
    attributes_of,
    check_facts,
    electronic_identity,
    full_name,
)
from backend.domain.identity.distance import edits_between
from backend.domain.identity.resemblance import Resemblance, compare
from backend.domain.identity.sounds import sound_of, sounds_of
from backend.domain.identity.spelling import bearing, letters_of, words_of

BORN = "1987-03-12"
SHARED: tuple[AttributeKind, ...] = ("email",)
REGISTERED: tuple[AttributeKind, ...] = ("registration",)


def person(name: str, born: str = BORN, **others: str) -> dict[str, str]:
    return {"name": name, "born": born, **others}


def shared(first: Facts, second: Facts) -> set[str]:
    """Return the kinds of the payloads that two people share, blocks included."""
    ours, theirs = (set(attributes_of(facts, "natural")) for facts in (first, second))
    return {attribute.kind for attribute in ours & theirs}


def seen(first: Facts, second: Facts) -> Resemblance | None:
    """Return what the register would find: who shares no payload is not even compared."""
    kinds = shared(first, second)
    known = [each.kind for each in attributes_of(first, "natural") if each.kind in kinds]
    return compare(first, second, "natural", known) if kinds else None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jean-Pierre Lefèvre", "JEAN PIERRE LEFEVRE"),
        ("Zoé d'Arcy", "ZOE D’ARCY"),
        ("Zoé d'Arcy", "Zoe Darcy"),
        ("Müller, Jürgen", "Jürgen Müller"),
        ("Nguyễn Văn An", "nguyen van an"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Straße Weiß", "STRASSE WEISS"),
        ("Ｊｕｌｅ Ferry", "Jule Ferry"),
        ("Иван Петров", "Ivan Petrov"),
        ("Νίκος Παπαδόπουλος", "Nikos Papadopoulos"),
        ("Œuvrard Émile", "Oeuvrard Emile"),
    ],
)
def test_names__written_in_another_way__are_one_person(first: str, second: str) -> None:
    found = seen(person(first), person(second))
    assert found is not None
    assert found.exact
    assert found.reasons == ("names", "born")
    assert found.edits == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Marie Dupont", "Marie Dupond"),
        ("Catherine Lefèvre", "Katherine Lefebvre"),
        ("Philippe Renault", "Philipe Renaud"),
        ("Marie Louise Dupont", "Marie Dupont"),
        ("Charles de la Tour", "Charles Tour"),
        ("Jean Dubont", "Jean Dupont"),
        ("J. Dupont", "Jean Dupont"),
        ("Alexandre Morel", "Alex Morel"),
        ("Jürgen Mueller", "Jürgen Müller"),
        ("Пётр Чайковский", "Piotr Tchaïkovski"),
        ("Анна Жукова", "Anna Joukova"),
        ("Lea Martin", "Leah Martin"),
        ("Christophe Bertrand", "Christpohe Bertrnad"),
    ],
)
def test_names__that_nearly_agree__are_worth_a_look(first: str, second: str) -> None:
    found = seen(person(first), person(second))
    assert found is not None
    assert found.reasons[1:] == ("born",)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Pierre Martin", "Paul Martin"),
        ("Léa Martin", "Léo Martin"),
        ("Marie-Claude Petit", "Marie-Claire Petit"),
        ("Jean Pierre Martin", "Jean Paul Martin"),
        ("Anne Durand", "Anne Petit"),
        ("Groupe 1", "Groupe 17"),
        ("Frère 2001", "Frère 2002"),
        ("عبد الله", "عبد الرحمن"),
    ],
)
def test_names__of_twins_and_strangers_of_one_day__stay_apart(first: str, second: str) -> None:
    assert seen(person(first), person(second)) is None


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        (BORN, "born"),
        ("1987-12-03", "born_swapped"),
        ("1988-03-12", "born_near"),
        ("1978-03-12", "born_near"),
        ("1987-03-13", "born_near"),
        ("1987-03-22", "born_near"),
        ("1987-00-00", "born_near"),
    ],
)
def test_born__with_one_error__is_worth_a_look(born: str, reason: str) -> None:
    found = seen(person("Rose Bonheur"), person("Rose Bonheur", born))
    assert found is not None
    assert found.reasons == ("names", reason)
    assert found.exact is (born == BORN)


@pytest.mark.parametrize("born", ["1988-03-13", "1987-04-11", "1988-00-00", "1969-03-12"])
def test_born__with_two_errors__is_another_person(born: str) -> None:
    assert seen(person("Rose Bonheur"), person("Rose Bonheur", born)) is None


@pytest.mark.parametrize(
    ("fact", "first", "second"),
    [
        ("email", " Rose@Example.org", "rose@example.ORG"),
        ("phone", "+33 6 12 34 56 78", "06.12.34.56.78"),
        ("document", "12ab-34 567", "12AB34567"),
    ],
)
def test_number_or_address__that_is_shared__is_a_reason_to_look(
    fact: str, first: str, second: str
) -> None:
    one = person("Rose Bonheur", **{fact: first})
    other = person("Marc Antoine", "1950-01-01", **{fact: second})
    found = seen(one, other)
    assert found is not None
    assert found.reasons == (fact,)
    assert found.exact is (fact == "document")
    assert seen(one, {**other, fact: "7"}) is None


def test_names__given_in_two_facts__are_the_same_name() -> None:
    split = {"family_name": "Bonheur", "given_names": "Rose Marie", "born": BORN}
    assert full_name(split) == "Rose Marie Bonheur"
    found = seen(split, person("BONHEUR Rose-Marie"))
    assert found is not None
    assert found.exact


def test_organisations__by_number_or_name__are_compared() -> None:
    river = {"name": "Coopérative de la Rivière", "registration": "RCS 123 456"}
    again = {"name": "La Cooperative de la Riviere", "registration": "987"}
    both = set(attributes_of(river, "legal")) & set(attributes_of(again, "legal"))
    assert {each.kind for each in both} == {"block"}
    found = compare(river, again, "legal", ())
    assert found == Resemblance(("names",), 0)
    assert compare(river, {"name": "Autre", "registration": "1"}, "legal", ()) is None
    numbered = compare(river, {"name": "Autre", "registration": "x"}, "legal", REGISTERED)
    assert numbered == Resemblance(("registration",), 0)
    assert numbered.exact


def test_record__whose_facts_were_erased__is_found_by_what_is_shared_alone() -> None:
    rose = person("Rose Bonheur")
    assert compare(rose, {}, "natural", ()) is None
    assert compare(rose, {}, "natural", SHARED) == Resemblance(("email",), 0)


def test_payloads__of_person_and_organisation__never_meet() -> None:
    facts = {"name": "Rose", "born": BORN, "registration": BORN, "email": "a@b.example"}
    natural, legal = (set(attributes_of(facts, kind)) for kind in ("natural", "legal"))
    assert natural.isdisjoint(legal)


def test_electronic_identity__of_another_issuer__is_another() -> None:
    first = electronic_identity(issuer="https://one.example", subject="7")
    assert first == electronic_identity(issuer="https://one.example", subject="7")
    assert first != electronic_identity(issuer="https://two.example", subject="7")
    assert first.kind == "electronic_identity"


@pytest.mark.parametrize(
    ("facts", "code", "found"),
    [
        ({"born": BORN}, "facts.missing", "name"),
        ({"name": " -'", "born": BORN}, "facts.missing", "name"),
        ({"name": "Rose"}, "facts.missing", "born"),
        ({"name": "Rose", "born": "12/03/1987"}, "facts.born", "another form"),
        ({"name": "Rose", "born": "1987-13-01"}, "facts.born", "another form"),
        ({"name": "Rose", "born": f"{BORN}\n"}, "facts.born", "another form"),
        ({"name": "Rose", "born": "١٩٨٧-03-12"}, "facts.born", "another form"),
        ({"name": "R" * MAX_FACT_LENGTH, "born": BORN}, "facts.length", "name"),
        ({str(each): "" for each in range(MAX_FACTS + 1)}, "facts.length", "21 facts"),
    ],
)
def test_facts__that_cannot_identify__are_refused_unquoted(
    facts: dict[str, str], code: str, found: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_facts(facts, "natural")
    assert (refused.value.code, refused.value.found) == (code, found)


def test_facts__of_an_organisation__need_its_number() -> None:
    check_facts({"name": "River", "registration": "1"}, "legal")
    with pytest.raises(InvalidInputError, match="registration"):
        check_facts({"name": "River", "born": BORN}, "legal")


SOUNDS = {
    "dpn": "dupont dupond dupons",
    "lfvr": "lefevre lefebvre",
    "tm": "thomas tomas",
    "ktrn": "catherine katherine",
    "flp": "philippe filip",
    "mt": "mathieu matthieu mathieux",
    "rn": "renault renaud reno",
    "krstf": "christophe kristof",
    "jkf": "zhukov joukov",
    "avnf": "ivanov ivanoff",
    "mlr": "muller mueller",
    "lnbr": "lambert lanbert",
    "\u0283n": "champ chant",
    "glm": "guillaume",
    "ksvr": "xavier",
    "aln": "helene elene",
    "kld": "claude klode",
    "snk": "cinq",
}


@pytest.mark.parametrize(
    ("code", "word"), [(code, word) for code, words in SOUNDS.items() for word in words.split()]
)
def test_sound__of_a_word__is_the_table_s(code: str, word: str) -> None:
    assert sound_of(word) == code


def test_sounds__of_a_name__do_not_know_its_order() -> None:
    assert sounds_of(("renault", "jean")) == sounds_of(("jan", "reno")) == ("jn", "rn")


def test_bearing_words__of_nothing_but_particles__are_all_of_them() -> None:
    assert bearing(words_of("Charles de Gaulle")) == ("charles", "gaulle")
    assert bearing(words_of("Le Van Do")) == ("le", "van", "do")


WORDS = st.text(alphabet="abc", max_size=5)


def literal_distance(first: str, second: str) -> int:
    """Return the restricted distance by its recursive definition."""
    if not first or not second:
        return len(first) + len(second)
    found = [
        literal_distance(first[:-1], second) + 1,
        literal_distance(first, second[:-1]) + 1,
        literal_distance(first[:-1], second[:-1]) + (first[-1] != second[-1]),
    ]
    if first[-2:] == second[-2:][::-1] and len(first) > 1 < len(second):
        found.append(literal_distance(first[:-2], second[:-2]) + 1)
    return min(found)


@given(WORDS, WORDS)
@example("ca", "abc")
@example("ab", "ba")
def test_edits__of_any_words__are_those_of_the_definition(first: str, second: str) -> None:
    assert edits_between(first, second) == literal_distance(first, second)


@given(st.text(max_size=20))
def test_spelling__of_any_text__is_stable(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert letters_of(text) == "".join(words)


NAMES = st.lists(
    st.sampled_from(["rose", "marie", "jean", "paul", "dupont"]), min_size=1, max_size=3
)


@given(NAMES, NAMES, st.sampled_from([BORN, "1987-12-03", "1950-01-01"]))
def test_comparison__of_two__does_not_know_which_came_first(
    first: list[str], second: list[str], born: str
) -> None:
    one, other = person(" ".join(first)), person(" ".join(second), born)
    assert seen(one, other) == seen(other, one)


def test_comparison__of_many_words__is_bounded() -> None:
    long = " ".join("".join(each) for each in product("abcdef", repeat=2))
    assert len(attributes_of(person(long), "natural")) < 20
    assert seen(person(long), person(long)) is not None
