"""What the study's page says whatever the figures are."""

HEAD = """\
# The articles' study in miniature

The articles behind this project fine-tuned large vision-language models on pictures of connectors and
reported three findings: pre-trained models miss industrial differences; pairs that link what was learned
apart lower the loss; processed images are told apart better than raw ones. Here the same is done with
`tiny-phi3v`, 8 million parameters of the same architecture: the base, which was trained on everyday things
and shapes but never on a connector; an adapter fine-tuned on rendered connectors, raw, `n-soartc` and
`soart3`; and an adapter that learned linking pairs besides (`--link raw-processed --link shapes`).

This page is written by `perf/study`, sentences included, from the files in `perf/results/study`. To make it
anew, without any model:

    uv run python -m perf.study write

and to ask the models again, given the adapters:

    uv run python -m perf.study run --adapters FOLDER

How all this changes with the number of pictures is told by [learning curves](how-many-pictures.md).
"""

LINKING_NOTE = """\
While it trains, a run is evaluated on records that it holds out itself: those of a run with linking pairs \
hold linking pairs, too, so the curves of the two kinds are not of the same records and their heights must \
not be compared. What can be compared is the loss afterwards, on pairs that were rendered for this page, of \
references that no run has seen, the same for all: the `verdict` and the `differences` answer to each, in \
each variant."""

READING = """\
- **balanced accuracy**: the mean of the share of good pairs called same and the share of bad pairs called
  different; whoever always answers alike has 0.50. **missed**: bad pairs called good. **overkill**: good
  pairs called bad. **differences named**: the share of the differences that an answer in words names rightly.
- A case counts once, with the mean over the three seeds. Intervals are of 95% by bootstrap over reference
  pictures, because the pairs of a reference resemble each other; the seeds are not drawn again, they stand
  beside the mean. An interval without width says that every reference came out alike, not that nothing is
  uncertain.
- **only first**, **only second**: cases that one way got right in more seeds than the other. **p** is
  McNemar's exact test on these two; **p (Holm)** is adjusted over the rows of the table.
- Loss is the cross-entropy per token of the right answer; a change is of the mean over the seeds.
"""

LIMITS = """\
## What this does not say

- Nothing about the level that large models reach. `tiny-phi3v` has a five-hundredth of the parameters of
  Phi-3.5-vision and has seen rendered scenes alone. What carries over, if anything, is the direction of an
  effect, and that the bench can show it.
- The first finding is in part built in: connectors were kept out of the base's training on purpose, as a
  stand-in for models that have seen few of them. How much a large model has seen of them, nobody here knows.
- The adapters and the base meet connectors from the same renderer as the test split, with other references.
  On photographs they would have to be asked again.
- `n-soartc` and `soart3` are this project's reading of processors that were not published as formulas
  ([processors](../reference/processors.md)). A processor compares the two pictures before the model does; a
  small model gains or loses by that in another way than a large one may.
- Three seeds of one recipe: other ranks, rates or lengths of training were not tried on the test split.
"""
