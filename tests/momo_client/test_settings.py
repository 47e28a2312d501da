"""Configuration: every problem at once, by variable, with a remedy and without a secret."""

import pytest

from momo_client import ConfigurationError, Settings
from momo_client.core.policy import Policy
from momo_client.core.requests import Credentials, StatusView
from momo_client.edge.settings import REMEDIES
from momo_contracts.values import Product

COMPLETE = {
    "MTN_BASE_URL": "https://sandbox.momodeveloper.mtn.com/",
    "MTN_SUBSCRIPTION_KEY": "canary-subscription",
    "MTN_API_USER": "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10",
    "MTN_API_KEY": "canary-key",
    "MTN_TARGET_ENVIRONMENT": "sandbox",
    "MTN_CURRENCY": "EUR",
}


@pytest.fixture(autouse=True)
def complete_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)


def collection(settings: Settings) -> Credentials:
    return settings.merchant().credentials_for(Product.COLLECTION)


def problems_of() -> dict[str, str]:
    with pytest.raises(ConfigurationError) as caught:
        Settings()
    assert "canary" not in str(caught.value)
    return {message.split()[0]: remedy for message, remedy in caught.value.problems}


def test_the_environment_is_read() -> None:
    settings = Settings()
    assert settings.base_url == "https://sandbox.momodeveloper.mtn.com"
    assert collection(settings).subscription_key == "canary-subscription"
    assert settings.policy() == Policy(attempts=4, batch=10, interval_ms=30_000, is_adaptive=False)
    assert settings.status_view is StatusView.PAYMENT
    assert "canary" not in repr(settings)


def test_settings_can_be_read_from_variables_that_are_no_environment() -> None:
    variables = {"MTN_BASE_URL": "http://127.0.0.1:8046", "MTN_SUBSCRIPTION_KEY": "k" * 32}
    rest = {"MTN_API_USER": "u", "MTN_API_KEY": "a", "MTN_CURRENCY": "EUR"}

    settings = Settings.of(variables | rest | {"MTN_TARGET_ENVIRONMENT": "sandbox"})

    assert (settings.base_url, collection(settings).subscription_key) == (
        "http://127.0.0.1:8046",
        "k" * 32,
    )


def test_a_products_own_credentials_come_before_the_general_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MTN_COLLECTION_SUBSCRIPTION_KEY", "of-collection")
    monkeypatch.setenv("MTN_COLLECTION_API_KEY", "")
    assert collection(Settings()).subscription_key == "of-collection"
    assert collection(Settings()).api_key == "canary-key"
    disbursement = Settings().merchant().credentials_for(Product.DISBURSEMENT)
    assert disbursement.subscription_key == "canary-subscription"


def test_a_merchant_may_have_one_product_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SUBSCRIPTION_KEY", "API_USER", "API_KEY"):
        monkeypatch.delenv(f"MTN_{name}")
        monkeypatch.setenv(f"MTN_REMITTANCE_{name}", "own")
    merchant = Settings().merchant()
    assert merchant.credentials == {Product.REMITTANCE: Credentials("own", "own", "own")}
    with pytest.raises(ConfigurationError) as caught:
        merchant.credentials_for(Product.COLLECTION)
    assert "MTN_COLLECTION_SUBSCRIPTION_KEY" in caught.value.remedy


def test_a_wrong_credential_of_one_product_is_named_by_its_own_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MTN_DISBURSEMENT_API_KEY", "canary canary")
    assert problems_of() == {"MTN_DISBURSEMENT_API_KEY": REMEDIES["MTN_API_KEY"]}


def test_everything_that_is_missing_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COMPLETE:
        monkeypatch.delenv(name)
    assert problems_of() == {name: REMEDIES[name] for name in COMPLETE}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MTN_BASE_URL", "sandbox.momodeveloper.mtn.com"),
        ("MTN_BASE_URL", "http://sandbox.momodeveloper.mtn.com"),
        ("MTN_BASE_URL", "https://user:canary@host"),
        ("MTN_TARGET_ENVIRONMENT", "mtnugnada"),
        ("MTN_CURRENCY", "CFA"),
        ("MTN_COUNTRY", "Uganda"),
        ("MTN_COUNTRY", "XX"),
        ("MTN_CHECK_BATCH", "0"),
        ("MTN_CHECK_BATCH", "ten"),
        ("MTN_CHECK_INTERVAL_S", "-1"),
        ("MTN_BASE_URL", "https://@host"),
        ("MTN_BASE_URL", "https://:canary@host"),
        ("MTN_BASE_URL", "https://user:canary@[::1"),
        ("MTN_BASE_URL", "https://host:canary"),
        ("MTN_BASE_URL", "https://host:99999"),
        ("MTN_BASE_URL", "https://host:0"),
        ("MTN_BASE_URL", "https://a..b"),
        ("MTN_BASE_URL", f"https://{'a' * 64}.test"),
        ("MTN_BASE_URL", "https://[::1"),
        ("MTN_BASE_URL", "https://host/?"),
        ("MTN_BASE_URL", "https://host/a b"),
        ("MTN_BASE_URL", "https://host\n/a"),
        ("MTN_SUBSCRIPTION_KEY", "canary\ncanary"),
        ("MTN_SUBSCRIPTION_KEY", "canary\u00e9"),
        ("MTN_SUBSCRIPTION_KEY", "canary \udcff"),
        ("MTN_SUBSCRIPTION_KEY", " \n"),
        ("MTN_API_USER", "canary\tcanary"),
        ("MTN_API_KEY", "canary canary"),
        ("MTN_CHECK_BATCH", str(10**30)),
        ("MTN_CHECK_BATCH", "10001"),
        ("MTN_CHECK_INTERVAL_S", "inf"),
        ("MTN_CHECK_INTERVAL_S", "nan"),
        ("MTN_CHECK_INTERVAL_S", "1e300"),
        ("MTN_CHECK_INTERVAL_S", "0.0001"),
        ("MTN_TIMEOUT_S", "1e12"),
        ("MTN_TIMEOUT_S", "0.01"),
        ("MTN_TIMEOUT_S", "nan"),
        ("MTN_STATUS_VIEW", "both"),
        ("MTN_CHECK_PACE", "fast"),
        ("MTN_ATTEMPTS", "0"),
        ("MTN_ATTEMPTS", "11"),
        ("MTN_CALLS_PER_S", "-1"),
        ("MTN_CALLBACK_URL", "shop.example/momo"),
        ("MTN_CALLBACK_URL", "https://shop.example/momo?key=canary"),
        ("MTN_ACCESS_TOKEN", "canary-token"),
    ],
)
def test_a_wrong_value_is_refused_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert problems_of() == {name: REMEDIES[name]}


def test_several_problems_are_told_one_per_line_each_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MTN_BASE_URL")
    monkeypatch.delenv("MTN_API_KEY")
    with pytest.raises(ConfigurationError) as caught:
        Settings()
    assert str(caught.value).splitlines() == [
        f"{name} is not set. {REMEDIES[name]}" for name in ("MTN_BASE_URL", "MTN_API_KEY")
    ]


@pytest.mark.parametrize("name", ["SUBSCRIPTION_KEY", "API_USER", "API_KEY", "BASE_URL"])
def test_what_was_pasted_with_a_line_break_is_read_without(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    expected = Settings()
    monkeypatch.setenv(f"MTN_{name}", f" {COMPLETE[f'MTN_{name}']}\n")
    assert Settings() == expected


@pytest.mark.parametrize("host", ["localhost:8046", "127.0.0.1", "[::1]:8046"])
def test_http_is_for_loopback(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("MTN_BASE_URL", f"http://{host}")
    assert Settings().base_url == f"http://{host}"


def test_http_elsewhere_must_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTN_BASE_URL", "http://fake.test")
    monkeypatch.setenv("MTN_ALLOW_HTTP", "1")
    assert Settings().base_url == "http://fake.test"


def test_a_left_over_token_is_refused_with_what_to_set_instead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MTN_ACCESS_TOKEN", "canary-token")
    assert "MTN_API_USER and MTN_API_KEY" in problems_of()["MTN_ACCESS_TOKEN"]
