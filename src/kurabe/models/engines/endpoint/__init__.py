"""The ``endpoint`` engine: any server that speaks OpenAI's chat completions."""
