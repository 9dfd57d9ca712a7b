"""The small sample company: native exports, the same to the byte every time, that are loaded like any real bill.

Everything here is invented and says *sample*: the company is Northlight Commerce (sample), account numbers are
those of AWS's documentation, the LLM vendor does not exist. EC2 and Bedrock prices are dated list prices, the
rest are assumptions (``prices``). What is written:

* a CUR 2.0 export in Parquet, as AWS Data Exports delivers it: daily, twelve billing months from November 2025
  to October 2026, the last one open after 20 October, about 105,000 line items, in ``northlight-sample-cur2``;
* ``llm-vendor-focus.csv``, a FOCUS 1.2 file of an LLM vendor, about 7,200 charges.

The company
-----------
An online shop. Its AI bill, the vendor's included, grows from 326,000 USD in November 2025 to 516,000 USD in
September 2026; the whole bill is about a third larger. Accounts: payer 111122223333, ml-prod 444455556666,
ml-dev 777788889999, data 123456789012, web 222222222222.

=================  =====================================================================================
Team               What it runs
=================  =====================================================================================
Fraud              ``fraud-scorer``: a real-time endpoint on GPUs of its own, a shadow, weekly retraining
Search             ``search-ranker``: on the shared GPU cluster; retraining; a vector index
Recommendations    ``recs-two-tower``: on the shared GPU cluster; daily training on SageMaker
Support Assistant  ``support-assistant``: tokens on Bedrock; ``doc-extract``: nightly batches
Data Platform      the lake and its pipelines; ``demand-forecast``
ML Platform        the cluster, MLflow, registries, logs, scratch storage
Storefront         the shop itself, not AI
Payments           the payment service, not AI
=================  =====================================================================================

The stories
-----------
* Black Friday and the weeks before Christmas lift everything that serves shoppers; weekends are quiet elsewhere.
* Fraud added endpoint instances for Black Friday on 20 November 2025 and never took them away: 12 became 14, and
  18 by August. Its canary in ml-dev has run since 9 March 2026 without a request.
* Search and Recommendations share the nodes of ``ml-shared-gpu``; nodes carry the cluster's tag and no team.
* A Savings Plan of 48 USD an hour covers part of the cluster in 2026; it ends on 31 December 2026. Up to
  five per cent of it is unused on weekends, a fifth on two maintenance days.
* The support assistant was launched on 10 February 2026; on 16 June most of it moved to a smaller model, and
  prompts were cached: cost a token fell by more than half.
* Search retrains on spot capacity since 1 April 2026. Its sweep of 9 to 13 July ran away.
* On 22 September 2026 the data of the recommender's daily training doubled, and with it its cost: the largest
  change of the last four weeks, in jobs whose tags name no model.
* Nodes were added on 19 January, 1 June and 10 August 2026. A migration credit ended with April. May refunds two
  disturbed days of March.
* About one dollar of AI spend in twenty carries no tag at all; tags that exist are typed in many ways.

``answers`` holds the truth about every line item, to measure attribution with.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costlib.sample import cur, vendor
from costlib.sample.company import NAME
from costlib.sample.items import answers

#: The sample company's attribution rules.
RULES = Path(__file__).with_name("rules.yaml")

__all__ = ["NAME", "RULES", "answers", "write"]


def _silent(message: str) -> None:
    """Takes no notice."""


def write(folder: Path, progress: Callable[[str], None] = _silent) -> tuple[Path, ...]:
    """Write the sample's exports into ``folder``; returns the folder of the CUR 2.0 export and the vendor's file.

    Files of an earlier run are replaced by the same bytes. ``progress`` is told each file as it is done. Raises
    OSError where the folder cannot be written.
    """
    return cur.write(folder, progress), vendor.write(folder, progress)
