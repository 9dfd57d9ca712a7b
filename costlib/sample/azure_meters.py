"""What the lake in Europe is metered by: names as Azure writes them, and assumed prices in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Meter:
    """The constants of a row: names as Azure writes them, and EUR a unit."""

    category: str
    name: str
    service: str
    resource: str
    unit: str
    price: Decimal
    family: str
    stage: str
    instance: str = ""


SERVER = Meter(
    "Virtual Machines",
    "E8ds v5",
    "Microsoft.Compute",
    "Microsoft.Compute/virtualMachines/eu-lake-",
    "1 Hour",
    Decimal("0.66"),
    "Compute",
    "pipeline",
    "Standard_E8ds_v5",
)

#: What is metered every day, with units a day in November 2025 and September 2026.
DAILY = (
    (
        Meter(
            "Azure Databricks",
            "Premium Jobs Compute DBU",
            "Microsoft.Databricks",
            "Microsoft.Databricks/workspaces/eu-lake",
            "1 Hour",
            Decimal("0.28"),
            "Analytics",
            "pipeline",
        ),
        330.0,
        520.0,
    ),
    (
        Meter(
            "Storage",
            "Hot LRS Data Stored",
            "Microsoft.Storage",
            "Microsoft.Storage/storageAccounts/eulakeraw",
            "1 GB/Month",
            Decimal("0.0172"),
            "Storage",
            "storage",
        ),
        60_000.0,
        160_000.0,
    ),
    (
        Meter(
            "Bandwidth",
            "Standard Data Transfer Out",
            "Microsoft.Storage",
            "Microsoft.Storage/storageAccounts/eulakeraw",
            "1 GB",
            Decimal("0.0781"),
            "Networking",
            "pipeline",
        ),
        240.0,
        420.0,
    ),
    (
        Meter(
            "Azure Machine Learning",
            "D13 v2",
            "Microsoft.MachineLearningServices",
            "Microsoft.MachineLearningServices/workspaces/eu-demand",
            "1 Hour",
            Decimal("0.61"),
            "AI + Machine Learning",
            "training",
            "Standard_D13_v2",
        ),
        38.0,
        60.0,
    ),
)
