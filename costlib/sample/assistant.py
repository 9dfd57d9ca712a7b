"""The support assistant: tokens on Amazon Bedrock, and what it retrieves its answers from.

Launched on 10 February 2026 on Nova Premier. On 16 June most of its traffic moved to Nova Pro and long prompts
began to be cached, so cost fell while tokens kept growing. Quantities are whole tokens.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from costlib.sample import days, prices
from costlib.sample.company import ASSISTANT, EXPERIMENTATION, ML_DEV, ML_PROD, REAL_TIME, STORAGE, tags
from costlib.sample.lines import Line, Meter, Owner, token_hex, usage
from costlib.sample.meters import NO_TAGS, arn, metered, s3

LAUNCH, MODEL_CHANGE = "2026-02-10", "2026-06-16"
MODEL = "support-assistant"

#: Channel, the tags its team typed, and its share of the tokens.
_CHANNELS: tuple[tuple[str, Mapping[str, str], float], ...] = (
    (
        "chat",
        tags("support-assistant", model=MODEL, stage="inference", environment="prod", cost_center="CC-4300"),
        0.55,
    ),
    ("email", tags("Support Assistant", model=MODEL, stage="inference", environment="prod"), 0.25),
    ("agent-assist", tags("support_ai", model=MODEL, stage="inference", environment="Prod"), 0.20),
)

#: Model names of usage types, and the ids that calls without a profile carry.
_FOUNDATION = {
    "NovaPremier": "amazon.nova-premier-v1:0",
    "NovaPro": "amazon.nova-pro-v1:0",
}

#: How a usage type names what it counts.
_METERS = {"input": "input-tokens", "output": "output-tokens", "cache-read": "cache-read-input-token-count"}


def lines() -> list[Line]:
    """Tokens by channel, developers' own calls, embeddings and the index behind the answers."""
    found = []
    for channel, written, share in _CHANNELS:
        rng = days.stream(f"assistant {channel}")
        prompts = _prompt_tokens() * share * days.noise(rng, 0.06)
        found += _tokens(ML_PROD, _profile(channel), written, Owner(ASSISTANT, MODEL, REAL_TIME), prompts)
    return [*found, *_developers(), *_retrieval()]


def _profile(channel: str) -> str:
    """The inference profile that a channel calls through: what carries its tags."""
    return arn("bedrock", ML_PROD, f"application-inference-profile/{token_hex(f'assistant-{channel}', 12)}")


def _prompt_tokens() -> days.FloatArray:
    """Prompt tokens a day over all channels: a launch that fills up over months, quiet at weekends."""
    age = np.maximum(np.arange(days.COUNT) - days.index(LAUNCH) + 1, 0)
    adoption = 1 - np.exp(-age / 190)
    volume: days.FloatArray = 950e6 * adoption * days.weekly(0.55) * days.since(LAUNCH)
    return volume


def _tokens(
    account: str, profile: str | None, written: Mapping[str, str], owner: Owner, prompts: days.FloatArray
) -> list[Line]:
    """Input, cached and output tokens on both models; answers take one token for every seven of the prompt."""
    changed = days.since(MODEL_CHANGE)
    large, cached = np.where(changed, 0.27, 1.0), np.where(changed, 0.35, 0.0)
    found = []
    for model, share in (("NovaPremier", large), ("NovaPro", 1 - large)):
        amounts = {
            "input": prompts * share * (1 - cached),
            "cache-read": prompts * share * cached,
            "output": prompts * share / 7,
        }
        found += [
            usage(_meter(account, model, use, written, profile), owner, amount.round())
            for use, amount in amounts.items()
            if amount.round().any()
        ]
    return found


def _meter(account: str, model: str, use: str, written: Mapping[str, str], profile: str | None = None) -> Meter:
    rate = prices.token(model, use)
    return Meter(
        account,
        "AmazonBedrock",
        f"USE1-{model}-{_METERS[use]}",
        "InvokeModelInference",
        profile or arn("bedrock", "", f"foundation-model/{_FOUNDATION[model]}"),
        "Tokens",
        rate,
        f"${rate * 1_000_000:.3f} per million {use} tokens for {model} in US East (N. Virginia)",
        written,
        family="Amazon Bedrock",
    )


def _developers() -> list[Line]:
    """Calls straight to the model, without a profile: no tag reaches the bill."""
    rng = days.stream("assistant developers")
    prompts = days.ramp(6e6, 16e6) * days.weekly(0.05) * days.noise(rng, 0.35) * days.since("2026-01-05")
    return _tokens(ML_DEV, None, NO_TAGS, Owner(ASSISTANT, MODEL, EXPERIMENTATION), prompts)


def _retrieval() -> list[Line]:
    written = tags("support-assistant", model=MODEL, stage="retrieval", environment="prod")
    owner = Owner(ASSISTANT, MODEL, REAL_TIME)
    collection = arn("aoss", ML_PROD, f"collection/{token_hex('assistant collection', 20)}")
    embedded = days.ramp(40e6, 90e6) * days.noise(days.stream("assistant embeddings"), 0.2) * days.since("2026-01-19")
    found = [
        usage(_meter(ML_PROD, "TitanEmbeddingG1-Text", "input", written, _profile("search")), owner, embedded.round())
    ]
    for kind, units in (("IndexingOCU", 4.0), ("SearchOCU", 8.0)):
        meter = metered(ML_PROD, "AmazonES", f"USE1-{kind}", "ServerlessVector", collection, "opensearch-ocu", written)
        found.append(usage(meter, owner, 24 * units * days.since("2026-01-19")))
    requests = days.ramp(50_000, 120_000) * days.since("2026-01-19")
    answers = s3(
        ML_PROD,
        "nl-support-conversations",
        days.ramp(2, 9) * days.since("2026-01-19"),
        requests,
        written,
        Owner(ASSISTANT, MODEL, STORAGE),
    )
    return [*found, *answers]
