"""Search, Recommendations, and the forecasting and document models: what they run outside the shared cluster.

Nobody watches the daily training of the recommender, launched on 10 March 2025: its jobs carry a team alias and no
model, and on 22 September 2026 the data they read doubled. Search retrains on spot capacity of the cluster since April
2026; one of its sweeps ran away for four days in July, under a misspelt team.
"""

from __future__ import annotations

import numpy as np

from costlib.sample import days, prices
from costlib.sample.company import (
    ASSISTANT,
    BATCH,
    DATA_PLATFORM,
    EXPERIMENTATION,
    ML_DEV,
    ML_PROD,
    PIPELINE,
    REAL_TIME,
    RECS,
    SEARCH,
    STORAGE,
    TRAINING,
    tags,
)
from costlib.sample.lines import DAY, Line, Owner, usage
from costlib.sample.meters import NO_TAGS, arn, ec2, job, metered, s3, sagemaker

TOWER_LAUNCH, DOCUMENTS_LAUNCH = "2025-03-10", "2025-06-02"
#: From this day the recommender trains on twice the data.
DOUBLED = "2026-09-22"
SPOT_SINCE = "2026-04-01"

_RANKER, _TOWER = "search-ranker", "recs-two-tower"


def lines() -> list[Line]:
    """Every line item of these teams that a cluster node does not hold."""
    return [
        *_search_training(),
        *_search_serving(),
        *_recs_training(),
        *_recs_storage(),
        *_demand_forecast(),
        *_doc_extract(),
    ]


def _search_training() -> list[Line]:
    owner = Owner(SEARCH, _RANKER, TRAINING)
    written = tags("search", model="search-ranker", stage="training", environment="prod", project="ranking-v4")
    trained = sagemaker(ML_PROD, "Train", "g5.48xlarge", f"training-job/search-ranker-{DAY}", written)
    sweep = tags("serach", model="search-ranker", stage="training", environment="dev", project="ranking-v4")
    runaway = sagemaker(ML_DEV, "Train", "p4d.24xlarge", "training-job/search-ranker-sweep-20260709", sweep)
    ran = days.steps(0, ("2026-07-09", 44), ("2026-07-10", 96), ("2026-07-13", 37), ("2026-07-14", 0))
    return [
        usage(trained, owner, (hours_on_demand() * ~days.since(SPOT_SINCE)).round(4)),
        usage(runaway, owner, ran),
        *_search_spot(owner),
    ]


def hours_on_demand() -> days.FloatArray:
    """Hours a day of ml.g5.48xlarge that Search's retraining takes without spot capacity."""
    return days.ramp(46, 58) * days.noise(days.stream("search training"), 0.1) * days.on_weekdays(1, 4)


def _search_spot(owner: Owner) -> list[Line]:
    written = tags(
        "Search", model="search-ranker", stage="train", environment="prod", owner="ml-platform@northlight.example"
    )
    low, high = prices.SPOT_FACTORS
    found = []
    for number in range(3):
        rng = days.stream(f"search spot {number}")
        rate = np.round(prices.EC2["p4d.24xlarge"] * (low + (high - low) * days.draws(rng)), 4)
        hours = (
            days.hours(days.ramp(9, 12) * days.noise(rng, 0.4))
            * days.on_weekdays(0, 1, 2, 3, 4)
            * days.since(SPOT_SINCE)
        )
        found.append(
            usage(
                ec2(ML_PROD, f"search spot {number}", "p4d.24xlarge", written, spot=True), owner, hours.round(4), rate
            )
        )
    return found


def _search_serving() -> list[Line]:
    owner = Owner(SEARCH, _RANKER, REAL_TIME)
    written = tags("Search", model="search-ranker", environment="production", business_unit="Commerce")
    domain = arn("es", ML_PROD, "domain/nl-search-vectors")
    meter = metered(
        ML_PROD, "AmazonES", "ESInstance:r6g.4xlarge.search", "ESDomain", domain, "opensearch-r6g.4xlarge", written
    )
    logs = tags("search", model="search-ranker", stage="data", environment="prod")
    clicks = (
        days.ramp(1.0, 1.5) * days.weekly(1.15) * days.campaign(0.7) * days.noise(days.stream("search clicks"), 0.04)
    )
    features = tags("search", model="search-ranker", stage="pipeline", environment="prod")
    counted = sagemaker(ML_PROD, "Processing", "m5.12xlarge", f"processing-job/search-clicklogs-{DAY}", features)
    return [
        usage(meter, owner, days.steps(2, ("2025-03-17", 3), ("2025-11-18", 4), ("2026-06-15", 5)) * 24),
        usage(counted, Owner(SEARCH, _RANKER, PIPELINE), (clicks * 16).round(4)),
        *s3(ML_PROD, "nl-search-clicklogs", days.ramp(42, 90), clicks * 600_000, logs, Owner(SEARCH, _RANKER, STORAGE)),
    ]


def _recs_training() -> list[Line]:
    owner = Owner(RECS, _TOWER, TRAINING)
    data = days.ramp(0.85, 1.02) * days.steps(1.0, (DOUBLED, 2.0)) * days.noise(days.stream("recs training"), 0.05)
    data = data * days.since(TOWER_LAUNCH)
    found: list[Line] = []
    for team, chosen in (("recs", ~_typo_days()), ("recomendations", _typo_days())):
        written = tags(team, stage="train", environment="prod")
        name = f"training-job/recs-two-tower-{DAY}"
        found += job("Train", "p4d.24xlarge", name, written, owner, (data * 18 * chosen).round(4))
    written = tags("Recommendations", stage="pipeline", environment="prod")
    read = sagemaker(ML_PROD, "Processing", "m5.24xlarge", f"processing-job/recs-interactions-{DAY}", written)
    return [*found, usage(read, Owner(RECS, _TOWER, PIPELINE), (data * 9).round(4))]


def _typo_days() -> days.BoolArray:
    """The few days on which a hand-started job misspelt the team."""
    chosen = np.zeros(days.COUNT, dtype=np.bool_)
    for day in ("2025-06-11", "2025-09-03", "2025-12-09", "2026-01-28", "2026-04-02", "2026-06-17", "2026-08-05"):
        chosen[days.index(day)] = True
    return chosen


def _recs_storage() -> list[Line]:
    owner = Owner(RECS, _TOWER, STORAGE)
    began = days.since(TOWER_LAUNCH)
    requests = days.ramp(300_000, 500_000) * days.noise(days.stream("recs requests"), 0.05) * began
    written = tags("recs", environment="prod")
    return [
        *s3(ML_PROD, "nl-recs-embeddings", days.ramp(70, 110) * began, requests, NO_TAGS, owner),
        *s3(ML_PROD, "nl-recs-checkpoints", days.ramp(60, 140) * began, requests * 0.2, written, owner),
    ]


def _demand_forecast() -> list[Line]:
    written = tags("data-platform", model="demand-forecast", stage="training", environment="prod", project="demand")
    trained = sagemaker(ML_PROD, "Train", "m5.24xlarge", f"training-job/demand-forecast-{DAY}", written)
    rng = days.stream("demand forecast")
    scored = tags("dataplatform", model="demand-forecast", stage="batch", environment="prod", project="demand")
    transform = sagemaker(ML_PROD, "Tsform", "m5.12xlarge", f"transform-job/demand-forecast-{DAY}", scored)
    backfill = sagemaker(ML_DEV, "Train", "m5.24xlarge", "training-job/demand-forecast-backfill", NO_TAGS)
    return [
        usage(
            trained,
            Owner(DATA_PLATFORM, "demand-forecast", TRAINING),
            (days.ramp(17, 21) * days.noise(rng, 0.08)).round(4),
        ),
        usage(
            transform,
            Owner(DATA_PLATFORM, "demand-forecast", BATCH),
            (days.ramp(8, 11) * days.noise(rng, 0.08)).round(4),
        ),
        usage(
            backfill,
            Owner(DATA_PLATFORM, "demand-forecast", EXPERIMENTATION),
            60.0 * days.between("2026-05-12", "2026-05-14"),
        ),
    ]


def _doc_extract() -> list[Line]:
    written = tags("Support Assistant", model="doc-extract", stage="batch", environment="prod", cost_center="CC-4300")
    read = sagemaker(ML_PROD, "Tsform", "g5.2xlarge", f"transform-job/doc-extract-{DAY}", written)
    hours = days.ramp(110, 165) * days.weekly(0.2) * days.campaign(0.4) * days.noise(days.stream("doc extract"), 0.07)
    return [usage(read, Owner(ASSISTANT, "doc-extract", BATCH), (hours * days.since(DOCUMENTS_LAUNCH)).round(4))]
