"""Months without a line item of an account: silence, gaps, and what is taken to be unknown because of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from costlib.outlook import days_of
from costlib.periods import Grain, Window, add_months
from costlib.store.absences import Absence, absences, incomplete_months
from costlib.store.question import Filter, Question
from costlib.store.unbilled import unbilled_segments
from tests.builders import Row, load_into, opened, write_csv
from tests.small_company import RULES, charge

AZURE = "Microsoft (az)"


def month(number: int) -> date:
    """So many months after January 2026."""
    return add_months(date(2026, 1, 1), number)


def aws(number: int, cost: float = 100, **tags: str) -> Row:
    """A charge of AWS in a month."""
    of = {"ServiceProviderName": "AWS", "ProviderName": "AWS", "BillingAccountId": "aws"}
    return charge(month(number), cost, **tags) | of


def azure(number: int, cost: float = 100, currency: str = "USD", **tags: str) -> Row:
    """A charge of Azure in a month."""
    of = {"ServiceProviderName": "Microsoft", "ProviderName": "Microsoft", "BillingAccountId": "az"}
    return charge(month(number), cost, currency, **tags) | of


def absent(folder: Path, *rows: Row) -> tuple[Absence, ...]:
    """The absences in a store of these rows."""
    load_into(folder / "store", write_csv(folder / "bill.csv", list(rows)))
    with opened(folder / "store") as reader:
        return absences(reader)


def months_of(absence: Absence) -> list[int]:
    """Its months, counted from January 2026."""
    return [(one.year - 2026) * 12 + one.month - 1 for one in absence.months]


class TestSilence:
    @pytest.mark.parametrize(("last", "told"), [(9, False), (8, False), (7, True), (6, True), (2, True), (1, False)])
    def test_it_is_told_from_the_first_closed_month_on_for_half_a_year(self, last, told, tmp_path):
        """AWS goes on to October 2026: September is the last closed month."""
        found = absent(tmp_path, *(aws(at) for at in range(10)), *(azure(at) for at in range(last + 1)))
        assert [(one.told, months_of(one)) for one in found] == (
            [((AZURE, Window(month(last), month(last + 1)), ()), list(range(last + 1, 9)))] if told else []
        )

    @pytest.mark.parametrize(("last", "unknown"), [(7, True), (6, True), (5, False)])
    def test_two_closed_months_may_be_a_bill_that_is_late(self, last, unknown, tmp_path):
        (found,) = absent(tmp_path, *(aws(at) for at in range(10)), *(azure(at) for at in range(last + 1)))
        assert found.is_unknown is unknown and not found.is_over

    @pytest.mark.parametrize(
        ("used", "told"),
        [
            pytest.param((1, 4, 7), [], id="a quarter's invoice of August 2026"),
            pytest.param((0, 3, 6), [], id="of July, silent for two months as ever"),
            pytest.param((-1, 2, 5), [6, 7, 8], id="of June: that of September is missing"),
            pytest.param((-3, 3), [], id="twice a year"),
            pytest.param((0, 1, 2, 3, 5, 6, 7), [8], id="every month but one"),
            pytest.param((6, 7), [8], id="two months old"),
            pytest.param((7,), [8], id="one month old"),
        ],
    )
    def test_one_that_comes_and_goes_is_told_once_it_is_silent_for_longer_than_ever(self, used, told, tmp_path):
        """A vendor that bills by the quarter was named as missing, its next two months unknown, after each invoice."""
        found = absent(tmp_path, *(aws(at) for at in range(-3, 10)), *(azure(at) for at in used))
        since = [one for one in found if not one.is_over]
        assert [months_of(one) for one in since] == ([told] if told else [])

    @pytest.mark.parametrize(("cost", "told"), [(0.49, False), (0.5, True), (-40, False)])
    def test_small_change_and_credits_are_not_told(self, cost, told, tmp_path):
        """Half a per cent of a month of 100 dollars is 50 cents."""
        assert bool(absent(tmp_path, *(aws(at, 100 - cost) for at in range(10)), azure(3, cost))) is told

    def test_a_share_is_of_the_same_currency(self, tmp_path):
        """40 cents are nothing beside 100 dollars; in euros they are all there is."""
        (found,) = absent(tmp_path, *(aws(at) for at in range(10)), azure(5, 0.4, "EUR"))
        assert (found.name, found.share) == (AZURE, 1)

    def test_a_tax_since_is_no_usage(self, tmp_path):
        rows = [*(aws(at) for at in range(10)), azure(5), azure(8) | {"ChargeCategory": "Tax"}]
        (found,) = absent(tmp_path, *rows)
        assert found.told == (AZURE, Window(month(5), month(6)), ())

    def test_an_account_of_one_month_long_before_is_told_and_breaks_nothing(self, tmp_path):
        """From February to September 2026 no bill is loaded; since then AWS alone."""
        (found,) = absent(tmp_path, aws(0), azure(0), aws(9), aws(10))
        assert (found.name, months_of(found)) == (AZURE, [9])

    def test_one_account_alone_is_never_silent(self, tmp_path):
        assert absent(tmp_path, aws(0), aws(9)) == ()


class TestGaps:
    def gaps(self, folder: Path, used: list[int], *more: Row) -> list[list[int]]:
        """The gaps of Azure with usage in these months, beside AWS through a year."""
        found = absent(folder, *(aws(at) for at in range(12)), *(azure(at) for at in used), *more)
        assert all(one.name == AZURE for one in found)
        return [months_of(one) for one in found if one.is_over]

    @pytest.mark.parametrize(
        ("lacking", "gaps"),
        [
            pytest.param([], [], id="none"),
            pytest.param([5], [[5]], id="a month"),
            pytest.param([5, 6], [[5, 6]], id="two in a row"),
            pytest.param([5, 6, 7], [], id="three in a row: it was off"),
            pytest.param([1], [[1]], id="the second month of the bills"),
            pytest.param([0], [], id="the first: it had not begun"),
            pytest.param([2, 9], [[2], [9]], id="far apart"),
            pytest.param([1, 3, 5, 7, 9], [], id="every other month: it comes and goes"),
        ],
    )
    def test_a_month_or_two_between_months_with_usage(self, lacking, gaps, tmp_path):
        assert self.gaps(tmp_path, [at for at in range(12) if at not in lacking]) == gaps

    def test_a_tax_in_it_is_a_bill(self, tmp_path):
        used = [at for at in range(12) if at != 5]
        assert self.gaps(tmp_path, used, azure(5) | {"ChargeCategory": "Tax"}) == []

    def test_a_month_that_no_account_has_is_a_missing_bill_and_no_gap(self, tmp_path):
        rows = [one(at) for at in range(12) if at != 5 for one in (aws, azure)]
        assert absent(tmp_path, *rows) == ()

    def test_beside_a_missing_month_a_gap_is_its_own_month(self, tmp_path):
        """June has no bill at all and July none of Azure."""
        rows = [*(aws(at) for at in range(12) if at != 5), *(azure(at) for at in range(12) if at not in (5, 6))]
        (found,) = absent(tmp_path, *rows)
        assert months_of(found) == [6]

    @pytest.mark.parametrize(("cost", "compared"), [(5.2, True), (5.3, False)])
    def test_only_a_large_account_hinders_a_comparison(self, cost, compared, tmp_path):
        """5.2 beside 100 are 4.9 % and 5.3 are 5.03 %."""
        rows = [*(aws(at) for at in range(6)), *(azure(at, cost) for at in (0, 1, 3, 4, 5))]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        with opened(tmp_path / "store") as reader:
            assert incomplete_months(reader) == (() if compared else (month(2),))

    def test_missing_months_hinder_one_too(self, tmp_path):
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [aws(0), aws(2), aws(3)]))
        with opened(tmp_path / "store") as reader:
            assert incomplete_months(reader) == (month(1),)

    @pytest.mark.parametrize(("last", "lacking"), [(7, [8]), (6, [7, 8]), (5, [])])
    def test_silence_does_as_long_as_a_bill_may_be_missing(self, last, lacking, tmp_path):
        rows = [*(aws(at) for at in range(10)), *(azure(at) for at in range(last + 1))]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        with opened(tmp_path / "store") as reader:
            assert incomplete_months(reader) == tuple(month(at) for at in lacking)


class TestSegments:
    """Azure pays for the model gpt and half of mixed; May is a gap of it."""

    def rows(self, azures: list[int]) -> list[Row]:
        """Bills of a year: AWS in every month, Azure in these."""
        of_aws = [aws(at, cost, model=model) for at in range(12) for model, cost in (("llama", 100), ("mixed", 50))]
        return of_aws + [azure(at, cost, model=model) for at in azures for model, cost in (("gpt", 100), ("mixed", 50))]

    def unbilled(self, folder: Path, azures: list[int]) -> list[tuple[Window, set[str | None]]]:
        load_into(folder / "store", write_csv(folder / "bill.csv", self.rows(azures)), rules=RULES)
        with opened(folder / "store") as reader:
            asked = Question(("x_Model",), grain=Grain.DAY, window=reader.window())
            return [(days, {key[0] for key in keys}) for days, keys in unbilled_segments(reader, asked, "USD")]

    def test_those_on_the_account_around_a_gap(self, tmp_path):
        found = self.unbilled(tmp_path, [at for at in range(12) if at != 4])
        assert found == [(Window(month(4), month(5)), {"gpt", "mixed"})]

    def test_and_since_it_is_silent_to_the_last_day(self, tmp_path):
        """The last line item of AWS is of 1 December."""
        found = self.unbilled(tmp_path, list(range(9)))
        assert found == [(Window(month(9), date(2026, 12, 2)), {"gpt", "mixed"})]

    def test_after_three_closed_months_of_silence_it_has_ended(self, tmp_path):
        assert self.unbilled(tmp_path, list(range(8))) == []

    def test_filters_narrow_them(self, tmp_path):
        load_into(
            tmp_path / "store",
            write_csv(tmp_path / "bill.csv", self.rows([at for at in range(12) if at != 4])),
            rules=RULES,
        )
        with opened(tmp_path / "store") as reader:
            only = (Filter("x_Model", ("llama",)),)
            asked = Question(("x_Model",), grain=Grain.DAY, window=reader.window(), filters=only)
            assert unbilled_segments(reader, asked, "USD") == [(Window(month(4), month(5)), set())]

    def test_a_forecast_takes_its_days_as_unknown(self, tmp_path):
        load_into(
            tmp_path / "store",
            write_csv(tmp_path / "bill.csv", self.rows([at for at in range(12) if at != 4])),
            rules=RULES,
        )
        with opened(tmp_path / "store") as reader:
            found = days_of(reader, ["x_Model"])
        may = slice((month(4) - found.window.start).days, (month(5) - found.window.start).days)
        lacking = {key[0]: bool(np.isnan(spend[may]).all()) for key, spend in zip(found.keys, found.spend, strict=True)}
        assert lacking == {"gpt": True, "mixed": True, "llama": False}
