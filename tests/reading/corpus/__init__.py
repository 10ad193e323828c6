"""The program that writes answers with a known meaning, for `tests/reading/answers.jsonl`."""
