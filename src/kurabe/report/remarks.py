"""What there is to say of a run besides its figures: what it left out, and why."""

from collections.abc import Collection, Mapping, Sequence


def remarks(
    suites: Collection[str],
    left_out: Mapping[str, str],
    refused: Mapping[str, int],
    fewer: Mapping[str, Sequence[int]],
    partial: str | None = None,
) -> list[str]:
    """Return a sentence each, in the order of importance to whoever reads the tables.

    Args:
        suites: The suites that the run has results of.
        left_out: Why models of the defaults did not run, by name.
        refused: Trials that were not asked because the model was trained on their pictures, by model.
        fewer: Cases asked about and cases there are, of suites that are not asked in full.
        partial: Why the run is not full.
    """
    return [
        *([f"partial run: {partial}; 'latest' stays the last full run"] if partial else []),
        *(
            f"{suite}: {asked} of {there} cases; --kurabe-all-cases asks all"
            for suite, (asked, there) in fewer.items()
            if suite in suites
        ),
        *(
            f"{count} {'trials' if count > 1 else 'trial'} left out: {model} was trained on their pictures"
            for model, count in refused.items()
        ),
        *(f"not run: {model}: {reason}" for model, reason in left_out.items()),
    ]
