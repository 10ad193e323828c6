"""English words of which the keys of JSON are made, by what each of them says."""


def words_of(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


NOT = words_of(
    "no not non without free zero none never isnt arent hasnt nothing absent absence neither lacks lack"
)
SAME = words_of(
    "same identical match matches matched matching equal equals equality equivalent unchanged sameness alike "
    "indistinguishable unmodified unaltered identicality equivalence identity coincide congruent matchs "
    "nochange untouched undisturbed acceptable accepted conforms conforming conformity compliant conformant"
)
NOUNS = words_of(
    "difference differences diff diffs change changes discrepancy discrepancies deviation deviations "
    "mismatch mismatches "
    "variation variations alteration alterations modification modifications inconsistency "
    "inconsistencies disparity "
    "disparities defect defects anomaly anomalies fault faults flaw flaws abnormality abnormalities "
    "irregularity "
    "irregularities damage damages defekt nonconformity nonconformities dissimilarity distinctions "
    "distinction"
)
DIFFERENT = NOUNS | words_of(
    "deviates deviate diverges diverge different differ differs differing changed mismatched "
    "mismatching unequal dissimilar distinct "
    "altered modified "
    "nonidentical unlike inconsistent defective anomalous faulty flawed abnormal damaged unmatched "
    "deviating nonmatching tampered substituted swapped replaced manipulated reworked "
    "distinguishable unidentical"
)
COUNTS = words_of("num number count counts total quantity amount n nr how many counted no_of numbers")
ANSWER = words_of(
    "answer verdict result results response conclusion decision output judgement judgment prediction "
    "predicted label "
    "classification outcome reply assessment determination comparison status ruling class pred finding "
    "answers "
    "evaluation final_answer"
)
PROSE = words_of(
    "reason reasons reasoning explanation explanations explain rationale justification description "
    "descriptions detail "
    "details note notes comment comments analysis thought thoughts summary observation observations "
    "evidence remark "
    "remarks message text content why findings commentary basis elaboration reasoned caption context "
    "justifications "
    "overview discussion process steps issues problems concerns"
)
FINDINGS = words_of("findings issues problems concerns")
NEUTRAL = words_of(
    "confidence certainty language lang locale model id timestamp task bbox box boxes location "
    "position coordinates region severity "
    "type category part object component format version title filename file name scene subject item "
    "product probability "
    "image_id score confidence_score level bounding area side index"
)
FILL = words_of(
    "is are has have had there any a an the of in between two both images image pictures picture photos "
    "photo parts pair "
    "they it found detected present exists exist visible observed seen noticed identified overall final "
    "do does flag all "
    "each other physical significant noticeable real actual or and products connectors connector samples "
    "specimens "
    "objects to as from with check value bool boolean were was existence presence confirmed shown given "
    "by be pics pic anything s state condition items vs versus against "
    "list my visual visually part component object product sample item connector specimen that this "
    "these them if whether truly summary_of which what see we i "
    "detection check"
)
THINGS = words_of("part component object product sample item connector specimen")
SIDE_WORDS = {
    **dict.fromkeys(
        ["upper", "top", "left", "first", "reference", "1", "a", "original", "good", "before"], 1
    ),
    **dict.fromkeys(
        ["lower", "bottom", "right", "second", "test", "2", "b", "suspect", "after", "inspection"], 2
    ),
}
EXCLUDED = words_of(
    "imaging optical optics photographic glare camera framing focus lighting light brightness noise "
    "illumination exposure shift shifted shadow shadows reflection "
    "reflections contrast"
)

IGNORED = words_of("ignored ignore excluded disregarded discounted uncounted skipped tolerated waived")
"""What a model has left out of account."""
ANSWERS_OF = words_of("inspection qc test check visual match")
"""What a result may be the result of."""
TARGETS = words_of(
    "reference golden master standard template baseline good original sample first other second nominal"
)
_BESIDE = words_of("from to with against vs versus than equals matches match equal")


def without_target(words: list[str]) -> list[str]:
    """Return the words of a key without what the thing is held against: ``differs_from_golden_sample``."""
    kept: list[str] = []
    beside = False
    for word in words:
        if not (beside and word in TARGETS) or set(kept) & SIDE_WORDS.keys():
            kept.append(word)
            beside = word in _BESIDE or (beside and word in FILL)
    return kept
