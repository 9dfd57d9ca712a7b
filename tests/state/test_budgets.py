"""Budgets: the file that brings one in, and the versions that are kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.budget import Budget, BudgetLine
from costlib.errors import InputError
from costlib.fiscal import WeekCalendar
from costlib.money import exact
from costlib.state.budget_file import read_budget
from costlib.state.budgets import budget_for, budgets, budgets_for, last_withdrawn, lock_budget, unlock_budget
from costlib.state.records import State

TODAY = date(2026, 1, 5)
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


def read(text: str, name: str = "FY26", fiscal_start: int = 1) -> Budget:
    return read_budget(text.encode(), name, TODAY, fiscal_start)


#: Decimal commas for points, and points between thousands for commas.
SWAPPED = str.maketrans(",.", ".,")


def refused(text: str) -> str:
    with pytest.raises(InputError) as error:
        read(text)
    return str(error.value)


def amounts(*cells: str, mark: str = ";") -> list[D]:
    """What is read of the cells, one a month; ``mark`` stands between cells."""
    lines = [f'A{mark}2026-{month:02d}{mark}"{cell}"{mark}EUR' for month, cell in enumerate(cells, start=1)]
    return [line.amount for line in read("\n".join(["team,month,amount,currency".replace(",", mark), *lines])).lines]


class TestDecimalMark:
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    @pytest.mark.parametrize(
        ("cells", "read"),
        [
            (["16000,50"], ["16000.50"]),
            (["16.000,50", "1.250.000"], ["16000.50", "1250000"]),
            (["16.000", "0,5"], ["16000", "0.5"]),
            (["16.000", "1.250.000"], ["16000", "1250000"]),
            (["-16.000", "-7,5"], ["-16000", "-7.5"]),
            (["16,000.50"], ["16000.50"]),
            (["16.000", "120.50"], ["16", "120.50"]),
            (["16.000", "0.125"], ["16", "0.125"]),
            (["16.000", "1600.125"], ["16", "1600.125"]),
            (["16,000", "1,250,000"], ["16000", "1250000"]),
            (["16,000", "120.5"], ["16000", "120.5"]),
            (["16000", "-7"], ["16000", "-7"]),
        ],
    )
    def test_the_numbers_tell_it_whatever_separates_the_cells(
        self, cells: list[str], read: list[str], mark: str
    ) -> None:
        assert amounts(*cells, mark=mark) == [D(one) for one in read]
        assert amounts(*cells[::-1], mark=mark) == [D(one) for one in read[::-1]]

    @pytest.mark.parametrize(
        ("cells", "mark", "problem"),
        [
            (["16.000", "800"], ",", "line 2: the amount 16.000 may be 16000 or 16; write 16000 or 16.0000"),
            (["16.000"], ";", "line 2: the amount 16.000 may be 16000 or 16; write 16000 or 16.0000"),
            (["-16.125"], ",", "line 2: the amount -16.125 may be -16125 or -16.125; write -16125 or -16.1250"),
            (["16,000"], ";", "line 2: the amount 16,000 may be 16000 or 16; write 16000 or 16,0000"),
            (["16,000", "1.000"], ",", "line 2: the amount 16,000 may be 16000 or 16"),
            (["16,000", "1,65"], ",", "line 2: the amount 16,000 may be 16000 or 16"),
        ],
    )
    def test_thousands_that_may_be_units_are_refused(self, cells: list[str], mark: str, problem: str) -> None:
        with pytest.raises(InputError) as error:
            amounts(*cells, mark=mark)
        assert problem in str(error.value)

    @pytest.mark.parametrize("cells", [["16.000"], ["-16.125"], ["16,000"]])
    def test_what_the_refusal_tells_to_write_is_read_as_it_says(self, cells: list[str]) -> None:
        with pytest.raises(InputError) as error:
            amounts(*cells)
        large, small = str(error.value).split("; write ")[1].split(". ")[0].split(" or ")
        assert amounts(large) == [amounts(small)[0] * 1000]

    @pytest.mark.parametrize(
        ("cells", "problem"),
        [
            (
                ["120.50", "16000,5"],
                "line 3: the amount is 16000,5, expected a number such as 120000.00, with the decimal",
            ),
            (
                ["16000,5", "120.50"],
                "line 3: the amount is 120.50, expected a number such as 120000,00, with the decimal",
            ),
            (["1,5", "many"], "line 3: the amount is many, expected a number such as 120000,00."),
        ],
    )
    def test_two_decimal_marks_in_a_file_are_refused(self, cells: list[str], problem: str) -> None:
        with pytest.raises(InputError) as error:
            amounts(*cells)
        assert problem in str(error.value)

    def test_quantities_tell_it_too_and_are_told_by_amounts(self) -> None:
        header = "team;month;amount;currency;quantity;unit\n"
        one = read(f"{header}A;2026-01;16.000;EUR;7,5;Hrs\n").lines[0]
        assert (one.amount, one.quantity) == (16000, D("7.5"))
        other = read(f"{header}A;2026-01;7.50;EUR;1.125;Hrs\n").lines[0]
        assert (other.amount, other.quantity) == (D("7.5"), D("1.125"))
        assert "line 2: the quantity 1.125 may be 1125 or 1.125" in refused(f"{header}A;2026-01;7;EUR;1.125;Hrs\n")

    @given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=12), st.booleans())
    def test_money_reads_as_it_was_written_in_either_way(self, money: list[D], grouped: bool) -> None:
        written = [f"{one:,.2f}" if grouped else f"{one:.2f}" for one in money]
        assert amounts(*written, mark=",") == amounts(*(one.translate(SWAPPED) for one in written)) == money


class TestFile:
    def test_every_line_is_read(self) -> None:
        found = read('team,month,amount,currency\nFraud,2026-01,"120,000.50",USD\n,2026-02-01,-5,usd\n')
        assert found.lines == (BudgetLine("Fraud", JAN, D("120000.50")), BudgetLine(None, FEB, D(-5)))
        assert (found.version, found.currency, found.locked_on, found.fiscal_start) == ("FY26", "USD", TODAY, 1)

    def test_columns_in_any_order_and_case_with_others_beside(self) -> None:
        found = read("Currency, Amount ,note,MONTH,Team\r\nEUR,7,x,2026-02,Search\r\n\r\n")
        assert found.lines == (BudgetLine("Search", FEB, D(7)),)
        assert found.currency == "EUR"

    def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_it(self) -> None:
        assert (
            read_budget(b"\xef\xbb\xbfteam,month,amount,currency\nA,2026-01,1,USD\n", "x", TODAY).lines[0].team == "A"
        )

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("A,2026-13,1,USD", "line 2: the month is 2026-13"),
            ("A,January,1,USD", "line 2: the month is January"),
            ("A,,1,USD", "line 2: the month is empty"),
            ("A,2026-01,,USD", "line 2: the amount is empty"),
            ("A,2026-01,1e5,USD", "line 2: the amount is 1e5"),
            ("A,2026-01,NaN,USD", "line 2: the amount is NaN"),
            ('A,2026-01,"1,2,3",USD', "line 2: the amount is 1,2,3"),
            ("A,2026-01,1,DOLLAR", "line 2: the currency is DOLLAR"),
            ("A,2026-01", "line 2: the currency is empty"),
        ],
    )
    def test_a_line_that_cannot_be_used_is_named(self, line: str, problem: str) -> None:
        assert problem in refused(f"team,month,amount,currency\n{line}\n")

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("A,2026-01,1,USD,5,", "line 2: the unit is empty, expected both or neither"),
            ("A,2026-01,1,USD,,Hrs", "line 2: the quantity is empty, expected both or neither"),
            ("A,2026-01,1,USD,many,Hrs", "line 2: the quantity is many"),
            ("A,2026-01,1,USD,-1,Hrs", "line 2: the quantity is -1, expected 0 or more"),
            ("A,2026-01,1,USD,1,Hrs\nA,2026-01,1,USD,1,Hrs", "line 3: A has a line for 2026-01 in Hrs already"),
        ],
    )
    def test_a_quantity_that_cannot_be_used_is_named(self, line: str, problem: str) -> None:
        assert problem in refused(f"team,month,amount,currency,quantity,unit\n{line}\n")

    def test_quantities_are_read_where_there_are_any(self) -> None:
        found = read('team,month,amount,currency,unit,quantity\nA,2026-01,9,USD,Hrs,"1,200.5"\nA,2026-01,4,USD,,\n')
        assert found.lines == (BudgetLine("A", JAN, D(9), D("1200.5"), "Hrs"), BudgetLine("A", JAN, D(4)))
        assert found.of("A", [JAN]) == D(13)
        assert found.of_units([JAN]) == {("A", "Hrs"): (D(9), D("1200.5"))} and found.of_units([FEB]) == {}

    def test_all_problems_are_told_at_once(self) -> None:
        said = refused("team,month,amount,currency\nA,x,1,USD\nA,2026-01,1,USD\nA,2026-01,2,USD\nB,2026-01,1,EUR\n")
        assert said.startswith("3 lines of the budget cannot be used: line 2: the month is x")
        assert "line 4: A has a line for 2026-01 already" in said
        assert "line 5: EUR after USD: a budget has one currency" in said

    def test_many_problems_are_counted(self) -> None:
        assert "and 5 more" in refused("team,month,amount,currency\n" + "A,x,1,USD\n" * 15)

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "no column team, month, amount, currency"),
            (
                "team;month;amount\nA;2026-01;1\n",
                "no column currency. Expected: the columns team, month, amount, currency",
            ),
            ("team,amount\nA,1\n", "no column month, currency"),
            ("team,month,amount,currency\n", "no line"),
        ],
    )
    def test_a_file_that_holds_no_budget(self, text: str, problem: str) -> None:
        assert problem in refused(text)

    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_cells_are_separated_by_commas_semicolons_or_tabs(self, mark: str) -> None:
        found = read("team,month,amount,currency\nA,2026-01,16000,EUR\n".replace(",", mark))
        assert found.lines == (BudgetLine("A", JAN, D(16000)),)

    def test_a_line_with_more_cells_than_columns_is_refused(self) -> None:
        """A decimal comma without quotes would lose its decimals, and a comma between thousands its thousands."""
        said = refused("team,month,currency,amount\nA,2026-01,EUR,16,000\nB,2026-01,EUR,16,\n")
        assert "line 2: 1 cell too many; a number that has commas stands in quotes" in said
        assert "line 3" not in said

    def test_bytes_that_are_no_text(self) -> None:
        with pytest.raises(InputError, match="not readable text"):
            read_budget(b"team,month\xff", "FY26", TODAY)

    def test_a_budget_has_a_name(self) -> None:
        with pytest.raises(InputError, match="no name"):
            read("team,month,amount,currency\nA,2026-01,1,USD\n", " ")

    @given(
        st.dictionaries(
            st.tuples(st.integers(1, 9), st.integers(1, 12)),
            st.decimals(min_value=-(10**9), max_value=10**9, places=2),
            min_size=1,
            max_size=20,
        )
    )
    def test_what_is_written_is_read(self, amounts: dict[tuple[int, int], D]) -> None:
        rows = [f"Team {team},2026-{month:02d},{exact(amount)},USD" for (team, month), amount in amounts.items()]
        found = read("team,month,amount,currency\n" + "\n".join(rows))
        assert found.total([date(2026, month, 1) for month in range(1, 13)]) == sum(amounts.values())
        assert len(found.lines) == len(amounts)


#: The calendar of US retailers; its year 2026 begins on 2 February 2025.
RETAIL = WeekCalendar("4-5-4", 1, nearest=True)


class TestWeeks:
    def test_periods_by_name_and_by_a_day_in_them(self) -> None:
        rows = "Search,FY26-P01,1,USD\nSearch,fy26p12,2,USD\nSearch,2025-03-02,3,USD\nSearch,2025-05-03,4,USD"
        found = read_budget(f"team,period,amount,currency\n{rows}\n".encode(), "FY26", TODAY, RETAIL)
        starts = [date(2025, 2, 2), date(2026, 1, 4), date(2025, 3, 2), date(2025, 4, 6)]
        assert [line.month for line in found.lines] == starts
        assert found.year(date(2026, 1, 31)) == RETAIL.starts(2026) and len(found.quarter(JAN)) == 3
        assert found.after(date(2026, 1, 4)) == date(2026, 2, 1)

    @pytest.mark.parametrize("text", ["2026-01", "FY26-P13", "FY26-P00", "January", ""])
    def test_a_month_says_too_little(self, text: str) -> None:
        with pytest.raises(InputError, match=r"the period is .*, expected one such as FY26-P03, or a day in it"):
            read_budget(f"team,month,amount,currency\nA,{text},1,USD\n".encode(), "x", TODAY, RETAIL)

    def test_a_line_on_another_day_is_no_periods(self) -> None:
        with pytest.raises(InputError, match="first day of a month"):
            Budget("x", TODAY, "USD", (BudgetLine("A", date(2025, 2, 1), D(1)),), RETAIL)

    def test_it_is_kept_with_its_calendar_and_quantities(self, state: State) -> None:
        line = BudgetLine("A", date(2025, 2, 2), D("1.50"), D(3), "Tokens")
        lock_budget(state, Budget("FY26", TODAY, "USD", (line,), RETAIL), "AI spend", who="Ada")
        (held,) = budgets(state)
        assert (held.budget.fiscal_start, held.budget.lines) == (RETAIL, (line,))

    def test_who_asks_by_months_does_not_get_it(self, state: State) -> None:
        line = BudgetLine("A", date(2025, 2, 2), D(1))
        lock_budget(state, Budget("FY26", TODAY, "USD", (line,), RETAIL), "AI spend", who="Ada")
        assert budget_for(budgets(state), "AI spend", "USD", date(2025, 3, 1)) is None


def budget(version: str, month: date = JAN, currency: str = "USD", fiscal_start: int = 1) -> Budget:
    lines = (BudgetLine("Fraud", month, D("10.10")), BudgetLine(None, month, D(5)))
    return Budget(version, TODAY, currency, lines, fiscal_start)


class TestKept:
    def test_what_is_locked_is_read_back_to_the_cent_with_who_and_when(self, state: State) -> None:
        lock_budget(state, budget("FY26", fiscal_start=4), "AI spend", who="Ada")
        (held,) = budgets(state)
        assert (held.scope, held.who, held.budget.locked_on) == ("AI spend", "Ada", TODAY)
        assert held.budget.lines == budget("FY26").lines
        assert (held.budget.version, held.budget.currency, held.budget.fiscal_start) == ("FY26", "USD", 4)

    def test_a_budget_of_before_was_locked_when_it_was_saved(self, state: State) -> None:
        lock_budget(state, budget("FY26"), "AI spend", who="Ada")
        record = state.get("budget", "FY26")
        assert record is not None
        body = {name: value for name, value in record.body.items() if name != "locked_on"}
        state.put("budget", "FY26", body, who="Ada", expected=record.version)
        assert budgets(state)[0].budget.locked_on == date(2026, 11, 1)

    def test_a_locked_version_is_never_overwritten(self, state: State) -> None:
        lock_budget(state, budget("FY26"), "AI spend", who="Ada")
        with pytest.raises(InputError, match="FY26 is locked already"):
            lock_budget(state, budget("FY26", FEB), "AI spend", who="Ben")
        assert budgets(state)[0].budget.lines[0].month == JAN

    def test_the_newest_comes_first_and_is_the_one_in_use(self, state: State) -> None:
        for name in ("FY26", "FY26 revised"):
            lock_budget(state, budget(name), "AI spend", who="Ada")
        held = budgets(state)
        assert [one.budget.version for one in held] == ["FY26 revised", "FY26"]
        found = budget_for(held, "AI spend", "USD", date(2026, 10, 20))
        assert found and found.budget.version == "FY26 revised"

    def test_a_newer_one_of_a_part_of_the_year_does_not_stand_for_the_year(self, state: State) -> None:
        """A reforecast of March alone is newer than the year's budget: the year is still held against that one."""
        year = tuple(BudgetLine("Fraud", date(2026, month, 1), D(7)) for month in range(1, 13))
        lock_budget(state, Budget("FY26", TODAY, "USD", year), "AI spend", who="Ada")
        lock_budget(state, budget("March", date(2026, 3, 1)), "AI spend", who="Ada")
        held = budgets(state)
        every = budgets_for(held, "AI spend", "USD", date(2026, 3, 1))
        assert [one.budget.version for one in every] == ["March", "FY26"]
        found = budget_for(held, "AI spend", "USD", date(2026, 3, 1))
        assert found and found.budget.version == "FY26"

    def test_the_newest_of_a_part_is_in_use_where_none_is_of_the_year(self, state: State) -> None:
        for name, month in (("first", JAN), ("second", FEB)):
            lock_budget(state, budget(name, month), "AI spend", who="Ada")
        found = budget_for(budgets(state), "AI spend", "USD", date(2026, 9, 1))
        assert found and found.budget.version == "second"

    @pytest.mark.parametrize(
        ("scope", "currency", "day"),
        [("All spend", "USD", "2026-10-20"), ("AI spend", "EUR", "2026-10-20"), ("AI spend", "USD", "2027-01-01")],
    )
    def test_a_budget_of_other_spend_currency_or_year_is_not_used(
        self, scope: str, currency: str, day: str, state: State
    ) -> None:
        lock_budget(state, budget("FY26"), "AI spend", who="Ada")
        assert budget_for(budgets(state), scope, currency, date.fromisoformat(day)) is None

    def test_a_fiscal_year_is_the_budgets_own(self, state: State) -> None:
        """January 2026 lies in the fiscal year from April 2025 to March 2026."""
        lock_budget(state, budget("FY26", fiscal_start=4), "AI spend", who="Ada")
        assert budget_for(budgets(state), "AI spend", "USD", date(2025, 4, 1))
        assert budget_for(budgets(state), "AI spend", "USD", date(2026, 4, 1)) is None

    def test_a_withdrawn_budget_is_gone_and_its_name_stays_its_own(self, state: State) -> None:
        lock_budget(state, budget("FY26"), "AI spend", who="Ada")
        unlock_budget(state, "FY26", who="Ben")
        assert budgets(state) == []
        with pytest.raises(InputError, match="FY26 was locked before and is withdrawn") as refused:
            lock_budget(state, budget("FY26", FEB), "AI spend", who="Ada")
        assert "FY26 revised" in str(refused.value.fix) and "undo" in str(refused.value.fix)
        lock_budget(state, budget("FY26 revised", FEB), "AI spend", who="Ada")
        assert [one.budget.version for one in budgets(state)] == ["FY26 revised"]


class TestWithdrawn:
    def test_nothing_is_while_every_budget_stands(self, state: State) -> None:
        assert last_withdrawn(state) is None
        lock_budget(state, budget("FY26"), "AI spend", who="Ada")
        assert last_withdrawn(state) is None

    def test_brought_back_it_is_what_it_was_and_no_newer(self, state: State) -> None:
        """Who undoes a withdrawal did not lock the budget, and the revised one stays the one in use."""
        for name in ("FY26", "FY26 revised"):
            lock_budget(state, budget(name), "AI spend", who="Ada")
        before = budgets(state)
        unlock_budget(state, "FY26", who="Ben")
        entry = last_withdrawn(state)
        assert entry and (entry.key, entry.who, entry.why) == ("FY26", "Ben", "withdrawn")
        state.undo(entry.seq, who="Cleo")
        assert budgets(state) == before
        assert [(one.budget.version, one.who) for one in before] == [("FY26 revised", "Ada"), ("FY26", "Ada")]
        assert last_withdrawn(state) is None

    def test_the_newest_withdrawal_first_then_the_one_before(self, state: State) -> None:
        for name in ("A", "B", "C"):
            lock_budget(state, budget(name), "AI spend", who="Ada")
        found = []
        for name in ("C", "A"):
            unlock_budget(state, name, who="Ben")
        while entry := last_withdrawn(state):
            found.append(entry.key)
            state.undo(entry.seq, who="Ben")
        assert found == ["A", "C"]

    def test_a_refused_name_leaves_the_withdrawn_budget_to_be_brought_back(self, state: State) -> None:
        lock_budget(state, budget("FY26"), "AI spend", who="Ada")
        before = budgets(state)
        unlock_budget(state, "FY26", who="Ben")
        with pytest.raises(InputError):
            lock_budget(state, budget("FY26", FEB), "AI spend", who="Ada")
        entry = last_withdrawn(state)
        assert entry
        state.undo(entry.seq, who="Ben")
        assert budgets(state) == before
