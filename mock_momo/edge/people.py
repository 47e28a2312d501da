"""Who holds an account: the sandbox's recorded person for everybody, or one of their own each.

Invented people are drawn from the seed of a namespace and the id of the account holder, so they are
the same in every run and on every machine, in whatever order they are asked for. Their names are
Faker's, and may change with its version.
Source: the keys and the recorded person are observed; who else there is, is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mock_momo.core.draws import Draw
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting

if TYPE_CHECKING:
    from faker import Faker

_MALE, _FEMALE = "MALE", "FEMALE"
_YOUNGEST_BORN: Final = date(2007, 1, 1)
_SPAN_OF_BIRTHS_DAYS: Final = (_YOUNGEST_BORN - date(1945, 1, 1)).days
"""From 18 to 80 years old on 1 January 2025: ages must not change with the day of a test."""

_OTHER_LOCALE = "en_GB"
_LOCALES: Mapping[str, str] = MappingProxyType(
    {
        "sandbox": "sv_SE",  # as the recorded person, and the sandbox's numbers
        "mtnghana": "tw_GH",
        "mtnnigeria": "en_NG",
        "mtnsouthafrica": "zu_ZA",
        "mtnbenin": "fr_FR",
        "mtncameroon": "fr_FR",
        "mtncongo": "fr_FR",
        "mtnguineaconakry": "fr_FR",
        "mtnivorycoast": "fr_FR",
    }
)
"""Faker's locale for the names of a target environment: what it has of the country itself, else
the language of its offices."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account holder. `birthdate` is ISO text, `gender` MALE or FEMALE."""

    given_name: str
    family_name: str
    birthdate: str
    locale: str
    gender: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


SAND_BOX = Person("Sand", "Box", "1976-08-13", "sv_SE", _MALE)
"""Whom the sandbox answers for every account holder (observed)."""


def user_info(holder: Person, now_ms: int) -> dict[str, object]:
    """The body of a reply about an account holder, its keys in the order of the sandbox."""
    return {
        "sub": "0",
        "name": holder.name,
        "given_name": holder.given_name,
        "family_name": holder.family_name,
        "birthdate": holder.birthdate,
        "locale": holder.locale,
        "gender": holder.gender,
        "updated_at": now_ms // 1000,
    }


def person_of(account_holder: str, settings: Settings) -> Person:
    """Who has this account holder id in a namespace. Raises InvalidSetting as `person` does."""
    if settings.people == "sandbox":
        return SAND_BOX
    number = account_holder.strip().removeprefix("+")  # one number, however it is written
    return person(number, settings.seed, settings.target_environment.name)


@lru_cache(maxsize=4096)
def person(account_holder: str, seed: int, environment: str) -> Person:
    """The person who has this account holder id in a world of this seed, an adult.

    Raises InvalidSetting where Faker is not installed.
    """
    draws = Draw(seed, ("person", account_holder))
    locale = _LOCALES.get(environment, _OTHER_LOCALE)
    names = _names(locale)
    names.seed_instance(draws.number("names", below=2**64))
    is_male = draws.number("gender", below=2) == 0
    born = _YOUNGEST_BORN - timedelta(days=draws.number("birth", below=_SPAN_OF_BIRTHS_DAYS))
    return Person(
        given_name=names.first_name_male() if is_male else names.first_name_female(),
        family_name=names.last_name_male() if is_male else names.last_name_female(),
        birthdate=born.isoformat(),
        locale=locale,
        gender=_MALE if is_male else _FEMALE,
    )


def require_faker() -> None:
    """Raise InvalidSetting where people cannot be invented: asked when it is set, not later."""
    _names(_OTHER_LOCALE)


@cache
def _names(locale: str) -> "Faker":
    try:
        from faker import Faker  # noqa: PLC0415  # an extra, and slow to import
    except ImportError as missing:
        raise InvalidSetting(
            "people=faker needs Faker, which is not installed; "
            "install it with: pip install 'mock-momo[people]' "
            "(from a checkout: pip install '.[people]')"
        ) from missing
    return Faker(locale)
