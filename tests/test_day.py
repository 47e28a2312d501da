import asyncio

from demo.day import DAY_S, HOUR_S, live


def test_a_day_goes_as_its_scenario_says() -> None:
    day = asyncio.run(live())

    assert day.is_right
    assert [told for at_s, told in day.rows if at_s > DAY_S - HOUR_S] == [
        "late: SUCCESSFUL",
        "late: callback answered 200",
    ]
