"""What controls buy, in words: hand-worked on a flat outlook."""

from __future__ import annotations

from datetime import date

from costlib.analysis.controls import ControlValues, control_values
from costlib.analysis.layers import Control
from costlib.analysis.ranges import certain
from costlib.briefs.words.control import CONTROL_HEADER, control_rows, controls_finding
from tests.analysis.outlooks import ahead


def values(*controls: Control) -> ControlValues:
    """Three months of 1,000 dollars of Ads and 500 of Fraud on every path."""
    return control_values(ahead([[[1000.0]] * 3, [[500.0]] * 3]), controls)


def control(name: str, team: str, share: float) -> Control:
    return Control(name, "Ada", "measured in May", {"x_Team": [team]}, date(2026, 2, 1), certain(share))


def test_one_control_by_its_saving() -> None:
    """A tenth of Ads in February and March: 200 of 3,000."""
    found = values(control("Quotas", "Ads", 0.1))
    said = controls_finding(found, "USD", "Jan 2026 to Mar 2026")
    assert said == "The planned control saves $200 on average, Jan 2026 to Mar 2026"
    row = dict(zip(CONTROL_HEADER, control_rows(found, "USD")[0], strict=True))
    assert (row["Where"], row["From"], row["Saves on average"]) == ("Ads", "Feb 2026", "$200")
    assert (row["Of what it acts on"], row["Alone"], row["Estimate"]) == ("7% of $3.00K", "$200", "10% / 10% / 10%")


def test_a_range_is_said_where_it_has_a_width() -> None:
    """Two futures: a tenth of 1,000 or of 3,000 dollars in each of two months is 200 or 600."""
    found = control_values(ahead([[[1000.0, 3000.0]] * 3]), [control("Quotas", "Ads", 0.1)])
    said = controls_finding(found, "USD", "Q1")
    low, high = (amounts[0] for amounts in (found.saving.lower, found.saving.upper))
    assert 200 <= low < high <= 600
    assert said == f"The planned control saves $400 on average, between ${low:.0f} and ${high:.0f}, Q1"
    assert control_rows(found, "USD")[0][4] == f"${low:.0f}\xa0to\xa0${high:.0f}"


def test_several_controls_the_largest_first_then_all() -> None:
    """A fifth of Fraud is 200 over two months, a half of Ads 1,000."""
    found = values(control("Quotas", "Fraud", 0.2), control("Shutdown", "Ads", 0.5))
    said = controls_finding(found, "USD", "Q1")
    assert said.startswith("2 planned controls save $1.20K on average, ") and said.endswith("by Shutdown ($1.00K)")
    rows = control_rows(found, "USD")
    assert [row[0] for row in rows] == ["Shutdown", "Quotas", "All"]
    assert [row[3] for row in rows] == ["$1.00K", "$200", "$1.20K"]
    assert all(len(row) == len(CONTROL_HEADER) for row in rows)


def test_two_on_the_same_spend_share_what_they_save() -> None:
    """Half and half of the same 2,000 leave a quarter: 1,500 saved, 750 each, 1,000 alone."""
    rows = control_rows(values(control("a", "Ads", 0.5), control("b", "Ads", 0.5)), "USD")
    assert [(row[3], row[6]) for row in rows] == [("$750", "$1.00K"), ("$750", "$1.00K"), ("$1.50K", "")]
