"""The sample company: native exports, the same to the byte every time, that are loaded like any real bill.

Everything here is invented and says *sample*: the company is Northlight Commerce (sample), account numbers are
those of AWS's documentation, the LLM vendor does not exist. EC2 and Bedrock prices are dated list prices, the
rest are assumptions (``prices``). Twenty-four billing months, from November 2024 to October 2026, the last one open
after 20 October. ``write`` makes the bills:

* a CUR 2.0 export in Parquet, as AWS Data Exports delivers it, about 1.26 million line items (machines by the hour,
  everything else by the day or month), in ``northlight-sample-cur2``; August 2026 is its second, corrected delivery
  (``write_first_delivery`` makes the first);
* ``llm-vendor-focus.csv``, a FOCUS 1.2 file of an LLM vendor, about 10,000 charges;
* ``northlight-sample-azure``, actual and amortised cost of a lake in Europe, in EUR, about 4,000 charges.

Beside them it writes two things that are not part of the company's bill, to be looked at or loaded elsewhere:

* ``northlight-sample-cost-explorer``, Cost Explorer's answers about September 2026, the same money as the CUR 2.0;
* ``northlight-labs-sample-gcp``, Google Cloud's detailed export of a research group with a bill of its own.

``usage_exports`` makes OpenCost's answers about the shared cluster, ``volumes`` what the models did by day,
``endpoint_use`` how busy the endpoints were. The truth for tests: ``answers`` (who caused each line item),
``cluster_answers`` and ``peak_causes`` (who caused the cluster's cost and its size), ``changes`` (what happened when),
``initiatives`` (what past initiatives saved). ``startup`` writes the bill of another company.

The company
-----------
An online shop. Its AI bill in USD, the vendor's included, grows from 194,000 in November 2024 over 326,000 a year later
to 516,000 in September 2026; the whole bill is about a third larger. Accounts: payer 111122223333, ml-prod
444455556666, ml-dev 777788889999, data 123456789012, web 222222222222; on Azure 90211537.

=================  =====================================================================================
Team               What it runs
=================  =====================================================================================
Fraud              ``fraud-scorer``: a real-time endpoint on GPUs of its own, a shadow, weekly retraining
Search             ``search-ranker``: on the shared GPU cluster; retraining; a vector index
Recommendations    ``recs-two-tower``: on the shared GPU cluster; daily training on SageMaker
Support Assistant  ``support-assistant``: tokens on Bedrock; ``doc-extract``: nightly batches
Data Platform      the lake and its pipelines, in Europe on Azure; ``demand-forecast``
ML Platform        the cluster, MLflow, registries, logs, scratch storage
Storefront         the shop itself, not AI
Payments           the payment service, not AI
=================  =====================================================================================

The stories
-----------
* Black Friday and the weeks before Christmas lift everything that serves shoppers, in both years; weekends are quiet
  elsewhere.
* The first year: ``recs-two-tower`` replaced ``recs-als`` from 10 March to 20 April 2025; ``visual-search`` was a pilot
  from 20 January to 18 July 2025; coding tools came in May, documents in June, the lake in Europe in July 2025. AWS
  made P4d a third cheaper on 1 June 2025. Nobody was hired over the summer.
* Fraud added endpoint instances for Black Friday on 20 November 2025 and never took them away: 12 became 14, and
  18 by August. A year before it did take them away. Its canary in ml-dev has run since 9 March 2026 without a request.
* Search and Recommendations share the nodes of ``ml-shared-gpu``; nodes carry the cluster's tag and no team. A third
  is idle; Search uses most, but the morning rebuild of Recommendations, far above its quota, sets the number of nodes.
* A Savings Plan of 48 USD an hour covers part of the cluster in 2026; it ends on 31 December 2026. Up to
  five per cent of it is unused on weekends, a fifth on two maintenance days.
* The support assistant was launched on 10 February 2026; on 16 June most of it moved to a smaller model, and
  prompts were cached: cost a token fell by more than half.
* Search retrains on spot capacity since 1 April 2026. Its sweep of 9 to 13 July ran away.
* On 22 September 2026 the data of the recommender's daily training doubled, and with it its cost: the largest
  change of the last four weeks, in jobs whose tags name no model.
* Nodes were added on 7 April and 15 September 2025, 19 January, 1 June and 10 August 2026. A migration credit ran from
  November 2025 to April 2026. May 2026 refunds two disturbed days of March.
* What carries no tag at all grew from two to five per cent of AI spend; tags that exist are typed in many ways.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costlib.sample import azure, cost_explorer, cur, gcp, metrics, opencost, runs, utilisation, vendor
from costlib.sample.company import NAME
from costlib.sample.cur import write_first_delivery
from costlib.sample.items import answers
from costlib.sample.savings import initiatives
from costlib.sample.shared import cluster_answers, peak_causes
from costlib.sample.truth import changes

#: The sample company's attribution rules.
RULES = Path(__file__).with_name("rules.yaml")
#: The sample company's currency rates, invented like its prices.
RATES = Path(__file__).with_name("rates.yaml")
#: Its budget of AI spend for the fiscal year 2026, by team and month.
BUDGET = Path(__file__).with_name("budget.csv")
#: A new initiative that it plans: a voice agent from January 2027, by its workloads.
LAUNCH = Path(__file__).with_name("launch.json")
#: The start-up's rules, its budget of AI spend for the fiscal year 2026, and the controls that it plans.
STARTUP_RULES = Path(__file__).with_name("startup_rules.yaml")
STARTUP_BUDGET = Path(__file__).with_name("startup_budget.csv")
STARTUP_CONTROLS = Path(__file__).with_name("startup_controls.json")

__all__ = [
    "BUDGET",
    "LAUNCH",
    "NAME",
    "RATES",
    "RULES",
    "STARTUP_BUDGET",
    "STARTUP_CONTROLS",
    "STARTUP_RULES",
    "answers",
    "changes",
    "cluster_answers",
    "endpoint_use",
    "initiatives",
    "peak_causes",
    "training_runs",
    "usage_exports",
    "volumes",
    "write",
    "write_first_delivery",
]


def _silent(message: str) -> None:
    """Takes no notice."""


def write(folder: Path, progress: Callable[[str], None] = _silent) -> tuple[Path, ...]:
    """Write the sample's bills into ``folder``; returns the CUR 2.0 export, the vendor's file, the Azure exports.

    What is no part of the company's bill is written too. Files of an earlier run are replaced by the same bytes.
    ``progress`` is told each file as it is done. Raises OSError where the folder cannot be written.
    """
    bills = cur.write(folder, progress), vendor.write(folder, progress), azure.write(folder, progress)
    cost_explorer.write(folder, progress)
    gcp.write(folder, progress)
    return bills


def usage_exports(folder: Path, progress: Callable[[str], None] = _silent) -> tuple[Path, ...]:
    """Write who used the shared cluster, as OpenCost answers; returns the folder of the answers.

    Raises OSError where the folder cannot be written.
    """
    return (opencost.write(folder, progress),)


def volumes(folder: Path, progress: Callable[[str], None] = _silent) -> Path:
    """Write what the models did by day, as business metrics; returns the CSV file (``metrics.COLUMNS``).

    Raises OSError where the folder cannot be written.
    """
    return metrics.write(folder, progress)


def training_runs(folder: Path, progress: Callable[[str], None] = _silent) -> Path:
    """Write the training runs, one row a run; returns the CSV file (``runs.COLUMNS``).

    Raises OSError where the folder cannot be written.
    """
    return runs.write(folder, progress)


def endpoint_use(folder: Path, progress: Callable[[str], None] = _silent) -> Path:
    """Write how busy the endpoints were by day; returns the CSV file (``utilisation.COLUMNS``).

    Raises OSError where the folder cannot be written.
    """
    return utilisation.write(folder, progress)
