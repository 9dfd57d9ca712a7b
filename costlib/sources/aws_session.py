"""Clients of AWS and what they refuse, in words.

Credentials, profile, region and endpoint are those of the usual AWS environment (``AWS_PROFILE``,
``AWS_DEFAULT_REGION``, ``AWS_ENDPOINT_URL``, ...), which AWS's own library reads. Every call has a time limit and is
tried again a few times. The library is loaded by who calls, not by who imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from costlib.errors import InputError

if TYPE_CHECKING:
    from botocore.client import BaseClient

CONNECT_SECONDS, READ_SECONDS, TRIES = 10, 60, 4

_DENIED = "access is denied"
#: What AWS answers, in words: the problem and the one thing to do.
_ANSWERS = {
    "NoSuchBucket": ("there is no such bucket", "Check the name of the bucket."),
    "AccessDenied": (_DENIED, "Allow s3:ListBucket and s3:GetObject on it to these credentials."),
    "403": (_DENIED, "Allow s3:ListBucket and s3:GetObject on it to these credentials."),
    "AccessDeniedException": (_DENIED, "Allow ce:GetCostAndUsage to these credentials."),
    "InvalidAccessKeyId": ("the access key is not known", "Check AWS_ACCESS_KEY_ID or the profile."),
    "InvalidClientTokenId": ("the access key is not known", "Check AWS_ACCESS_KEY_ID or the profile."),
    "UnrecognizedClientException": ("the access key is not known", "Check AWS_ACCESS_KEY_ID or the profile."),
    "SignatureDoesNotMatch": ("the secret key does not fit the access key", "Check AWS_SECRET_ACCESS_KEY."),
    "ExpiredToken": ("the session has expired", "Sign in again."),
    "ExpiredTokenException": ("the session has expired", "Sign in again."),
    "NoSuchKey": ("a file is gone since it was listed", "Load again."),
    "PreconditionFailed": ("a file has changed since it was listed", "AWS is delivering: load again later."),
    "LimitExceededException": ("AWS asks to wait: too many requests", "Load again in a minute."),
    "DataUnavailableException": ("AWS has no data for it yet", "Cost Explorer takes a day after it is enabled."),
}


def client(service: str, region: str | None = None, profile: str | None = None) -> BaseClient:
    """A client of an AWS service with time limits; ``region`` and ``profile`` where not those of the environment."""
    import boto3
    from botocore.config import Config

    retries = {"max_attempts": TRIES, "mode": "standard"}
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries)
    return boto3.Session(profile_name=profile, region_name=region).client(service, config=config)


@contextmanager
def said_plainly(where: str) -> Iterator[None]:
    """Refusals of AWS and of its library as ``InputError`` about the place."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        said = f"AWS says {code}: {error.response['Error'].get('Message', '')[:200]}"
        what, fix = _ANSWERS.get(code, (said, "Check name, region and credentials."))
        raise InputError(
            f"{where}: {what}", expected="a place that may be read", fix=f"{fix} Nothing was changed."
        ) from error
    except BotoCoreError as error:
        raise InputError(
            f"{where} cannot be reached ({str(error)[:200]})",
            expected="credentials, region and a way to AWS",
            fix="Check AWS_PROFILE, AWS_DEFAULT_REGION and AWS_ENDPOINT_URL; nothing was changed.",
        ) from error
