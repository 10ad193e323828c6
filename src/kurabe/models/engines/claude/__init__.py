"""The ``claude`` engine: Anthropic's API, through its own client."""
