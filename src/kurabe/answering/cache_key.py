"""The key of the answer cache: a hash of everything that an answer depends on.

Change any of it and the question is asked again.
"""

import hashlib
import json

from kurabe.common.request import Request
from kurabe.imaging.content import Names


def pictures_digest(names: Names, swapped: bool) -> str:
    """Identify the pictures by their pixels, before and after layout: engines look at either."""
    return json.dumps([names.pair[::-1] if swapped else names.pair, names.shown])


def cache_key(fingerprint: str, request: Request, pictures: str) -> str:
    """Return the digest of everything that an answer depends on."""
    parts = [
        fingerprint,
        pictures,
        request.question,
        request.prompt,
        request.relation,
        request.yes,
        request.no,
        request.options,
        request.max_new_tokens,
        request.seed,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
