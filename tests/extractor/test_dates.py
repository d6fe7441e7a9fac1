"""Date expressions against the day of publication."""

from datetime import date

import pytest

from services.extractor.text.dates import dates_in

THURSDAY = date(2020, 10, 15)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("on Saturday", "2020-10-10", "2020-10-10", 1),
        ("on Thursday", "2020-10-15", "2020-10-15", 1),
        ("last Thursday", "2020-10-08", "2020-10-08", 1),
        ("overnight", "2020-10-14", "2020-10-15", 1),
        ("last week", "2020-10-05", "2020-10-11", 2),
        ("in recent days", "2020-10-09", "2020-10-15", 2),
        ("two days ago", "2020-10-13", "2020-10-13", 1),
        ("September 28, 2020", "2020-09-28", "2020-09-28", 1),
        ("3 Nov", "2020-11-03", "2020-11-03", 1),
        ("on December 13", "2019-12-13", "2019-12-13", 1),
        ("eleven days earlier", "2020-10-04", "2020-10-04", 1),
        ("twenty-five years ago", "1995-10-22", "1995-10-22", 4),
        ("on Monday night", "2020-10-12", "2020-10-13", 1),
        ("early on Tuesday", "2020-10-12", "2020-10-13", 1),
        ("in March", "2020-03-01", "2020-03-31", 3),
        ("late December", "2019-12-01", "2019-12-31", 3),
        ("in 1994", "1994-01-01", "1994-12-31", 4),
        ("in the early 1990s", "1990-01-01", "1999-12-31", 4),
        ("at the weekend", "2020-10-10", "2020-10-11", 2),
        ("last summer", "2020-06-01", "2020-08-31", 3),
        ("in the autumn", "2019-09-01", "2019-11-30", 3),
        ("last winter", "2019-12-01", "2020-02-29", 3),
    ],
)
def test_days_are_counted_back_from_publication(text: str, first: str, last: str, precision: int) -> None:
    (when,) = dates_in(text, THURSDAY)
    assert (str(when.first), str(when.last), when.precision) == (first, last, precision)


@pytest.mark.parametrize("text", ["It fell ON SATURDAY.", "İzmir, on saturday", "At IĞDIR on Saturday"])
def test_a_date_keeps_its_place_and_spelling_in_any_case(text: str) -> None:
    (when,) = dates_in(text, THURSDAY)
    assert when.text == text[when.start : when.end]
    assert when.text.lower() == "saturday"


def test_without_a_publication_day_a_weekday_is_not_guessed() -> None:
    assert dates_in("They clashed on Saturday.", None) == ()
    assert dates_in("They clashed on 3 May 2021.", None)[0].first == date(2021, 5, 3)


def test_since_opens_a_span_and_a_comparison_is_no_date() -> None:
    assert dates_in("Since September 27, clashes go on.", THURSDAY)[0].since
    assert dates_in("the worst fighting since 2016", THURSDAY)[0].compared


@pytest.mark.parametrize("text", ["February 31", "31 June 2020", "0 May 2020"])
def test_days_that_do_not_exist_are_no_dates(text: str) -> None:
    assert all(when.precision > 1 for when in dates_in(text, THURSDAY))


@pytest.mark.parametrize("text", ["the army said on Monday", "he told reporters on Monday", "in a statement on Monday"])
def test_the_day_on_which_it_was_said_is_not_told_to_be_that_of_the_happening(text: str) -> None:
    (when,) = dates_in(text, THURSDAY)
    assert when.said
    assert when.event_date.time_precision == 2


@pytest.mark.parametrize("text", ["Troops may march on the town.", "the March of the nurses", "May they rest"])
def test_a_verb_is_no_month(text: str) -> None:
    assert dates_in(text, THURSDAY) == ()


def test_last_week_said_at_a_weekend_may_be_the_one_that_ends() -> None:
    (when,) = dates_in("They were shot last week.", date(2020, 10, 18))
    assert (when.first, when.last) == (date(2020, 10, 5), date(2020, 10, 17))


def test_a_weekly_market_is_no_day_and_a_rank_within_a_year_dates_nothing() -> None:
    assert dates_in("A grenade hit the Sunday market.", THURSDAY) == ()
    (when,) = dates_in("It was the second such killing this year.", THURSDAY)
    assert when.compared
