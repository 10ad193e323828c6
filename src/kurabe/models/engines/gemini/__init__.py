"""The ``gemini`` engine: Google's API of Gemini, through its own client."""
