"""Plans for MOMO-AMT."""

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, AskBalance, AskStatus, Pay, Refund, Step, Transfer

_HARD = ("16777217", "10000000", "999999999.99", "4999.99", "0.3", "12.50")
_IMPOSSIBLE = ("0", "0.00", "-1", "NaN", "Infinity", "ten", "10.001")
_COUNTRIES = {
    "mtnuganda": "256772123456",
    "mtncameroon": "237671234567",
    "mtnivorycoast": "2250501234567",
    "mtnrwanda": "250788123456",
    "mtnguineaconakry": "224621234567",
    "mtnzambia": "260961234567",
}
"""Profiles, and somebody there."""

_NO_DECIMALS = {name: payer for name, payer in _COUNTRIES.items() if name != "mtnzambia"}
_LOCALES = ("fr_FR.UTF-8", "ar_EG.UTF-8")


def _plan(name: str, *steps: Step, settings: Settings | None = None) -> ExamplePlan:
    return ExamplePlan(name=name, rests=False, settings=settings or Settings(), steps=steps)


SCENARIOS = (
    _plan("AMT-01 a whole amount, and one with decimals", Pay("100", PAYER), Pay("1234.50", PAYER)),
    *(_plan(f"AMT-02 {amount}", Pay(amount, PAYER)) for amount in _HARD),
    _plan(
        "AMT-02 money goes out, and some of it back",
        Pay("4999.99", PAYER),
        AskStatus(1),
        Transfer("0.3", PAYER),
        Refund(1, "1234.57"),
    ),
    *(
        _plan(
            f"AMT-03 the currency of {profile}",
            Pay("1500", payer),
            settings=Settings(profile=profile),
        )
        for profile, payer in _NO_DECIMALS.items()
    ),
    _plan(
        "AMT-03 the decimals of mtnzambia",
        Pay("15.50", _COUNTRIES["mtnzambia"]),
        settings=Settings(profile="mtnzambia"),
    ),
    *(
        _plan(f"AMT-06 in {profile}", Pay("20", payer), settings=Settings(profile=profile))
        for profile, payer in _COUNTRIES.items()
    ),
    *(_plan(f"AMT-05 {amount}", Pay("10", PAYER), Pay(amount, PAYER)) for amount in _IMPOSSIBLE),
    *(
        _plan(
            f"AMT-05 half a franc or shilling in {profile}",
            Pay("10", payer),
            Pay("10.5", payer),
            settings=Settings(profile=profile),
        )
        for profile, payer in _NO_DECIMALS.items()
    ),
    *(
        plan
        for locale in _LOCALES
        for plan in (
            _plan(
                f"AMT-04 a payment under {locale}",
                Pay("1234.50", PAYER),
                settings=Settings(locale=locale),
            ),
            _plan(
                f"AMT-04 a balance under {locale}",
                Pay("1234.50", PAYER),
                AskStatus(1),
                AskBalance(),
                settings=Settings(locale=locale),
            ),
        )
    ),
)
