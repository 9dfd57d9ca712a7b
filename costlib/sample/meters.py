"""Meters of the services that the company uses, spelled as their bills spell them.

In us-east-1 the usage types of EC2, EBS and S3 carry no region, those of SageMaker and Bedrock begin ``USE1-``.
"""

from __future__ import annotations

from collections.abc import Mapping

from costlib.sample import prices
from costlib.sample.company import ML_PROD
from costlib.sample.days import Curve, FloatArray, month_days
from costlib.sample.lines import Line, Meter, Owner, token_hex, usage

NO_TAGS: Mapping[str, str] = {}


def arn(service: str, account: str, resource: str, region: str = "us-east-1") -> str:
    """An Amazon resource name.

    >>> arn("eks", "444455556666", "cluster/ml")
    'arn:aws:eks:us-east-1:444455556666:cluster/ml'
    """
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def instance_id(name: str) -> str:
    """An EC2 instance id."""
    return f"i-0{token_hex(name, 16)}"


def ec2(
    account: str, name: str, kind: str, written: Mapping[str, str], spot: bool = False, price: float | None = None
) -> Meter:
    """Hours of an EC2 instance, on demand or spot; at today's price unless another is given."""
    price = price or prices.EC2[kind]
    return Meter(
        account,
        "AmazonEC2",
        f"{'SpotUsage' if spot else 'BoxUsage'}:{kind}",
        "RunInstances:SV052" if spot else "RunInstances",
        instance_id(name),
        "Hrs",
        price,
        f"{kind} Linux/UNIX spot instance hour" if spot else f"${price} per On Demand Linux {kind} Instance Hour",
        written,
        instance_type=kind,
        family="Compute Instance",
        zone="us-east-1" + "abc"[int(token_hex(name, 4), 16) % 3],
        term="Spot" if spot else "OnDemand",
        purchase="Spot" if spot else "",
    )


def volume(
    account: str, name: str, gigabytes: float, hours: FloatArray, written: Mapping[str, str], owner: Owner
) -> Line:
    """The disk of an instance, for the hours that the instance ran."""
    disk = f"vol-0{token_hex(name, 16)}"
    meter = metered(
        account, "AmazonEC2", "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", disk, "ebs-gp3", written, "Storage"
    )
    return usage(meter, owner, (gigabytes * hours / 24 / month_days()).round(6))


def sagemaker(
    account: str, use: str, kind: str, resource: str, written: Mapping[str, str], price: float | None = None
) -> Meter:
    """Hours of a SageMaker instance: ``use`` is Host, Train, Processing, Tsform, Notebk or Studio:JupyterLab.

    ``price`` is an earlier one of the EC2 type.
    """
    price = prices.sagemaker(kind, price)
    joint = "-" if use.startswith("Studio") else ":"
    return Meter(
        account,
        "AmazonSageMaker",
        f"USE1-{use}{joint}ml.{kind}",
        "RunInstance",
        arn("sagemaker", account, resource),
        "Hrs",
        price,
        f"${price} per {use} ml.{kind} hour in US East (N. Virginia)",
        written,
        instance_type=f"ml.{kind}",
        family="ML Instance",
    )


def job(
    use: str, kind: str, resource: str, written: Mapping[str, str], owner: Owner, hours: Curve, account: str = ML_PROD
) -> list[Line]:
    """The hours of SageMaker jobs, a line for each price that their instance had."""
    return [
        usage(sagemaker(account, use, kind, resource, written, price), owner, hours * then)
        for price, then in prices.eras(kind)
    ]


def metered(
    account: str,
    service: str,
    usage_type: str,
    operation: str,
    resource: str,
    price: str,
    written: Mapping[str, str],
    family: str = "",
) -> Meter:
    """A meter priced by ``prices.UNIT``."""
    rate, unit = prices.UNIT[price]
    text = f"${rate:.10f}".rstrip("0").rstrip(".") + f" per {unit}"
    return Meter(account, service, usage_type, operation, resource, unit, rate, text, written, family=family)


def s3(
    account: str, name: str, terabytes: FloatArray, requests: FloatArray, written: Mapping[str, str], owner: Owner
) -> list[Line]:
    """A bucket: standard storage, and write and read requests (a day's reads are twelve times its writes)."""

    def meter(usage_type: str, operation: str, price: str) -> Meter:
        return metered(account, "AmazonS3", usage_type, operation, name, price, written, "Storage")

    stored = (terabytes * 1024 / month_days()).round(6)
    writes = requests.round()
    return [
        usage(meter("TimedStorage-ByteHrs", "StandardStorage", "s3-gb"), owner, stored),
        usage(meter("Requests-Tier1", "PutObject", "s3-tier1"), owner, writes),
        usage(meter("Requests-Tier2", "GetObject", "s3-tier2"), owner, writes * 12),
    ]
