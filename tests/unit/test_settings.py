"""Settings from environment variables: networks, signers, and what does not fit together."""

import pytest
from pydantic import ValidationError

from anchoring.core.networks import HOODI, NetworkPreset
from anchoring.core.types import Address, BlockHash, ChainId
from backend.settings import NetworkSettings, Settings
from tests.support.model_organisation import RELYING_PARTY

GENESIS = "0x" + "ab" * 32
CONTRACT = "0x" + "C0" * 20


def settings_of(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(f"PSEPHOS_{name}", value)
    return Settings()


def test_settings__of_an_empty_environment__anchor_on_the_embedded_chain_alone() -> None:
    settings = Settings()
    assert (settings.networks, settings.primary, settings.chain_id) == ({}, "embedded", 20_260)


def test_settings__of_a_preset__need_its_node_only(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch, NETWORKS__HOODI__RPC="https://node.example/key")
    network = settings.networks["hoodi"]
    assert network.preset("hoodi") == HOODI
    assert (network.rpc, network.contract_address) == ("https://node.example/key", None)
    assert network.signer == "keystore"


def test_settings__of_several_networks__keep_each_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(
        monkeypatch,
        PRIMARY="hoodi",
        NETWORKS__HOODI__RPC="https://node.example",
        NETWORKS__HOODI__CONTRACT=CONTRACT,
        NETWORKS__HOODI__START_BLOCK="1234",
        NETWORKS__LOCAL__RPC="http://127.0.0.1:8545",
        NETWORKS__LOCAL__CHAIN_ID="31337",
        NETWORKS__LOCAL__GENESIS=GENESIS,
        NETWORKS__LOCAL__SIGNER="remote",
        NETWORKS__LOCAL__REMOTE="http://127.0.0.1:9000",
        NETWORKS__LOCAL__PUBLISHERS='{"river-coop": "' + CONTRACT + '"}',
        NETWORKS__LOCAL__NEXT_PUBLISHERS='{"river-coop": "0x' + "AB" * 20 + '"}',
    )
    hoodi, local = settings.networks["hoodi"], settings.networks["local"]
    assert settings.primary == "hoodi"
    assert hoodi.contract_address == Address(b"\xc0" * 20)
    assert (hoodi.start_block, hoodi.signer) == (1_234, "keystore")
    assert local.preset("local") == NetworkPreset("local", ChainId(31_337), BlockHash(b"\xab" * 32))
    assert local.publisher_address("river-coop") == Address(b"\xc0" * 20)
    assert local.publisher_address("other") is None
    named = [local.names_publisher("river-coop", Address(each * 20)) for each in (b"\xc0", b"\xab")]
    assert named == [True, True]
    assert not local.names_publisher("river-coop", Address(bytes(20)))
    assert not local.names_publisher("other", Address(b"\xc0" * 20))


@pytest.mark.parametrize(
    "variables",
    [
        {"NETWORKS__HOODI__RPC": "ws://node.example"},
        {"NETWORKS__HOODI__CONTRACT": CONTRACT},
        {"NETWORKS__HOODI__RPC": "http://node.example", "NETWORKS__HOODI__CHAIN_ID": "1"},
        {"NETWORKS__HOODI__RPC": "http://node.example", "NETWORKS__HOODI__GENESIS": GENESIS},
        {"NETWORKS__HOODI__RPC": "http://node.example", "NETWORKS__HOODI__COLOUR": "red"},
        {"NETWORKS__HOODI__RPC": "http://node.example", "NETWORKS__HOODI__SIGNER": "raw"},
        {"NETWORKS__HOODI__RPC": "http://node.example", "NETWORKS__HOODI__SIGNER": "remote"},
        {"NETWORKS__HOODI__RPC": "http://node.example", "NETWORKS__HOODI__CONTRACT": "0x00"},
        {"NETWORKS__HOODI__RPC": "http://node.example", "CHAIN_ID": "560048"},
        {"NETWORKS__LOCAL__RPC": "http://node.example"},
        {"NETWORKS__LOCAL__RPC": "http://node.example", "NETWORKS__LOCAL__CHAIN_ID": "31337"},
        {
            "NETWORKS__EMBEDDED__RPC": "http://node.example",
            "NETWORKS__EMBEDDED__CHAIN_ID": "31337",
            "NETWORKS__EMBEDDED__GENESIS": GENESIS,
        },
        {"PRIMARY": "hoodi"},
        {"PASSKEYS__ID": "river.example"},
        {"PASSKEYS__ID": "river.example", "PASSKEYS__ORIGINS": "[]"},
        {"PASSKEYS__ID": "River.example", "PASSKEYS__ORIGINS": '["https://river.example"]'},
        {"PASSKEYS__ID": "river.example", "PASSKEYS__ORIGINS": '["https://evil.example"]'},
    ],
)
def test_settings__that_do_not_fit_together__are_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    with pytest.raises(ValidationError):
        settings_of(monkeypatch, **variables)


def test_settings__of_passkeys__are_what_founders_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    origins = '["https://vote.river.example", "https://river.example"]'
    settings = settings_of(monkeypatch, PASSKEYS__ID="river.example", PASSKEYS__ORIGINS=origins)
    assert settings.passkeys is not None
    assert settings.passkeys.relying_party == RELYING_PARTY


def test_network_settings__of_a_custom_chain__is_recognised_by_id_and_genesis() -> None:
    settings = NetworkSettings(rpc="http://node.example", chain_id=31_337, genesis=GENESIS)
    assert settings.preset("local").genesis_hash == b"\xab" * 32


def test_settings__with_an_access_key__show_it_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch, NETWORKS__HOODI__RPC="https://node.example/secret")
    assert "secret" not in repr(settings)
    with pytest.raises(ValidationError) as caught:
        settings_of(monkeypatch, NETWORKS__HOODI__RPC="wss://node.example/secret")
    assert "secret" not in str(caught.value)


def test_settings__of_anchoring__have_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(
        monkeypatch,
        NETWORKS__HOODI__RPC="https://node.example",
        NETWORKS__HOODI__ENTRIES="100",
        NETWORKS__HOODI__INTERVAL_S="3600",
        NETWORKS__HOODI__MAX_FEE_GWEI="20",
    )
    network = settings.networks["hoodi"]
    assert (network.entries, network.interval_s, network.max_fee_gwei) == (100, 3_600, 20)
    for name in ("ENTRIES", "MAX_FEE_GWEI"):
        with pytest.raises(ValidationError):
            settings_of(monkeypatch, **{f"NETWORKS__HOODI__{name}": "0"})


@pytest.mark.parametrize(
    ("variables", "origin"),
    [
        ({}, "http://localhost"),
        ({"ORIGIN_HOST": "localhost:8000"}, "http://localhost:8000"),
        ({"ORIGIN_HOST": "127.0.0.1"}, "http://127.0.0.1"),
        ({"ORIGIN_HOST": "ledger.example"}, "https://ledger.example"),
        ({"ORIGIN_HOST": "localhost.example"}, "https://localhost.example"),
        ({"LOGIN__ORIGIN": "https://vote.example"}, "https://vote.example"),
    ],
)
def test_settings__of_login__name_where_its_pages_are(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], origin: str
) -> None:
    assert settings_of(monkeypatch, **variables).login_origin == origin


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOGIN__ORIGIN", "vote.example"),
        ("LOGIN__ORIGIN", "https://vote.example/"),
        ("LOGIN__PROXIES", "6"),
        ("LOGIN__LIMITS__LOGINS", "often"),
        ("LOGIN__LIMITS__LOGINS", ""),
    ],
)
def test_settings__of_login_that_cannot_be__are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ValidationError):
        settings_of(monkeypatch, **{name: value})


def test_settings__of_mail__default_to_the_folder_and_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings()
    assert (settings.smtp, settings.mail.sender) == (None, "psephos@localhost")
    assert settings.public_address == "http://localhost"
    remote = settings_of(monkeypatch, ORIGIN_HOST="vote.river.example")
    assert remote.public_address == "https://vote.river.example"
    named = settings_of(monkeypatch, MAIL__ADDRESS="https://members.river.example")
    assert named.public_address == "https://members.river.example"


def test_settings__of_a_mail_server__are_encrypted_unless_it_is_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_of(monkeypatch, SMTP__HOST="mail.river.example")
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.security) == (587, "starttls")
    with pytest.raises(ValidationError, match="another machine"):
        settings_of(monkeypatch, SMTP__SECURITY="none")
    assert settings_of(monkeypatch, SMTP__HOST="127.0.0.1").smtp is not None


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"SMTP__HOST": "127.0.0.1", "SMTP__USERNAME": "post"}, "go together"),
        (
            {
                "SMTP__HOST": "127.0.0.1",
                "SMTP__SECURITY": "none",
                "SMTP__USERNAME": "post",
                "SMTP__PASSWORD_FILE": "password",
            },
            "without encryption",
        ),
        ({"MAIL__SENDER": "River <post@river.example>"}, "no address"),
        ({"MAIL__ADDRESS": "https://river.example/"}, "slash"),
    ],
)
def test_settings__of_mail_that_do_not_fit__are_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        settings_of(monkeypatch, **variables)
