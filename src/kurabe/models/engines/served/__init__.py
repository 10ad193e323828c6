"""What engines of served models share: requests under way, retries, budgets, probabilities, and secrets.

An engine of one more API is a `Remote` (see `kurabe.models.engines.served.remote`), its settings, and a
`create` that hands both to `ServedEngine`.
"""
