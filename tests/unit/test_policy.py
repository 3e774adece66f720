"""Cosigning policies: rules P1 to P6, and when a checkpoint meets one."""

import pytest

from anchoring.core.cosignature import (
    ALGORITHM_ML_DSA_44,
    ML_DSA_44_KEY_BYTES,
    CosignatureVerifier,
    attach,
    cosign,
)
from anchoring.core.errors import MalformedError, UnsupportedError, VerificationError
from anchoring.core.note import (
    NoteSignature,
    NoteSigner,
    NoteVerifier,
    format_signature,
    parse_note,
    sign_note,
)
from anchoring.core.policy import (
    MAX_DEFINITIONS,
    MAX_ITEM_LENGTH,
    MAX_POLICY_LENGTH,
    Cosigned,
    Policy,
    PolicyError,
    PolicyGroup,
    PolicyLog,
    PolicyWitness,
    check_policy,
    format_policy,
    parse_policy,
    verified_cosignatures,
)
from tests.support.tessera_log import CHECKPOINT_15, ORIGIN, PRIVATE_KEY, VERIFIER_KEY
from tests.support.witnesses import COSIGNED_15, COSIGNED_AT, WITNESS_KEY, cosigned_by, witness

LOG = NoteVerifier.from_text(VERIFIER_KEY)
KEYS = {number: witness(number).verifier.to_text() for number in range(1, MAX_DEFINITIONS + 2)}
ML_DSA = CosignatureVerifier("pq.example", bytes(ML_DSA_44_KEY_BYTES), ALGORITHM_ML_DSA_44)
W = "".join(f"witness w{number} {KEYS[number]}\n" for number in range(1, 7))
"""Lines of six witnesses."""

TWO_LEVELS = (
    f"# Two of ours and one of theirs.\n\nlog {VERIFIER_KEY} https://log.example/\n{W}"
    "group ours 2 w1 w2 w3\ngroup theirs any w4 w5 w6\ngroup both all ours theirs\nquorum both\n"
)


def test_parse_policy__of_two_levels__says_what_it_says() -> None:
    policy = parse_policy(TWO_LEVELS)
    assert policy.logs == (PolicyLog(LOG, "https://log.example/"),)
    assert [each.name for each in policy.witnesses] == ["w1", "w2", "w3", "w4", "w5", "w6"]
    assert policy.witnesses[0].verifier.to_text() == WITNESS_KEY
    assert policy.groups == (
        PolicyGroup("ours", 2, ("w1", "w2", "w3")),
        PolicyGroup("theirs", 1, ("w4", "w5", "w6")),
        PolicyGroup("both", 2, ("ours", "theirs")),
    )
    assert policy.quorum == "both"
    assert policy.describe_quorum() == "2 of (2 of (w1, w2, w3), 1 of (w4, w5, w6))"
    assert parse_policy(format_policy(policy)) == policy


@pytest.mark.parametrize(
    ("signed", "met"),
    [
        ((1, 2, 4), True),
        ((2, 3, 6), True),
        ((1, 2, 3, 4, 5, 6), True),
        ((1, 2, 3), False),
        ((1, 4, 5, 6), False),
        ((4,), False),
        ((), False),
    ],
)
def test_check_policy__of_two_levels__counts_groups(signed: tuple[int, ...], *, met: bool) -> None:
    policy = parse_policy(TWO_LEVELS)
    note = cosigned_by(*signed)
    if not met:
        with pytest.raises(PolicyError) as caught:
            check_policy(policy, note)
        assert caught.value.step == "policy"
        assert caught.value.expected == policy.describe_quorum()
        listed = ", ".join(f"w{number}" for number in signed)
        assert caught.value.found == (listed or "no cosignature")
        return
    satisfied = check_policy(policy, note)
    assert satisfied.checkpoint.origin == ORIGIN
    assert satisfied.checkpoint.head.size == 15
    assert satisfied.cosigned == tuple(
        Cosigned(f"w{number}", COSIGNED_AT + number) for number in signed
    )


def test_check_policy__of_one_witness__takes_its_name_as_quorum() -> None:
    policy = parse_policy(f"witness coop {WITNESS_KEY}\nquorum coop\n")
    assert check_policy(policy, COSIGNED_15).cosigned == (Cosigned("coop", COSIGNED_AT),)
    with pytest.raises(PolicyError):
        check_policy(policy, CHECKPOINT_15)
    with pytest.raises(PolicyError):
        check_policy(policy, cosigned_by(2))


def test_check_policy__of_no_quorum__demands_the_log_only() -> None:
    policy = parse_policy(f"log {VERIFIER_KEY}\nquorum none\n")
    assert check_policy(policy, CHECKPOINT_15).cosigned == ()
    other = NoteSigner.from_seed(ORIGIN, bytes(32))
    unknown = sign_note(parse_note(CHECKPOINT_15).text, other)
    with pytest.raises(PolicyError):
        check_policy(policy, unknown)
    assert check_policy(parse_policy("quorum none\n"), unknown).checkpoint.head.size == 15


def test_check_policy__of_a_log_that_signs_for_another_origin__is_not_met() -> None:
    signer = NoteSigner.from_text(PRIVATE_KEY)
    note = sign_note(parse_note(CHECKPOINT_15).text.replace(ORIGIN, "example.com/other"), signer)
    with pytest.raises(PolicyError):
        check_policy(parse_policy(f"log {VERIFIER_KEY}\nquorum none\n"), note)


def test_check_policy__of_a_bad_line_of_a_known_key__is_false_even_beyond_the_quorum() -> None:
    policy = parse_policy(f"log {VERIFIER_KEY}\n{W}group any any w1 w2\nquorum any\n")
    for number in (2, 6):
        verifier = witness(number).verifier
        bad = format_signature(NoteSignature(verifier.name, verifier.key_id, bytes(72)))
        with pytest.raises(VerificationError) as caught:
            check_policy(policy, COSIGNED_15 + bad.encode())
        assert not isinstance(caught.value, PolicyError)
    text = parse_note(CHECKPOINT_15).text
    forged = format_signature(NoteSignature(LOG.name, LOG.key_id, bytes(64)))
    with pytest.raises(VerificationError) as caught:
        check_policy(policy, f"{text}\n{forged}".encode())
    assert not isinstance(caught.value, PolicyError)


def test_check_policy__of_lines_of_unknown_keys__ignores_them() -> None:
    policy = parse_policy(f"witness coop {WITNESS_KEY}\nquorum coop\n")
    unknown = format_signature(NoteSignature("who.example", b"\x00" * 4, b"\x00")).encode()
    same_name = format_signature(NoteSignature(witness(1).name, b"\x00" * 4, b"\x00")).encode()
    assert check_policy(policy, COSIGNED_15 + unknown + same_name).cosigned


@pytest.mark.parametrize("position", [0, 1, 2], ids=["first", "middle", "last"])
def test_check_policy__of_a_log_signature_anywhere__finds_it(position: int) -> None:
    text = parse_note(CHECKPOINT_15).text
    log_line = CHECKPOINT_15.decode().partition("\n\n")[2]
    lines = [cosign(CHECKPOINT_15, witness(n), at=n).decode() for n in (1, 2)]
    lines.insert(position, log_line)
    policy = parse_policy(f"log {VERIFIER_KEY}\n{W}group two all w1 w2\nquorum two\n")
    note = f"{text}\n{''.join(lines)}".encode()
    assert [each.at for each in check_policy(policy, note).cosigned] == [1, 2]


def test_check_policy__of_several_logs__takes_any_that_names_the_origin() -> None:
    other = NoteSigner.from_seed("other.example/log", bytes(32))
    policy = parse_policy(f"log {other.verifier.to_text()}\nlog {VERIFIER_KEY}\nquorum none\n")
    both = sign_note(parse_note(CHECKPOINT_15).text, NoteSigner.from_text(PRIVATE_KEY), other)
    assert check_policy(policy, CHECKPOINT_15).checkpoint.origin == ORIGIN
    assert check_policy(policy, both).checkpoint.origin == ORIGIN
    alone = sign_note(parse_note(CHECKPOINT_15).text, other)
    with pytest.raises(PolicyError, match=r"signed by other\.example/log"):
        check_policy(policy, alone)


def test_check_policy__of_two_cosignatures_of_a_witness__verifies_both_and_takes_the_later() -> (
    None
):
    policy = parse_policy(f"witness coop {WITNESS_KEY}\nquorum coop\n")
    later = cosign(CHECKPOINT_15, witness(1), at=COSIGNED_AT + 9)
    assert check_policy(policy, COSIGNED_15 + later).cosigned[0].at == COSIGNED_AT + 9
    bad = format_signature(NoteSignature(witness(1).name, witness(1).verifier.key_id, bytes(72)))
    with pytest.raises(VerificationError, match="bad one"):
        check_policy(policy, COSIGNED_15 + bad.encode())


def test_check_policy__of_an_ml_dsa_witness__counts_without_it_and_says_why() -> None:
    line = format_signature(NoteSignature(ML_DSA.name, ML_DSA.key_id, bytes(2428))).encode()
    note = attach(COSIGNED_15, [line])
    definitions = f"witness w1 {WITNESS_KEY}\nwitness pq {ML_DSA.to_text()}\n"
    enough = parse_policy(f"{definitions}group g any w1 pq\nquorum g\n")
    assert [each.witness for each in check_policy(enough, note).cosigned] == ["w1"]
    needed = parse_policy(f"{definitions}group g all w1 pq\nquorum g\n")
    with pytest.raises(PolicyError, match="pq \\(algorithm not supported\\)"):
        check_policy(needed, note)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        CHECKPOINT_15.partition(b"\n\n")[0] + b"\n",
        CHECKPOINT_15.partition(b"\n\n")[0] + b"\n\n",
        CHECKPOINT_15.partition(b"\n")[2],
        CHECKPOINT_15.replace(b"\n15\n", b"\n"),
        CHECKPOINT_15.replace(b"\n15\n", b"\n+15\n"),
        CHECKPOINT_15.replace(b"\n15\n", b"\n015\n"),
        CHECKPOINT_15.replace(b"\n15\n", b"\n1_5\n"),
        CHECKPOINT_15.replace(b"\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=", b""),
        CHECKPOINT_15.replace(b"rKbDip", b"rKbDi"),
    ],
    ids=[
        *("empty", "no signature block", "no signature", "no origin", "no size", "plus sign"),
        *("leading zero", "underscore", "no root", "short root"),
    ],
)
def test_check_policy__of_what_is_no_checkpoint__is_malformed(note: bytes) -> None:
    with pytest.raises(MalformedError):
        check_policy(parse_policy(f"log {VERIFIER_KEY}\nquorum none\n"), note)
    with pytest.raises(MalformedError):
        verified_cosignatures(parse_policy("quorum none\n"), note)


def test_verified_cosignatures__whatever_the_quorum__gives_what_is_there() -> None:
    policy = parse_policy(TWO_LEVELS)
    assert verified_cosignatures(policy, CHECKPOINT_15) == ()
    note = cosigned_by(6, 3)
    assert [each.witness for each in verified_cosignatures(policy, note)] == ["w3", "w6"]


def test_is_met_by__names_of_groups_or_strangers__do_not_count() -> None:
    policy = parse_policy(TWO_LEVELS)
    assert policy.is_met_by(["w1", "w2", "w4"])
    assert not policy.is_met_by(["both"])
    assert not policy.is_met_by(["w1", "ours", "theirs", "stranger"])
    assert parse_policy("quorum none\n").is_met_by([])


@pytest.mark.parametrize(
    "text",
    [
        f"{W}quorum w1\ngroup later 1 w1\n",
        f"\twitness  w1\t{KEYS[1]} \nquorum\t w1\t\n",
        f"  # indented comment\n \t\n{W}\n\nquorum w2\nlog {VERIFIER_KEY}\n",
        f"witness é {KEYS[1]} https://coop.example/é # \nquorum é\n".replace(" # ", ""),
        f"witness #1 {KEYS[1]}\nquorum #1\n",
        f"witness any {KEYS[1]}\ngroup all any any\nquorum all\n",
        f"witness a\u2003b {KEYS[1]}\nquorum a\u2003b\n",
        "quorum none\n# \u0085 and \u00a0 are no control characters here\n",
    ],
)
def test_parse_policy__within_the_rules__is_read_and_round_trips(text: str) -> None:
    policy = parse_policy(text)
    assert parse_policy(format_policy(policy)) == policy


@pytest.mark.parametrize(
    "text",
    [
        # P1
        "",
        "quorum none",
        "quorum none\r\n",
        "quorum none\n\x00",
        "quorum none\n# \x7f\n",
        "quorum none\n# \ud800\n",
        "quorum\u00a0none\n",
        "quorums none\n",
        "Quorum none\n",
        # P2
        "log\nquorum none\n",
        f"log {VERIFIER_KEY} https://a https://b\nquorum none\n",
        f"log {VERIFIER_KEY}\nlog {VERIFIER_KEY} https://a\nquorum none\n",
        f"log {VERIFIER_KEY[:-1]}\nquorum none\n",
        f"log {VERIFIER_KEY} url # comment\nquorum none\n",
        # P3
        f"witness {KEYS[1]}\nquorum none\n",
        f"witness w1 {KEYS[1]} https://a https://b\nquorum none\n",
        f"witness w1 {KEYS[1]}\nwitness w2 {KEYS[1]}\nquorum none\n",
        f"witness w1 {KEYS[1][:-1]}\nquorum none\n",
        # P4
        f"{W}group g\nquorum none\n",
        f"{W}group g any\nquorum none\n",
        f"{W}group g 0 w1\nquorum none\n",
        f"{W}group g 2 w1\nquorum none\n",
        f"{W}group g 01 w1\nquorum none\n",
        f"{W}group g +1 w1\nquorum none\n",
        f"{W}group g ALL w1\nquorum none\n",
        f"{W}group g w1 w2\nquorum none\n",
        # P5
        W,
        f"{W}quorum w1\nquorum w1\n",
        "quorum none\nquorum none\n",
        "quorum\n",
        f"{W}quorum w1 w2\n",
        # P6
        f"witness w1 {KEYS[1]}\nwitness w1 {KEYS[2]}\nquorum none\n",
        f"witness none {KEYS[1]}\nquorum none\n",
        f"{W}group w1 any w2\nquorum none\n",
        f"{W}group g any w1\ngroup g any w2\nquorum none\n",
        f"{W}group none any w1\nquorum none\n",
        f"{W}group g any none\nquorum none\n",
        f"{W}group g any g\nquorum none\n",
        f"{W}group g any w1 w1\nquorum none\n",
        f"{W}group g any w1\ngroup h any w1\nquorum none\n",
        f"{W}group h any g\ngroup g any w1\nquorum none\n",
        f"group g any w1\n{W}quorum none\n",
        f"quorum w1\n{W}",
        f"{W}quorum g\ngroup g any w1\n",
        f"{W}quorum W1\n",
    ],
)
def test_parse_policy__against_a_rule__is_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_policy(text)


def test_parse_policy__of_the_same_key_under_another_name__is_malformed() -> None:
    renamed = NoteVerifier("other.example/log", LOG.public_key).to_text()
    with pytest.raises(MalformedError, match="second log"):
        parse_policy(f"log {VERIFIER_KEY}\nlog {renamed}\nquorum none\n")
    same = CosignatureVerifier("other.example/w", witness(1).verifier.public_key).to_text()
    with pytest.raises(MalformedError, match="second witness"):
        parse_policy(f"witness a {WITNESS_KEY}\nwitness b {same}\nquorum none\n")


def test_parse_policy__of_keys_of_the_other_role__is_unsupported() -> None:
    with pytest.raises(UnsupportedError):
        parse_policy(f"log {WITNESS_KEY}\nquorum none\n")
    with pytest.raises(UnsupportedError):
        parse_policy(f"witness w {VERIFIER_KEY}\nquorum none\n")


def logs(count: int) -> str:
    keys = (NoteSigner.from_seed(f"l{n}", bytes((n,)) * 32).verifier for n in range(count))
    return "".join(f"log {key.to_text()}\n" for key in keys)


def witnesses(count: int) -> str:
    return "".join(f"witness w{n} {KEYS[n]}\n" for n in range(1, count + 1))


def groups(count: int) -> str:
    first = f"witness w {WITNESS_KEY}\ngroup g0 1 w\n"
    return first + "".join(f"group g{n} 1 g{n - 1}\n" for n in range(1, count))


@pytest.mark.parametrize("define", [logs, witnesses, groups])
def test_parse_policy__of_as_many_definitions_as_allowed__is_read_and_one_more_is_not(
    define: object,
) -> None:
    assert callable(define)
    policy = parse_policy(f"{define(MAX_DEFINITIONS)}quorum none\n")
    assert MAX_DEFINITIONS in {len(policy.logs), len(policy.witnesses), len(policy.groups)}
    with pytest.raises(MalformedError):
        parse_policy(f"{define(MAX_DEFINITIONS + 1)}quorum none\n")


def test_parse_policy__of_the_longest_text_and_item__is_read_and_one_more_is_not() -> None:
    end = "quorum none\n"
    comment = "#" * (MAX_POLICY_LENGTH - len(end) - 1)
    assert parse_policy(f"{comment}\n{end}").quorum == "none"
    with pytest.raises(MalformedError):
        parse_policy(f"#{comment}\n{end}")
    url = "u" * MAX_ITEM_LENGTH
    assert parse_policy(f"log {VERIFIER_KEY} {url}\n{end}").logs[0].url == url
    with pytest.raises(MalformedError):
        parse_policy(f"log {VERIFIER_KEY} {url}u\n{end}")


W1 = PolicyWitness("w1", witness(1).verifier)


@pytest.mark.parametrize(
    "policy",
    [
        Policy((), (), (), "w1"),
        Policy((), (W1, W1), (), "none"),
        Policy((), (PolicyWitness("a b", W1.verifier),), (), "none"),
        Policy((), (PolicyWitness("a", W1.verifier, ""),), (), "none"),
        Policy((), (PolicyWitness("a", W1.verifier, "u\nquorum a"),), (), "none"),
        Policy((PolicyLog(LOG, "a b"),), (), (), "none"),
        Policy((), (W1,), (PolicyGroup("g", 2, ("w1",)),), "g"),
        Policy((), (W1,), (PolicyGroup("g", 0, ("w1",)),), "g"),
        Policy((), (W1,), (PolicyGroup("g", 1, ()),), "g"),
        Policy((), (W1,), (), "#"),
    ],
)
def test_format_policy__of_what_parsing_refuses__is_refused(policy: Policy) -> None:
    with pytest.raises(MalformedError):
        format_policy(policy)
