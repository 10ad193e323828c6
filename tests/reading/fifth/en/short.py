"""Verdicts in a word or a few."""

from tests.reading.fifth.en.writer import Writer, capital


def short(w: Writer) -> tuple[str, str]:
    """A verdict in a word or a few."""
    words = {
        "same": (
            "No",
            "No difference",
            "No differences",
            "Same",
            "Identical",
            "The same",
            "No change",
            "Unchanged",
            "They match",
            "No visible difference",
            "Nothing changed",
            "They are the same",
        ),
        "different": (
            "Yes",
            "Different",
            "Not the same",
            "Not identical",
            "They differ",
            "Changed",
            "Mismatch",
            "They are different",
            "They do not match",
            capital(w.fault.label),
            f"Yes, {w.fault.label}",
        ),
        "?": (
            "Unclear",
            "Unsure",
            "Cannot tell",
            "I don't know",
            "Unknown",
            "Not sure",
            "Can't say",
            "Undetermined",
        ),
    }
    verdict = w.rng.choice(("same", "same", "different", "different", "?"))
    word = w.rng.choice(words[verdict])
    word = w.rng.choice((word, word, word.lower(), word.upper()))
    frame = w.rng.choice(
        ("{}", "{}.", "**{}**", "**{}.**", '"{}"', "Answer: {}", "**Answer:** {}", "{}!", "`{}`")
    )
    return verdict, frame.format(word)
