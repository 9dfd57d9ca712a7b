"""What is not AI: the shop and the payment service of the Storefront and Payments teams.

About a third on top of the AI bill. The web tier follows the shoppers: weekends and the campaign are busy.
"""

from __future__ import annotations

from collections.abc import Mapping

from costlib.sample import days
from costlib.sample.company import PAYMENTS, STOREFRONT, WEB, tags
from costlib.sample.lines import Line, Meter, Owner, usage
from costlib.sample.meters import arn, ec2, metered, s3, volume

_SHOP = Owner(STOREFRONT, scope="Other")
_PAY = Owner(PAYMENTS, scope="Other")
_SHOP_TAGS = tags("storefront", environment="prod", business_unit="Commerce", cost_center="CC-2100")
_PAY_TAGS = tags("payments", environment="prod", business_unit="Commerce", cost_center="CC-2200")

#: Database, instance class as priced, its owner, and how many instances.
_DATABASES = (
    ("orders", "r5.4xlarge", _SHOP, 4),
    ("catalog", "r5.4xlarge", _SHOP, 2),
    ("sessions", "m5.2xlarge", _SHOP, 3),
    ("ledger", "r5.4xlarge", _PAY, 3),
    ("payment-methods", "m5.2xlarge", _PAY, 2),
)
#: When the last server of a database joined, and the one before it; no database began without a server.
_JOINED = {1: "2026-02-02", 2: "2025-08-04"}
_PAYMENT_SERVERS = ("2024-11-01", "2024-11-01", "2024-11-01", "2025-06-23", "2026-04-20", "2026-04-20")
_FUNCTIONS = ("cart", "checkout", "price", "stock", "mail", "image", "webhook", "invoice")


def lines() -> list[Line]:
    """Every line item outside the AI scope, fees and taxes apart."""
    return [*_servers(), *_databases(), *_caches(), *_functions(), *_delivery(), *_balancers(), *_tables()]


def _shoppers(name: str, spread: float = 0.03) -> days.FloatArray:
    return days.weekly(1.2) * days.campaign(0.6) * days.noise(days.stream(name), spread)


def _servers() -> list[Line]:
    found = []
    wanted = days.ramp(19.5, 31.0) * _shoppers("web servers")
    for number in range(50):
        running = days.hours((wanted - number) * 24)
        if running.any():
            found.append(usage(ec2(WEB, f"web {number}", "m5.12xlarge", _SHOP_TAGS), _SHOP, running))
            if number < 12:
                found.append(volume(WEB, f"web disk {number}", 400, running, _SHOP_TAGS, _SHOP))
    for number in range(len(_PAYMENT_SERVERS)):
        meter = ec2(WEB, f"payments {number}", "c5.4xlarge", _PAY_TAGS)
        found.append(usage(meter, _PAY, 24.0 * days.since(_PAYMENT_SERVERS[number])))
    return found


def _databases() -> list[Line]:
    """Database servers with their disks; each database got its last two servers on the days of ``_JOINED``."""
    found = []
    for name, kind, owner, count in _DATABASES:
        written = _SHOP_TAGS if owner is _SHOP else _PAY_TAGS
        for number in range(count):
            running = days.since(_JOINED.get(count - number, "2024-11-01") if number else "2024-11-01")
            resource = arn("rds", WEB, f"db:{name}-{number}")
            server, disk = _database(f"Multi-AZUsage:db.{kind}", resource, f"rds-{kind}", written)
            found.append(usage(server, owner, 24.0 * running))
            found.append(usage(disk, owner, days.ramp(3000, 5200) / days.month_days() * running))
    return found


def _database(kind: str, resource: str, price: str, written: Mapping[str, str]) -> tuple[Meter, Meter]:
    operation = "CreateDBInstance:0014"
    return (
        metered(WEB, "AmazonRDS", kind, operation, resource, price, written),
        metered(WEB, "AmazonRDS", "RDS:GP3-Storage", operation, resource, "rds-storage-gb", written),
    )


def _caches() -> list[Line]:
    found = []
    kind = "r6g.2xlarge"
    for number in range(6):
        node = arn("elasticache", WEB, f"cluster:shop-cache-{number}")
        usage_type, operation = f"NodeUsage:cache.{kind}", "CreateCacheCluster:0002"
        cache = metered(WEB, "AmazonElastiCache", usage_type, operation, node, f"elasticache-{kind}", _SHOP_TAGS)
        found.append(usage(cache, _SHOP, days.flat(24.0)))
    return found


def _functions() -> list[Line]:
    found = []
    for function in _FUNCTIONS:
        owner, written = (_PAY, _PAY_TAGS) if function in ("webhook", "invoice") else (_SHOP, _SHOP_TAGS)
        name = arn("lambda", WEB, f"function:{function}")
        calls = days.ramp(9e6, 14e6) * _shoppers(f"lambda {function}", 0.06)
        requests = metered(WEB, "AWSLambda", "Request", "Invoke", name, "lambda-requests", written)
        seconds = metered(WEB, "AWSLambda", "Lambda-GB-Second", "Invoke", name, "lambda-gb-second", written)
        found += [usage(requests, owner, calls.round()), usage(seconds, owner, (calls * 0.11).round(4))]
    return found


def _delivery() -> list[Line]:
    """What leaves the shop: CloudFront, direct egress, and the bucket of pictures behind both."""
    site = arn("cloudfront", WEB, "distribution/E1NORTHLIGHT", region="")
    sent = days.ramp(7800, 12600) * _shoppers("cloudfront")
    direct = days.ramp(1600, 2500) * _shoppers("egress")

    def meter(service: str, usage_type: str, operation: str, resource: str, price: str) -> Meter:
        return metered(WEB, service, usage_type, operation, resource, price, _SHOP_TAGS, "Data Transfer")

    bytes_out = meter("AmazonCloudFront", "US-DataTransfer-Out-Bytes", "GET", site, "cloudfront-gb")
    requests = meter("AmazonCloudFront", "US-Requests-Tier2-HTTPS", "GET", site, "cloudfront-requests")
    egress = meter("AmazonEC2", "DataTransfer-Out-Bytes", "RunInstances", "", "egress-gb")
    return [
        usage(bytes_out, _SHOP, sent.round(4)),
        usage(requests, _SHOP, (sent * 9000).round()),
        usage(egress, _SHOP, direct.round(4)),
        *s3(WEB, "nl-shop-assets", days.ramp(120, 170), sent * 60, _SHOP_TAGS, _SHOP),
    ]


def _balancers() -> list[Line]:
    found = []
    for name, owner, written in (("shop", _SHOP, _SHOP_TAGS), ("api", _SHOP, _SHOP_TAGS), ("pay", _PAY, _PAY_TAGS)):
        balancer = arn("elasticloadbalancing", WEB, f"loadbalancer/app/{name}/50dc6c495c0c9188")
        hour = metered(WEB, "AWSELB", "LoadBalancerUsage", "LoadBalancing:Application", balancer, "alb-hour", written)
        unit = metered(WEB, "AWSELB", "LCUUsage", "LoadBalancing:Application", balancer, "alb-lcu", written)
        busy = days.ramp(6000, 9000) * _shoppers(f"alb {name}")
        found += [usage(hour, owner, days.flat(24.0)), usage(unit, owner, busy.round(4))]
    return found


def _tables() -> list[Line]:
    found = []
    for table, owner, written in (
        ("carts", _SHOP, _SHOP_TAGS),
        ("profiles", _SHOP, _SHOP_TAGS),
        ("tokens", _PAY, _PAY_TAGS),
    ):
        name = arn("dynamodb", WEB, f"table/{table}")
        reads = days.ramp(330e6, 480e6) * _shoppers(f"dynamodb {table}")
        read = metered(WEB, "AmazonDynamoDB", "ReadRequestUnits", "GetItem", name, "dynamodb-read", written)
        write = metered(WEB, "AmazonDynamoDB", "WriteRequestUnits", "PutItem", name, "dynamodb-write", written)
        found += [usage(read, owner, reads.round()), usage(write, owner, (reads * 0.15).round())]
    keys = metered(
        WEB, "awskms", "us-east-1-KMS-Requests", "Decrypt", arn("kms", WEB, "key/0b3c"), "kms-requests", _PAY_TAGS
    )
    return [*found, usage(keys, _PAY, (days.ramp(9e6, 14e6) * _shoppers("kms")).round())]
