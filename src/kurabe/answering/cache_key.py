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


def cache_key(
    fingerprint: str,
    request: Request,
    pictures: str,
    *,
    all_references: bool = False,
    whole_suite: bool = False,
) -> str:
    """Return the digest of everything that an answer depends on.

    Args:
        fingerprint: The engine's.
        request: What it is asked.
        pictures: What it is shown, by `pictures_digest`.
        all_references: Whether it reads all good parts of the case, too.
        whole_suite: Whether it reads those of the suite as well.
    """
    parts: list[object] = [
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
    if request.form is not None:
        parts.append(request.form)
    goods = sorted(picture.content for picture in request.references)
    if all_references and not all(name in pictures for name in goods):  # what is shown is in there already
        parts.append(goods)
    if whole_suite and request.suite is not None:  # in the suite's order, by which some may be left out
        parts.append([picture.content for picture in request.suite()])
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
