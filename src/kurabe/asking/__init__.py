"""Single questions about single pairs, without a suite: ``kurabe ask``, `kurabe.ask`, ``kurabe_ask``."""
