"""What the company ran in the earlier year and ended.

``recs-als`` was the recommender before ``recs-two-tower``: on CPUs, switched off after six weeks beside its successor.
``visual-search`` was a pilot of the Search team that shoppers did not use. The shop's own search engine was replaced.
"""

from __future__ import annotations

from costlib.sample import days
from costlib.sample.company import ML_PROD, REAL_TIME, RECS, SEARCH, STOREFRONT, TRAINING, WEB, tags
from costlib.sample.lines import DAY, Line, Owner, usage
from costlib.sample.meters import arn, ec2, job, metered, sagemaker

OLD_RECOMMENDER, PILOT = "recs-als", "visual-search"
RECOMMENDER_END = "2025-04-21"
PILOT_START, PILOT_END = "2025-01-20", "2025-07-18"
_OLD_ENGINE_END = "2025-03-01"


def lines() -> list[Line]:
    """Every line item of these."""
    return [*_old_recommender(), *_pilot(), *_old_engine()]


def _old_recommender() -> list[Line]:
    running = ~days.since(RECOMMENDER_END)
    trained = tags("recs", stage="train", environment="prod")
    hours = 30 * days.ramp(1.0, 1.2) * days.noise(days.stream("recs als"), 0.06) * running
    serving = tags("recs", stage="inference", environment="prod")
    endpoint = sagemaker(ML_PROD, "Host", "m5.12xlarge", "endpoint/recs-als-prod", serving)
    served = metered(
        ML_PROD,
        "AmazonSageMaker",
        "USE1-Hst:Data-Bytes-In",
        "InvokeEndpoint",
        arn("sagemaker", ML_PROD, "endpoint/recs-als-prod"),
        "hosting-gb",
        serving,
    )
    traffic = 310 * days.weekly(1.15) * days.campaign(0.7) * days.noise(days.stream("recs als traffic"), 0.04)
    live = Owner(RECS, OLD_RECOMMENDER, REAL_TIME)
    return [
        *job(
            "Train",
            "m5.24xlarge",
            f"training-job/recs-als-{DAY}",
            trained,
            Owner(RECS, OLD_RECOMMENDER, TRAINING),
            hours.round(4),
        ),
        usage(endpoint, live, 24.0 * 4 * running),
        usage(served, live, (traffic * running).round(4)),
    ]


def _pilot() -> list[Line]:
    running = days.between(PILOT_START, PILOT_END)
    written = tags("search", model=PILOT, stage="inference", environment="prod", project="visual-search")
    learnt = tags("Search", model=PILOT, stage="training", environment="dev", project="visual-search")
    endpoint = sagemaker(ML_PROD, "Host", "g5.12xlarge", "endpoint/visual-search-pilot", written)
    served = metered(
        ML_PROD,
        "AmazonSageMaker",
        "USE1-Hst:Data-Bytes-In",
        "InvokeEndpoint",
        arn("sagemaker", ML_PROD, "endpoint/visual-search-pilot"),
        "hosting-gb",
        written,
    )
    hours = 4.4 * days.noise(days.stream("visual search"), 0.06) * days.on_weekdays(0, 1, 2, 3, 4) * running
    live = Owner(SEARCH, PILOT, REAL_TIME)
    return [
        usage(endpoint, live, 48.0 * running),
        usage(served, live, (35 * days.noise(days.stream("visual search traffic"), 0.1) * running).round(4)),
        *job(
            "Train",
            "p4d.24xlarge",
            f"training-job/visual-search-{DAY}",
            learnt,
            Owner(SEARCH, PILOT, TRAINING),
            hours.round(4),
        ),
    ]


def _old_engine() -> list[Line]:
    written = tags("storefront", environment="prod", business_unit="Commerce", cost_center="CC-2100")
    running = 24.0 * ~days.since(_OLD_ENGINE_END)
    return [
        usage(ec2(WEB, f"old search {number}", "m5.4xlarge", written), Owner(STOREFRONT, scope="Other"), running)
        for number in range(5)
    ]
