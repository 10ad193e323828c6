"""Attention of single tokens over what rows have in common: keys and values are read once for all of them."""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from kurabe.models.runtime.cache import Groups
from kurabe.models.runtime.kernels.attention import Seen, tried_with_tokens


def group_attention(
    queries: Tensor, keys: Tensor, values: Tensor, groups: Groups, lengths: Tensor, *, own: bool = True
) -> Tensor:
    """Attend with one query a row to what its group has.

    Args:
        queries: (rows, heads, head_dim).
        keys: (groups, kv_heads, columns, head_dim).
        values: Likewise.
        groups: Which rows have which; rows of no group come out as anything.
        lengths: Whole numbers (groups,): the columns that are seen, from the first one on.
        own: Whether our kernel may attend.

    Returns:
        (rows, heads, head_dim).
    """
    module = tried_with_tokens(queries.device, queries.dtype)[0] if own and queries.is_cuda else None
    if module is not None and module.takes(queries, keys, values, groups.members.shape[1]):
        attended: Tensor = module.attend(queries, keys, values, lengths, members=groups.members)
        return attended
    mask = Seen(lengths, keys.shape[2]).mask[:, None, None]
    mixed = scaled_dot_product_attention(_gathered(queries, groups, keys.shape[1]), keys, values, mask)
    return _scattered(mixed, groups).reshape(queries.shape)


def parted_attention(
    queries: Tensor,
    common: tuple[Tensor, Tensor],
    groups: Groups,
    kept: tuple[Tensor, Tensor],
    lengths: Tensor,
    *,
    own: bool = True,
) -> Tensor:
    """Attend with one query a row to what its group has, and then to what the row alone has.

    Args:
        queries: (rows, heads, head_dim).
        common: Keys and values, (groups, kv_heads, columns, head_dim) each.
        groups: Which rows have which, and how many columns of them are seen.
        kept: Keys and values of the rows, (rows, kv_heads, columns, head_dim) each.
        lengths: Whole numbers (rows,): how many columns of the latter a row sees, at least 1.
        own: Whether our kernel may attend.

    Returns:
        (rows, heads, head_dim).
    """
    module = tried_with_tokens(queries.device, queries.dtype)[0] if own and queries.is_cuda else None
    if module is not None and module.takes(queries, *common, groups.members.shape[1]):
        begun = module.begin(queries, *common, groups.lengths, groups.members, groups.slots)
        attended: Tensor = module.attend(queries, *kept, lengths, begun=begun)
        return attended
    rows, heads, channels = queries.shape
    kv_heads = common[0].shape[1]
    asked = queries.view(rows, kv_heads, -1, channels) * channels**-0.5
    # One softmax over the scores of both parts.
    seen = Seen(groups.lengths, common[0].shape[2]).mask[:, None, None]
    first = (_gathered(queries, groups, kv_heads) * channels**-0.5) @ common[0].transpose(-1, -2)
    first = _scattered(first.masked_fill(~seen, -torch.inf), groups)
    then = asked @ kept[0].transpose(-1, -2)
    then = then.masked_fill(~Seen(lengths, kept[0].shape[2]).mask[:, None, None], -torch.inf)
    nothing = (groups.slots < 0)[:, None, None, None]
    scores = torch.cat([first.masked_fill(nothing, -torch.inf), then], -1).float()
    weights = scores.softmax(-1).to(queries.dtype)
    before, after = weights.tensor_split([first.shape[-1]], -1)
    mixed = after @ kept[1] + _scattered(
        _gathered(before.flatten(1, 2), groups, kv_heads) @ common[1], groups
    )
    return mixed.reshape(rows, heads, channels)


def _gathered(rows: Tensor, groups: Groups, kv_heads: int) -> Tensor:
    """Put (rows, heads, channels) beside each other by groups: (groups, kv_heads, queries, channels)."""
    found: Tensor = rows[groups.members.clamp(min=0)].unflatten(2, (kv_heads, -1))
    return found.transpose(1, 2).flatten(2, 3)


def _scattered(mixed: Tensor, groups: Groups) -> Tensor:
    """Turn (groups, kv_heads, queries, channels) into (rows, kv_heads, heads of a group, channels)."""
    parted: Tensor = mixed.unflatten(2, (groups.members.shape[1], -1)).transpose(1, 2).flatten(0, 1)
    return parted[groups.slots.clamp(min=0)]
