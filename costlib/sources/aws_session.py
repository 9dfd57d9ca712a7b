"""Clients of AWS and what they refuse, in words.

Credentials, profile, region and endpoint are those of the usual AWS environment (``AWS_PROFILE``,
``AWS_DEFAULT_REGION``, ``AWS_ENDPOINT_URL``, ...), which AWS's own library reads. Every call has a time limit and is
tried again a few times. The library is loaded by who calls, not by who imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from costlib.errors import InputError, cause_words

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.exceptions import BotoCoreError

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

_SIGN_IN = "Sign in again, or check AWS_PROFILE."
_WAY = "Check the network and AWS_ENDPOINT_URL."
#: What AWS's library meets before AWS answers, by the name of its error, with what the error holds in braces.
_MET = {
    "EndpointConnectionError": ("nothing answers at {host}", _WAY),
    "ConnectTimeoutError": ("{host} does not answer", _WAY),
    "ReadTimeoutError": ("{host} does not answer in time", "Load again later."),
    "ConnectionClosedError": ("{host} closed the connection", "Load again later."),
    "SSLError": ("there is no secure connection to {host}", _WAY),
    "ProxyConnectionError": ("the proxy does not answer", "Check HTTPS_PROXY."),
    "NoCredentialsError": ("there are no credentials for AWS", "Sign in, or set AWS_PROFILE."),
    "PartialCredentialsError": ("the credentials for AWS lack {cred_var}", "Check AWS_PROFILE and what is set."),
    "ProfileNotFound": ("there is no profile {profile} here", "Check AWS_PROFILE."),
    "NoRegionError": ("no region is said", "Set AWS_DEFAULT_REGION."),
    "InvalidRegionError": ("{region_name} is no region", "Check AWS_DEFAULT_REGION."),
    "UnauthorizedSSOTokenError": ("the session has expired", _SIGN_IN),
    "SSOTokenLoadError": ("the session has expired", _SIGN_IN),
    "TokenRetrievalError": ("the session has expired", _SIGN_IN),
    "ParamValidationError": ("AWS allows no such name", "Check the address, letter by letter."),
}


def client(service: str, region: str | None = None, profile: str | None = None) -> BaseClient:
    """A client of an AWS service with time limits; ``region`` and ``profile`` where not those of the environment."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    retries = {"max_attempts": TRIES, "mode": "standard"}
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries)
    try:
        return boto3.Session(profile_name=profile, region_name=region).client(service, config=config)
    except BotoCoreError:
        raise
    except ValueError as error:
        raise InputError(
            f"The endpoint of AWS is no address ({cause_words(error)})",
            expected="AWS_ENDPOINT_URL=https://host, or nothing",
            fix="Correct or remove AWS_ENDPOINT_URL; nothing was changed.",
        ) from error


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
        what, fix = _met(error)
        raise InputError(
            f"{where} cannot be reached: {what}",
            expected="credentials, region and a way to AWS",
            fix=f"{fix} Nothing was changed.",
        ) from error


def _met(error: BotoCoreError) -> tuple[str, str]:
    """What AWS's library met, in words: the problem and the one thing to do."""
    held = {"host": urlsplit(str(error.kwargs.get("endpoint_url", ""))).netloc or "the address", **error.kwargs}
    name = next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _MET), None)
    if name is None:
        return cause_words(error)[:200], "Check AWS_PROFILE, AWS_DEFAULT_REGION and AWS_ENDPOINT_URL."
    what, fix = _MET[name]
    return what.format_map(held), fix
