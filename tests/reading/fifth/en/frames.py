"""Sentences with slots: verdicts, what surrounds them, and reasons."""

NTH = ("first", "second", "third", "fourth")
SIDES = ("left", "right")
EXCLUDED = (
    "{B} is slightly brighter",
    "{B} is a little darker",
    "{B} contains more noise",
    "{B} is shifted by a few pixels",
    "{B} was taken under warmer light",
    "{B} has a somewhat lower contrast due to the lighting",
    "the lighting is not quite the same in {both}",
)
NOT_COUNTED = ("does not count", "is to be ignored", "is not counted as a difference", "can be disregarded")

SAME = (
    "there is no difference between {two}",
    "there isn't a single mismatch between {two}",
    "there are no differences in the {thing} between {two}",
    "{two} show no difference",
    "{two} do not differ",
    "{two} are identical",
    "{two} are the same",
    "{two} appear to be the same",
    "{two} seem to be identical",
    "{two} match",
    "nothing has changed between {two}",
    "nothing about the {thing} has changed",
    "the {thing} is the same in {both}",
    "the {thing} is unchanged",
    "the {thing} in {b} matches the one in {a}",
    "the {thing} in {b} is in the same condition as the one in {a}",
    "the {thing} in {b} has no defect that the one in {a} does not have",
    "I can't see any difference between {two}",
    "I see no difference between {two}",
    "I did not find anything in {b} that differs from {a}",
    "I could not find a difference in the {thing}",
    "I don't think there is a difference between {two}",
    "it does not look as if anything had changed between {two}",
    "{both} show the same {thing} in the same condition",
    "{b} shows no deviation from {a}",
    "no difference can be found between {two}",
    "it would be wrong to say that {two} differ",
    "{two} are most likely the same",
    "{b} is no different from {a}",
)
SAME_END = (
    "So the answer is no.",
    "The answer is no.",
    "Therefore, no.",
    "I would answer no.",
    "Hence there is no difference.",
    "So they are the same.",
    "**Answer:** No",
    "Verdict: same.",
)
DIFFERENT = (
    "{fault} in {b}",
    "in {b}, {fault}",
    "{fault} in {b}, but not in {a}",
    "{fault} in {b}, which is not the case in {a}",
    "there is a difference between {two}: {fault} in {b}",
    "there is one difference: {fault} in {b}",
    "the only difference is that {fault} in {b}",
    "{two} differ in that {fault} in {b}",
    "{two} are not the same, since {fault} in {b}",
    "{two} are not identical: {fault} in {b}",
    "{two} do not match because {fault} in {b}",
    "{two} are identical apart from one thing: {fault} in {b}",
    "{two} are the same except that {fault} in {b}",
    "{two} look alike, but {fault} in {b}",
    "at first glance {two} look the same, but {fault} in {b}",
    "I first took {two} for identical, until I noticed that {fault} in {b}",
    "the {thing} in {b} does not match the one in {a}, as {fault}",
    "it seems that {fault} in {b}",
    "it looks as if {fault} in {b}",
    "I can see that {fault} in {b}",
    "I believe that {fault} in {b}",
    "it is most likely that {fault} in {b}",
    "I would not call {two} the same, for {fault} in {b}",
    "the {thing} in {a} is fine, but {fault} in {b}",
    "{a} shows a good {thing}, whereas {fault} in {b}",
    "unlike in {a}, {fault} in {b}",
    "compared with {a}, {b} shows a defect: {fault}",
)
DIFFERENT_END = (
    "So the answer is yes.",
    "The answer is yes.",
    "Therefore, yes.",
    "I would answer yes.",
    "Hence there is a difference.",
    "So they are not the same.",
    "**Answer:** Yes",
    "Verdict: different.",
    "The part fails.",
    "The rest is the same.",
    "Everything else is unchanged.",
    "Otherwise {two} are the same.",
)
UNOPENED = ("I ", "I'", "it ", "at first", "unlike", "compared")  # sentences that take no opening
OPENINGS = (
    "After comparing {two}, I can say that ",
    "On closer inspection, ",
    "Looking at {both}, I find that ",
    "Based on what is visible, ",
    "In summary, ",
    "As far as I can see, ",
    "Upon careful examination, ",
    "From what I can tell, ",
    "Overall, ",
)
UNDECIDED = (
    "I cannot tell whether {two} differ",
    "I can't say whether {fault} in {b}",
    "it is not clear whether {fault} in {b}",
    "it is impossible to say whether the {thing} in {b} is the same as in {a}",
    "I am not sure whether the {thing} has changed",
    "I am unable to determine whether there is a difference",
    "{two} may or may not be the same",
    "there may or may not be a difference in the {thing}",
    "whether the {feature} of the {thing} changed cannot be determined",
    "I have no way of knowing whether {two} are identical",
    "no conclusion can be drawn about the {thing}",
)
TABLE_DENIALS = (
    "No new object can be seen in {b}.",
    "Nothing was added in {b}.",
    "None of the objects has been turned upside down.",
    "There is no additional object in {b}.",
)
OBSCURED = (
    "{B} is too blurry.",
    "{B} is too dark.",
    "A reflection hides the {feature} in {b}.",
    "The resolution of {both} is too low.",
    "The {feature} cannot be made out in {b}.",
    "{B} is cut off before the {feature}.",
    "There is too much noise in {both}.",
    "A shadow covers the {feature} in {b}.",
)
UNDECIDED_END = (
    "Please provide a sharper image.",
    "Either answer is possible.",
    "I therefore cannot answer yes or no.",
    "A better picture would be needed.",
    "The comparison is inconclusive.",
)
DESCRIBED = (
    "the image shows a {thing}",
    "{both} show a {thing}",
    "this is a close-up of a {thing}",
    "you can see two pictures of a {thing}",
    "there are two pictures here, each with a {thing}",
)
BACKDROPS = (
    "on a grey background",
    "on a plain white background",
    "seen from above",
    "under bright light",
    "in the middle of the frame",
    "photographed at close range",
)
DESCRIBED_MORE = (
    "The {feature} of the {thing} can be seen in the centre.",
    "The {feature} can be seen clearly.",
    "The background is out of focus.",
    "A black bar separates {two}.",
    "The {feature} and the {other} are in focus.",
    "There is a scale at the edge of the frame.",
)
HEADINGS = (
    "## Comparison of the {thing}",
    "### Findings: {thing}",
    "**Comparison:**",
    "Here is what I compared:",
)
DIFFERENT_LATE = (
    "{fault} in {b}",
    "in {b}, {fault}",
    "{fault} in {b}, unlike in {a}",
    "there is a difference: {fault} in {b}",
    "I can see that {fault} in {b}",
)
DIFFERENT_HINTS = (
    "It is not just the lighting: {fault} in {b}.",
    "I don't think {two} are the same, because {fault} in {b}.",
    "Nothing is different except that {fault} in {b}.",
    "If it weren't for the fact that {fault} in {b}, {two} would be identical.",
    "Not everything is the same: {fault} in {b}.",
    "Light and noise aside, {fault} in {b}.",
    "Even if the light is ignored, {fault} in {b}.",
    "The good {thing} is in {a}. The {thing} in {b} has a defect: {fault}.",
    "No, they are not the same: {fault} in {b}.",
    "The {feature} and the {other} match, but {fault} in {b}.",
)
SAME_REASONS = (
    "the {thing} is the same in {both}",
    "no change in the {thing}",
    "{two} differ only in brightness, which does not count",
    "the {feature} and the {other} are as in {a}, and so is the rest",
    "no defect found on the {thing}",
    "the {thing} in {b} is as good as the one in {a}",
    "only noise, nothing in the {thing} itself",
)
