"""English words by what they can do to a verdict. One letter stands for each class.

A clause becomes a string of such letters, and `kurabe.reading.english.grammar` reads the string. A word
that stands in no class is ``x``: it is known to be unknown, and weighs on what may be concluded.
"""

from kurabe.reading.english.faults import FAULTS
from kurabe.reading.english.fillers import FILLERS
from kurabe.reading.english.things import THINGS

WORDS: dict[str, str] = {
    # What turns a statement into its opposite.
    "n": """
        not so,
        i would not call, would not call, would not describe, not, never, nor, by no means, in no way,
        far from, anything but, nowhere near, it is not the case that, it is not the case,
        it is not true that, it is not that, i do not think, i do not think that, i do not believe,
        i do not believe that, we do not think, i did not think, i would not say, i would not say that,
        i will not say, fail to, fails to, failed to, unable to, was unable to, no longer, is unable to,
        am unable to, it does not appear that, it does not seem that, it does not look like,
        there is nothing to suggest, there is nothing to indicate, not at all, incapable of
    """,
    "o": """
        no, zero, 0, not a single, not one, not any, no such, nil, no kind of, no sort of, not even one
    """,
    "z": """
        not one of, not a single one of,
        nowhere to be seen, nowhere to be found, nothing, none, neither, nobody, no one, non-existent,
        nonexistent, not anything, neither of, none of
    """,
    "w": """
        without, free of, free from, devoid of, lack, lacks, lacking, absence of, the absence of, lack of,
        clear of, without any, lacked, no trace of, no sign of, no signs of, no evidence of,
        no indication of, no indications of, no visible signs of, no visible sign of,
        no visible indication of, no hint of, no instance of, no obvious signs of, no traces of
    """,
    # Verbs.
    "T": "there",
    "b": "is, are, was, were, be, been, being, am",
    "k": """
        seem, seems, seemed, appear, appears, appeared, look, looks, looked, looking, remain, remains,
        remained, stay, stays, stayed, appear to be, appears to be, seem to be, seems to be, look to be,
        looks to be, seemed to be, appeared to be, turn out to be, turns out to be, appearing, become,
        becomes, became, considered, considered to be, deemed, found to be, continue to be,
        looks like, look like, proved to be, judged to be, keep, keeps, judged, regarded as, seen to be,
        comes, come, came,
        confirmed to be, lie, lies, lay, lying, appear as, appears as, come across as, end up, turn, turned
    """,
    "h": """
        yield, yields, yielded, have, has, had, having, show, shows, showed, showing, shown, contain,
        contains, contained, containing, exhibit, exhibits, exhibited, exhibiting, display, displays,
        displayed, displaying, reveal, reveals, revealed, revealing, feature, features, featured, featuring,
        depict, depicts, depicted, depicting, presents, presenting, bear, bears, bearing, include, includes,
        included, including, possess, possesses, with, capture, captures, captured, portray, portrays,
        illustrate, illustrates, consist of, consists of, suffer from, suffers from, indicate, indicates,
        suggest, suggests, demonstrate, demonstrates, carry, carries, carrying, presented with,
        wears, sports, ends, runs, connects, touches, reaches, covers, hangs, bridges, joins, overlaps,
        extends, crosses,
        leads, holds, sits, sticks, stretches, obscures, hides, fills, surrounds, dangles
    """,
    "v": """
        tell, point to, pointed to, see, saw, notice, notices, noticed, noticing, find, finds, found,
        finding,
        spot, spotted, detect, detects, detected, detecting, observe, observes, observed, observing,
        identify, identifies, identified, identifying, note, noted, discern, discerned, perceive, perceived,
        recognise, recognised, recognize, recognized, locate, located, make out, made out, pick out,
        picked out, pinpoint, point out, come across, discover, discovered, report, reported, seeing,
        come up with, recorded, uncovered, mark, marked, seen, name, named, list, listed, mention,
        mentioned, count, counted, pointed out, highlight, revealed to be
    """,
    "V": """
        came to light, come to light, to tell, comes to light, visible, present, apparent, evident,
        noticeable,
        discernible, perceptible, detectable, recognisable, recognizable, observable, exist, exists,
        existed, existing, to be seen, to be found, to report, occur, occurs, occurred, in evidence,
        to note, to speak of, to mention, there to see, to be noted, to be observed, arise, stand out,
        stands out, to be noticed, accounted for, in sight, to point out, to list
    """,
    "i": """
        comparison, inspection, analysis, examination, check, closer look, careful look, close look,
        evaluation, assessment, i, we, you, one can, the model, my, our
    """,
    "m": """
        can, do, does, did, will, shall, able to, manage to, managed to, easy to, it is easy to,
        it is possible to, was able to, am able to, ready to, happy to
    """,
    "M": "could, would, should, must, ought to",
    # Sameness and difference.
    "D": """
        distinguishing feature, distinguishing features, distinguishing mark, distinguishing marks,
        difference, differences, discrepancy, discrepancies, deviation, deviations, change, changes,
        variation, variations, alteration, alterations, mismatch, mismatches, dissimilarity,
        dissimilarities, distinction, distinctions, inconsistency, inconsistencies, disparity, disparities,
        divergence, modification, modifications, diff, diffs, differing points, points of difference,
        point of difference
    """,
    "K": """
        defect, defects, anomaly, anomalies, flaw, flaws, fault, faults, issue, issues, problem, problems,
        imperfection, imperfections, irregularity, irregularities, abnormality, abnormalities,
        nonconformity, nonconformities, nonconformance, nonconformances, non-conformance,
        blemish, blemishes, damage, damages
    """,
    "d": """
        told apart, different, dissimilar, differing, nonidentical, non-identical, unequal, distinguishable,
        distinct, inconsistent, mismatched, unalike, non-matching, nonmatching
    """,
    "e": """
        one can tell them apart, i can tell them apart, you can tell them apart, we can tell them apart,
        one can tell the two apart, can tell them apart, can tell the two apart, can be told apart,
        can be distinguished, disagree, disagrees, went from,
        goes from, has gone from, turned from, differ, differs, differed, vary, varies, varied, changed,
        changing, diverge, diverges, deviate,
        deviates, altered, modified, mismatching, deviated, diverged
    """,
    "S": """
        as alike as two peas in a pod, as alike as two peas, like two peas in a pod,
        a copy of, an exact copy of, a duplicate of, copies of one another, nothing that sets them apart,
        nothing sets them apart, nothing to set them apart, just like, exactly like, same, identical,
        just the same,
        indistinguishable, congruent, unchanged, equal, equivalent, alike, one and the same, the exact same,
        exact same, unaltered, exactly the same, unmodified, exact copies, identical copies, duplicates,
        exact duplicates, carbon copies, interchangeable, a perfect match, a match, an exact match,
        perfect matches, exact matches, visually identical, a perfect copy, a duplicate, pixel-identical,
        the very same, can not tell them apart, can not tell the two apart, can not be told apart,
        can not be distinguished, can not tell the two images apart, can not distinguish between the two,
        can not distinguish them, exact replicas, replicas, undifferentiated, copies of each other,
        nothing to distinguish, nothing to tell apart, nothing distinguishes, no different,
        none the different
    """,
    "s": """
        conform, conforms,
        match, matches, matched, matching, coincide, coincides, correspond, corresponds, agree, agrees,
        line up, lines up, match up, matches up, equals, tally
    """,
    "J": """
        near-identical, nearly identical, almost identical, near identical,
        similar, resemble, resembles, comparable, consistent, akin, similarity, similarities, resemblance,
        uniform, commonalities, in common, consistently, similarly, shared, share, shares, common, the like,
        analogous, in agreement, likewise, in the same way, in the same manner, equally, both alike
    """,
    # How sure, how much.
    "u": """
        maybe, perhaps, possibly, probably, presumably, might, may, likely, unlikely, potentially,
        potential, possible, guess, assume, i suspect, assuming, supposedly, conceivably, i guess,
        seemingly possible, arguably, could possibly, suspected, plausible, plausibly, i suppose
    """,
    "L": """
        almost, near, nearly, virtually, practically, mostly, largely, hardly, hardly any, barely,
        barely any, scarcely, scarcely any, basically, roughly, little, close to, more or less,
        not much, not much of a, much,
        for the most part, by and large, almost no, nearly no, practically no, virtually no,
        next to no, very few, in most respects, as good as, not many, mainly, generally speaking,
        superficially, partially, partly, somewhat, not entirely different, not completely different,
        not totally different, not that different, not very different, not so different, not too different,
        not really different, approximately, relatively, not all that different, pretty much, quite similar,
        very similar
    """,
    "R": """
        other, others, further, additional, else, everything else, all else, anything else,
        otherwise, the rest, rest, remaining, the remainder, remainder, more, apart from that,
        apart from this, besides that, besides this, other than that, other than this, aside from that,
        aside from this, beyond that, beyond this, in other respects, all other, any other, no one else,
        everywhere else, elsewhere, everything other, apart from these, other than these, aside from these,
        except for that, except for this, unaffected, the others
    """,
    "f": """
        at first glance, at first sight, on the surface, at first, at a first glance, initially,
        on first look, at a glance
    """,
    "O": "only, just, merely, solely, simply, sole, nothing but, purely, exclusively",
    **THINGS,
    # Words that describe.
    "G": """
        where it was, where they were, where it used to be, where it should be,
        where they should be, where it belongs, where they belong, as it should be,
        as they should be, good, fine, ok, okay, intact, undamaged, normal, perfect, straight, complete,
        clean, aligned,
        in place, in good condition, in perfect condition, in good shape, in good order, in order, properly,
        correct, correctly, proper, well, healthy, flawless, unbroken, even, evenly, as expected, regular,
        pristine, sound, neat, neatly, unharmed, whole, firmly, secure, securely, acceptable,
        in their places, in its place, well-aligned, defect-free, evenly spaced, good condition,
        proper condition, free, fully inserted, seated, fully seated, in one piece, functional, upright,
        parallel, satisfactory, spotless, unscratched, unbent, conforming, tidy, smooth, legible, readable,
        in position, standard, uniformly, symmetrical, fully, pass, passes, passed, unblemished,
        well-formed, continuous, crisp and clear, legibly, flush, unblocked, unobstructed, unimpaired,
        unremarkable,
        can be read, can be made out, easy to read, well-defined, sharply printed, clearly printed,
        in good repair,
        in working order, as new, brand new, immaculate, faultless, unspoiled, uncut, unused, unopened,
        unscathed,
        airtight, leak-tight, watertight, stable, well-seated, well-made, in line, level, lined up neatly,
        neatly arranged, regularly spaced, equidistant, evenly distributed, all there, accounted for,
        up to standard,
        within specification, to specification, in tolerance, within tolerance, sturdy,
        consistent with the reference,
        in alignment, tight, correctly placed, untouched, undisturbed
    """,
    "g": """
        white, black, grey, gray, red, green, blue, yellow, orange, brown, beige, gold, golden, silver,
        metallic, metal, plastic, transparent, rectangular, round, circular, square-shaped, small, large,
        big, tiny, long, tall, wide, eight, background of, plain, dark, light-coloured, light gray,
        light grey, dark gray, dark grey, electrical, electronic, pin-header, male, female, horizontal,
        vertical, horizontally, vertically, arranged, placed, positioned, mounted, against, table, desk,
        close-up, closeup, top-down, industrial, close, row-like, set of, copper, brass, steel, wooden,
        ceramic, glass, cream, tan, pink, purple, gold-plated, ivory, cylindrical, oval, flat, shiny, matte,
        glossy, made of, multi-pin, coloured, colored, multiple-pin, photographed, taken, shot, of a, pale,
        off-white, sitting, resting, lying on, centred, centered, type of, series of, divider, separator,
        black bar, shell, block, pattern of, closely, printed, eight-pin, ten-pin,
        rows of, kind of, single-row, double-row, rounded, oriented, standing, lined up, placed on, facing,
        bright, simple, detailed, typical, viewed, separated, divided, dividing, stacked, upper half, high,
        low, narrow, thick, thin, bare, solid, bright-coloured, held, lit, evenly lit, gold-coloured,
        labelled, labeled, side by side
    """,
    **FAULTS,
    # Small words.
    "p": """
        near the, near its, near a,
        in, on, at, of, for, within, inside, regarding, concerning, about, between, among, across, from, to,
        over, as, than, in terms of, with respect to, when it comes to, as for, with regard to, as regards,
        by, around, along, under, above, below, into, through, onto, toward, towards, throughout, per, via,
        beneath, behind, next to, beside, in relation to, in the area of, inside of, on top of, unlike,
        compared to, compared with, in comparison to, in comparison with, when compared to,
        when compared with, relative to, in contrast to, against the, upon, in regards to, off
    """,
    "c": "and, or, as well as, along with, plus, together with, and/or",
    "B": """
        both, each, all, every, either, the two images, respective, both of, each of, all of, all the,
        in each
    """,
    "l": """
        upward, upwards, downward, downwards, leftward, rightward, to the side,
        upper, lower, top, bottom, left, right, first, second, reference, test, good-part, suspect,
        original, 1st, 2nd, left-hand, right-hand, lefthand, uppermost, lowermost, topmost, former, latter,
        later, earlier, newer, older,
        reference-part, bottommost, inspection, golden-sample, leftmost, rightmost, third, fourth, fifth,
        sixth, seventh, eighth, middle, centre, center, central, last, 3rd, 4th, 5th, 6th, far, upper-left,
        upper-right, lower-left, lower-right, top-left, top-right, bottom-left, bottom-right, upper left,
        upper right, lower left, lower right, top left, top right, bottom left, bottom right, outer, inner,
        front, back, rear, left side, right side
    """,
    "q": """
        no more than one, not more than one, no more than two, one, three, four, five, six, seven, nine,
        ten, eleven, twelve, several, multiple, many, few,
        various, couple, a few, a number of, a couple of, dozen, numerous, single, 1, 2, 3, 4, 5, 6, 7, 8,
        9, 10, 11, 12, degree, degrees, millimetre, millimetres, millimeter, millimeters, mm, cm, a total of,
        number of, no fewer than, no less than, lots of, a lot of, following,
        a single, exactly one
    """,
    "A": """
        minimal, faint, mild, modest, marginal, weak, global, barely visible, hardly visible, just visible,
        positional, significant, major, minor, slight, subtle, obvious, clear, real, actual, notable,
        meaningful,
        relevant, considerable, substantial, main, primary, whatsoever, marked, important, essential,
        fundamental, genuine, striking, pronounced, material difference, particular, specific, of note,
        of any kind, any kind of, any sort of, key, distinguishing, distinctive, remarkable, appreciable,
        drastic, immediate, immediately, kind, visual, overall, strange difference, unexpected,
        discernable, glaring, easily, interesting, sort, physical, structural, mechanical, functional,
        external,
        dimensional, cosmetic, geometric, geometrical
    """,
    "a": """
        a, an, any, some, anything, this, that, its, their, such, the, which, who, another's, his,
        these two, those two, respectively
    """,
    # What divides a sentence, see `kurabe.reading.english.sentences`.
    "^": """
        but, however, yet, except that, except for the fact that, apart from the fact that,
        aside from the fact that, only that, save that, with the difference that, nevertheless,
        nonetheless, on the other hand, in contrast, by contrast, that said, still though, conversely
    """,
    "~": "although, though, even though, despite, in spite of, even if",
    "=": "while, whereas, whilst",
    "|": """
        except, except for, excepting, apart from, aside from, other than, besides, save for,
        with the exception of, but for, excluding, barring, not counting, disregarding, ignoring,
        leaving aside, setting aside, regardless of, if we ignore, if you ignore, if one ignores,
        discounting, except perhaps for, without considering, minus, with the only exception of,
        not considering, except in, beyond, outside of
    """,
    "/": """
        because, since, so that, so, therefore, thus, hence, which, where, when, as a result, consequently,
        accordingly, whose, after which, and therefore, and thus, and so, and hence, who
    """,
    "%": "if, whether, unless, in case, provided that, as long as, were it not for",
    "*": """
        false, untrue, deny, denies, denied, doubt, doubts, disagree, mistaken, opinion, opinions,
        could not be more, incorrect to say, wrong to say, misleading, contrary, so-called, supposed,
        would expect, expected to, ideally, normally, hypothetically, pretend, suppose, imagine, think they,
        claim, claims, claimed, said that, instead of, rather than, but rather, ruled out, rule out,
        rules out, can be excluded, dismissed, it is wrong, it is false, it is incorrect, is wrong that,
        statement, negligible, insignificant, imperceptible, undetectable, unnoticeable, trivial,
        immaterial, inconsequential, unremarkable, invisible, few would, said, asked, say, says, saying,
        tell me, told me,
        told us, think, thinks, thinking, thought, believe, believes, believed, wish, wishes, wished, hoped,
        fear, fears, feared, assumed, assumes, supposing, guessed, imagined, pretending, argue, argues,
        argued, alleged, allegedly, reportedly, purportedly, rumoured, rumored, insist, insists, insisted,
        stated, heard, wanted to, want to, used to, would like to, tempted to, refuse, refuses, refused,
        reject, rejects, rejected, dispute, disputes, disputed, refute, refutes, refuted, decline, declines,
        contest, contradict, contradicts, contradicted, contradictory, a lie, lies that, myth, joke, hoax,
        mistake,
        error, nonsense, rubbish, absurd, ridiculous, fiction, impossible, unproven, inaccurate, untruthful,
        convinced, persuaded, hesitate, hesitant, reluctant, inclined, hope, hopes, hopefully, in theory,
        theoretically, in principle, opposite, reverse, contrary to, the contrary, otherwise said, as if,
        as though, next time, last time, in the past, formerly, previously, supposedly true,
        hard to believe,
        rumour, rumor, doubtful, questionable, debatable, dubious, unbelievable, unthinkable, conceivable,
        inconceivable, implausible, far-fetched, unreasonable, unfair, unwise, premature, dishonest, rash,
        provided the, provided they, provided it, provided that the, on condition, on the condition, had i,
        were i, on paper, my foot, from afar, stop short, short of, true, not true, correct to say,
        right to say, wrongly, falsely,
        mistakenly, erroneously, anybody, anyone, somebody, someone, whoever, people, everybody, everyone
    """,
    **FILLERS,
}

FREE = frozenset(["r", "y", "a"])
"""Classes that change nothing where they stand."""
