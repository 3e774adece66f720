"""The benchmark of signatures runs and says what it should; how fast anything is, no test asks."""

from benchmarks.ballots.verification import RECOVERY_TARGET, measure_verification


def test_verification__of_a_few_ballots__has_a_figure_for_each_kind_of_key() -> None:
    wallets, passkeys = measure_verification(3, 2)
    assert (wallets.unit, passkeys.unit) == ("ballots/s", "ballots/s")
    assert wallets.target == RECOVERY_TARGET
    assert wallets.against is not None
    assert wallets.ratio is not None
    assert all(value > 0 for value in (wallets.value, wallets.against.value, passkeys.value))
