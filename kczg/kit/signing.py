"""Signatures (Ed25519): what carries one was said by this site, and not a letter of it was changed since."""

from __future__ import annotations

import base64
import binascii
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SEED_BYTES = 32


@cache
def _private(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


def public_key() -> str:
    """The public half of the site's key, in base64."""
    raw = _private(settings.SIGNING_KEY).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign(message: bytes) -> str:
    """The site's signature of a message, in base64; always the same for the same message."""
    return base64.b64encode(_private(settings.SIGNING_KEY).sign(message)).decode()


def is_signed(message: bytes, signature: str, key: str) -> bool:
    """Whether ``signature`` is that of ``message`` by the holder of the public ``key``; both in base64."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
