"""The plan file: what is read, what is refused and how, what is written, and that every field is documented."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.roadmap.plan_errors import FieldRefusal, PlanError
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.plan_file import held, parse_plan, plan_from, plan_text, read_plan
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.plan_parts import every_field, fields_at

DOCUMENT = Path(__file__).parents[2] / "docs" / "plan-file.md"

WHOLE = """\
plan: {name: Fraud minus 30 %, start: 2026-01, months: 3, currency: USD, discount_rate: 0.10, fiscal_year_start: 1,
       paths: 10000, seed: 7, target: {reduction: 0.30, by: 2026-03, scope: {x_Model: [fraud-scorer]}}}
capacity: {ml_engineer: 8, platform_engineer: 6}
budget: {one_off: 250000, one_off_per_quarter: 120000}
initiatives:
  - id: quantise-fraud
    title: Quantise the fraud scorer
    owner: Fraud ML
    lever: quantisation
    scope: {x_Model: [fraud-scorer], x_Stage: [real-time inference]}
    saving: {low: 0.20, likely: 0.30, high: 0.45}
    start: 2026-02
    ramp_months: 2
    delay_months: {low: 0, likely: 0, high: 2}
    probability: 0.8
    one_off_cost: 20000
    running_cost: 500
    effort: {ml_engineer: 6}
    releases: instance
    benefit: {low: 0, likely: 0, high: 0, start: 2026-03, ramp_months: 0, evidence: none}
    added_spend: 0
    quality_effect: {metric: precision, likely: -0.002, value_per_point: 40000}
    depends_on: []
    alternative_group: fraud-serving
    guardrail: {metric: precision, floor: 0.91, failure_probability: 0.05, detect_months: 2}
    ab_test: {metric: precision, minimum_effect: 0.005, power: 0.8, days: 14}
    fallback: keep the FP16 endpoint warm for 30 days
    track: technical
    phase: optimisation
    bucket: run
    finops_phase: optimize
    stage: L2
    objective: O2-KR1
    reinvest: {to: project Y, share: 0.5}
baseline:
  - {segment: {x_Team: Fraud, x_Model: fraud-scorer, x_Stage: real-time inference}, monthly: [100000, 1.5, 0]}
"""


def test_every_field_of_a_whole_plan_is_read():
    plan = parse_plan(WHOLE)
    (one,) = plan.initiatives
    assert plan.plan.start == date(2026, 1, 1)
    assert plan.plan.target.reference == "last_quarter"
    assert (one.saving.low, one.saving.high, one.saving.mean) == (0.20, 0.45, pytest.approx(1.85 / 6))
    assert (one.releases.what, one.releases.month) == ("instance", None)
    assert one.delay_months.high == 2 and isinstance(one.delay_months.high, int)
    assert one.scope == {"x_Model": ("fraud-scorer",), "x_Stage": ("real-time inference",)}
    assert plan.baseline[0].monthly == (100000.0, 1.5, 0.0)
    assert plan.start_of(one) == 1 and one.person_weeks == 6


def test_what_is_written_is_read_back_as_the_same_plan(tmp_path):
    plan = parse_plan(WHOLE)
    (tmp_path / "plan.yaml").write_text(plan_text(plan), encoding="utf-8")
    assert read_plan(tmp_path / "plan.yaml") == plan
    assert plan_text(parse_plan(plan_text(plan))) == plan_text(plan)


def test_export_is_short_and_in_the_order_of_the_fields():
    lines = plan_text(parse_plan("plan: {start: 2026-01, months: 2}\ninitiatives: [{id: b}, {saving: 0.5, id: a}]\n"))
    assert lines == (
        "plan: {start: 2026-01, months: 2}\ninitiatives:\n- {id: b}\n- id: a\n"
        "  saving: {low: 0.5, likely: 0.5, high: 0.5}\n"
    )


def test_export_keeps_a_zero_that_somebody_stated():
    stated = "plan: {start: 2026-01, months: 2}\ninitiatives:\n- {id: a, one_off_cost: 0, running_cost: 12.5}\n"
    assert plan_text(parse_plan(stated)) == stated


def test_one_changed_figure_is_one_changed_line():
    before = plan_text(parse_plan(WHOLE)).splitlines()
    after = plan_text(parse_plan(WHOLE.replace("likely: 0.30", "likely: 0.31"))).splitlines()
    assert len(before) == len(after)
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        ("  saving: {low: 0.2, likely: 0.3, high: 0.45}", "  saving: {low: 0.2, likely: 0.31, high: 0.45}")
    ]


def test_long_words_stand_on_a_line_of_their_own():
    long = WHOLE.replace(
        "    objective: O2-KR1\n", f"    case: {{basis: {'load test ' * 10}, evidence: {'bill of May ' * 8}}}\n"
    )
    lines = plan_text(parse_plan(long)).splitlines()
    assert "  case:" in lines
    assert f"    basis: {'load test ' * 10}".rstrip() in lines


def test_order_of_keys_in_the_file_does_not_matter_to_the_export():
    one = "plan: {months: 2, start: 2026-01}\ninitiatives:\n- {saving: 0.5, id: a, effort: {b: 1, a: 2}}\n"
    other = "initiatives:\n- {effort: {b: 1, a: 2}, id: a, saving: 0.5}\nplan: {start: 2026-01, months: 2}\n"
    assert plan_text(parse_plan(one)) == plan_text(parse_plan(other))


def test_what_a_part_holds_is_the_plan_again():
    plan = parse_plan(WHOLE)
    assert plan_from(held(plan), "Fraud") == plan
    assert held(plan.initiatives[0])["saving"] == {"low": 0.2, "likely": 0.3, "high": 0.45}


def test_a_plan_that_is_no_file_is_refused_without_a_line():
    held_wrong = held(parse_plan(WHOLE))
    held_wrong["initiatives"][0]["start"] = "2027-01"
    with pytest.raises(PlanError, match=r"^Fraud, initiatives\[quantise-fraud\]\.start: 2027-01 lies outside the plan"):
        plan_from(held_wrong, "Fraud")


def test_one_number_and_a_missing_end_are_estimates():
    assert Estimate.model_validate(0.3) == Estimate(low=0.3, likely=0.3, high=0.3)
    assert Estimate.model_validate({"likely": 2, "high": 4}) == Estimate(low=2, likely=2, high=4)


REFUSED = [
    ("high: 0.45", "high: 1.0", 11, "initiatives[quantise-fraud].saving: a saving of 1 of the spend", "high < 1"),
    ("low: 0.20", "low: -0.1", 11, "saving of -0.1", "0 <= low"),
    ("low: 0.20", "low: 0.35", 11, "low 0.35, likely 0.3, high 0.45 are out of order", "low <= likely <= high"),
    ("ramp_months: 2", "ramp_monhs: 2", 13, "ramp_monhs is not a field here", "Did you mean ramp_months?"),
    ("start: 2026-02", "start: 2026-13", 12, "initiatives[quantise-fraud].start: 2026-13 is not a month", "2026-03"),
    ("start: 2026-02", "start: 2026-02-15", 12, "is not a month", "Write it as YYYY-MM"),
    ("start: 2026-02", "start: 2025-12", 12, "2025-12 lies outside the plan", "from 2026-01 to 2026-03"),
    ("by: 2026-03", "by: 2027-03", 2, "plan.target.by: 2027-03 lies outside", "from 2026-01 to 2026-03"),
    ("probability: 0.8", "probability: 80", 15, "probability: 80 is refused", "1 or less"),
    ("probability: 0.8", "probability: yes", 15, "True is not a number", "without yes or no"),
    ("probability: 0.8", "probability: .nan", 15, "nan is refused", "a number that is finite"),
    ("high: 2}", "high: 1.5}", 14, "1.5 is refused", "a whole number"),
    ("one_off_cost: 20000", "one_off_cost: -1", 16, "-1 is refused", "0 or more"),
    ("one_off_cost: 20000", "one_off_cost: 1e+99", 16, "1e+99 is too large", "1,000,000,000,000,000 or less"),
    ("ramp_months: 2", "ramp_months: 9999", 13, "9999 is refused", "1,200 or less"),
    ("one_off_cost: 20000", "one_off_cost: twenty", 16, "twenty is refused", "a number"),
    ("track: technical", "track: tech", 28, "track: tech is refused", "'technical', 'process' or 'culture'"),
    ("releases: instance", "releases: pod", 19, "releases.what: pod is refused", "'instance', 'node'"),
    ("releases: instance", "releases: {what: node, month: soon}", 19, "releases.month: soon is not a month", "2026-03"),
    ("depends_on: []", "depends_on: [quantize-fraud]", 23, "depends on quantize-fraud, which is not", "Did you"),
    ("start: 2026-03, ramp", "start: 2026-01, ramp", 20, "begins in 2026-01, before the", "2026-02 or later"),
    ("months: 3", "months: 0", 1, "plan.months: 0 is refused", "1 or more"),
    ("months: 3,", "", 1, "plan.months: months is missing", "a value for months"),
    ("currency: USD", "currency: Dollar", 1, "Dollar is not a currency", "ISO 4217"),
    ("1.5, 0]", "1.5]", 36, "baseline[1].monthly: 2 monthly amounts for a plan of 3 months", "3 amounts"),
    ("likely: 0.30, ", "", 11, "saving.likely: likely is missing", "a value for likely"),
    ("owner: Fraud ML", "title: Other", 8, "title stands twice", "it once"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "line", "problem", "help_"), REFUSED)
def test_a_refusal_names_line_field_expectation_and_fix(good, bad, line, problem, help_):
    assert WHOLE.count(good) >= 1
    with pytest.raises(PlanError) as caught:
        parse_plan(WHOLE.replace(good, bad, 1), "fraud.yaml")
    words = str(caught.value)
    assert words.startswith(f"fraud.yaml, line {line}")
    assert problem in words
    assert help_ in words
    assert "\n" not in words and "pydantic" not in words and "function" not in words


def test_ids_are_unique_and_circles_are_refused():
    head = "plan: {start: 2026-01, months: 2}\ninitiatives:\n"
    with pytest.raises(PlanError, match=r"line 3, .*2 initiatives are called a"):
        parse_plan(head + "- {id: a}\n- {id: a}\n")
    with pytest.raises(PlanError, match="a, b wait for each other"):
        parse_plan(head + "- {id: a, depends_on: [b]}\n- {id: b, depends_on: [a]}\n")
    with pytest.raises(PlanError, match="a depends on a"):
        parse_plan(head + "- {id: a, depends_on: [a]}\n")


def test_a_segment_given_twice_is_refused():
    given_twice = "- {segment: {x_Team: A}, monthly: [1, 2]}\n" * 2
    with pytest.raises(PlanError, match="given twice"):
        parse_plan("plan: {start: 2026-01, months: 2}\nbaseline:\n" + given_twice)


@pytest.mark.parametrize("text", ["", "- a\n", "plan: [", "just words", "plan: {start: 2026-01, months: 2", "\x00"])
def test_what_is_no_plan_is_refused_in_words(text):
    with pytest.raises(PlanError, match=r"^plan (is not YAML|holds no plan)"):
        parse_plan(text)


def test_no_code_is_run_from_a_plan_file():
    with pytest.raises(PlanError, match="is not YAML"):
        parse_plan("plan: !!python/object/apply:os.getcwd []")


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(PlanError, match=r"absent\.yaml does not exist"):
        read_plan(tmp_path / "absent.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PlanError, match=r"bytes\.yaml cannot be read"):
        read_plan(tmp_path / "bytes.yaml")


def test_refusals_are_children_of_the_projects_errors():
    assert issubclass(PlanError, InputError)
    assert FieldRefusal("p", expected="e", fix="f", place=("a", 1)).place == ("a", 1)


def test_a_plan_built_in_python_meets_the_same_rules():
    circle = [{"id": "a", "depends_on": ["b"]}, {"id": "b", "depends_on": ["a"]}]
    with pytest.raises(ValueError, match="wait for each other"):
        Plan.model_validate({"plan": {"start": "2026-01", "months": 2}, "initiatives": circle})


def test_a_restarted_plan_moves_the_benefit_along():
    plan = parse_plan(WHOLE).restarted({"quantise-fraud": 0})
    (one,) = plan.initiatives
    assert (one.start, one.benefit.start) == (date(2026, 1, 1), date(2026, 2, 1))
    assert parse_plan(WHOLE).restarted({}).initiatives == ()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_nothing_else(text):
    try:
        parse_plan(text)
    except PlanError as refusal:
        assert refusal.problem


def documented() -> dict[str, tuple[str, str, str]]:
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", DOCUMENT.read_text(encoding="utf-8"), re.M)
    return {name: (unit.strip(), default.strip(), meaning.strip()) for name, unit, default, meaning in rows}


def test_every_field_is_documented_with_unit_default_and_meaning():
    rows = documented()
    fields = dict(every_field())
    assert list(rows) == list(fields)
    for name, default in fields.items():
        unit, told, meaning = rows[name]
        assert unit and meaning.endswith(".")
        assert (told == "required") == (default is ...), name
        if isinstance(default, int | float | str) and default != "":
            assert told == (default if isinstance(default, str) else f"{default:g}"), name


def test_the_documented_example_is_a_plan():
    text = DOCUMENT.read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    assert parse_plan(example).initiatives[0].id == "quantise-fraud"


def test_the_fields_of_a_place():
    assert fields_at(("initiatives", 3, "guardrail")) == [
        "metric",
        "floor",
        "level",
        "failure_probability",
        "detect_months",
    ]
    assert "initiatives" in fields_at(())
    assert yaml.safe_load(plan_text(parse_plan(WHOLE)))["plan"]["start"] == "2026-01"


def test_what_is_wrong_is_also_told_without_its_place():
    """A plan's name may hold what stands between place and problem."""
    held = {"plan": {"name": "A: b", "start": "2026-01", "months": 0}}
    with pytest.raises(PlanError) as refused:
        plan_from(held, "A: b")
    assert (refused.value.told, refused.value.place) == ("0 is refused", ("plan", "months"))
    with pytest.raises(PlanError) as missing:
        parse_plan("[]", "A: b")
    assert missing.value.told == missing.value.problem


class TestColumnsOfScopes:
    """A scope by a column that there is not would hold nothing, and the plan would save nothing unnoticed."""

    HEAD = (
        "plan: {start: 2026-01, months: 1%s}\ninitiatives:\n  - id: a\n    saving: 0.1\n    scope:\n      x_Team: [A]\n"
    )

    @pytest.mark.parametrize(
        ("column", "fix"),
        [
            ("x_Modle", "Write x_Model."),
            ("team", "Write x_Team."),
            ("AccountName", "Write SubAccountName or BillingAccountName."),
            ("colour", "Take one of x_BusinessUnit, x_Team, "),
        ],
    )
    def test_it_is_refused_with_its_line_and_what_is_near(self, column, fix):
        with pytest.raises(PlanError) as refused:
            parse_plan(f"{self.HEAD % ''}      {column}: [b]\n", "f.yaml")
        said = f"f.yaml, line 7, initiatives[a].scope.{column}: there is no column {column}"
        assert refused.value.problem == said
        assert refused.value.place == ("initiatives", 0, "scope", column)
        assert refused.value.told == f"there is no column {column}"
        assert refused.value.expected and refused.value.fix.startswith(fix)

    def test_the_scope_of_the_target_is_looked_at_too(self):
        target = ", target: {reduction: 0.1, by: 2026-01, scope: {x_Modle: [b]}}"
        with pytest.raises(PlanError, match=r"line 1, plan.target.scope.x_Modle: there is no column x_Modle"):
            parse_plan(self.HEAD % target)

    @pytest.mark.parametrize(
        "column", ["x_Team", "x_model", "ServiceName", "providername", "service_name", "ResourceId"]
    )
    def test_columns_of_bills_are_taken_in_any_spelling(self, column):
        plan = parse_plan(f"plan: {{start: 2026-01, months: 1}}\ninitiatives: [{{id: a, scope: {{{column}: [b]}}}}]")
        assert plan.initiatives[0].scope == {column: ("b",)}

    def test_a_plan_with_spend_of_its_own_has_columns_of_its_own(self):
        own = "baseline:\n  - {segment: {Squad: s}, monthly: [5]}\n"
        assert parse_plan(f"{self.HEAD % ''}      Squad: [s]\n{own}").initiatives[0].scope["Squad"] == ("s",)
        with pytest.raises(PlanError, match=r"there is no column Sqad.*Write Squad\."):
            parse_plan(f"{self.HEAD % ''}      Sqad: [s]\n{own}")

    def test_a_saved_plan_stays_readable(self):
        """What an older version took is shown, so that somebody can correct it."""
        held = {"plan": {"start": "2026-01", "months": 1}, "initiatives": [{"id": "a", "scope": {"x_Modle": ["b"]}}]}
        assert plan_from(held, "old").initiatives[0].scope == {"x_Modle": ("b",)}
