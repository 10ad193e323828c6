"""What is found in one picture alone: "there is a hole in the second", "the clip is open in the second".

The words are none of a defect by themselves: parts have holes, boxes are open. Who answers with nothing but
such a thing, and places it in the picture that is inspected, has named a difference.
"""

import re

from kurabe.reading.english.view import View
from kurabe.reading.patterns import later

_MARK = (
    r"(?:holes?|gaps?|openings?|marks?|spots?|patch(?:es)?|streaks?|lumps?|folds?|kinks?|ridges?|pockets?"
    r"|loops?"
    r"|knots?|notch(?:es)?|slits?|points?|bands?|blobs?|strands?|threads?|pieces?|bits?|chunks?|fragments?"
    r"|particles?"
    r"|grains?|flakes?|drops?|droplets?|twists?|smears?|traces?|hook|grooves?|rings?|lines?|dots?"
    r"|indentations?"
    r"|depressions?"
    r"|hollows?|chip|chips|creases?|ripples?|bumps?|specks?|shards?|scars?|tracks?|prints?|something|object"
    r"|insect"
    r"|hair|crumbs?|stripes?|areas?|figure|shape)"
)
_KIND = (
    r"(?:small|tiny|little|large|big|long|short|thin|fine|narrow|wide|deep|round|dark|darker|black|white"
    r"|brown|grey"
    r"|gray|red|green|blue|yellow|visible|clear|faint|slight|noticeable|irregular|jagged|diagonal|vertical"
    r"|horizontal"
    r"|circular|distinct|light|bright|new|single|shallow|shiny|whitish|brownish|reddish|yellowish|pale"
    r"|obvious|foreign)"
)
_ALWAYS_ODD = later(
    r"(?:hole|gap|mark|spot|patch|streak|lump|kink|slit|blob|chunk|fragment|particle|flake|droplet|smear"
    r"|trace"
    r"|indentation|depression|hollow|crease|speck|shard|scar|insect|hair|crumb|fold|something|chip|knot"
    r"|twist)s?"
)
"""What is odd wherever it is found; of the others only what is of an odd colour, or that "new", is."""
_FOUND = later(
    r"(?P<verb>\bthere (?:is|are|appears? to be|seems? to be)|\b(?:has|have|shows?|exhibits?|reveals?"
    r"|displays?"
    r"|bears?)|\b(?:i|we|you|one can) (?:can |also )*(?:see|notice|find|spot|detect|observe|found|noticed"
    r"|spotted))"
    rf"(?: (?:now|also|clearly|visibly|actually|only|just))* (?:(?:an?|one|two|three|four|some|several"
    rf"|another|\d)"
    rf" )(?P<kind>(?:{_KIND},? (?:and )?)*)(?P<mark>{_MARK})\b(?! (?:for|of the same|shape|pattern)\b)"
)
_STATE = later(
    r"\b(?:is|are|looks?|stands?|hangs?|lies|sits?|was left|has been left|seems?|appears?)"
    r"(?: (?:now|only|still|slightly|partly|half|wide|completely|entirely|not quite|just|to be|a bit|almost"
    r"|left))*"
    r" (?:open|empty|bare|blank|ajar|flat|stuck out|wide open|at an angle|at a slant|on its side|to one side"
    r"|too (?:big|small|wide|narrow|high|low|far|close|long|short|tight|thick|thin)|out|apart|off|dead|dull"
    r"|rough"
    r"|in two|in half|in pieces|underneath|away from the \w+)(?= |$)(?! (?:in|on|to) the (?:left|right|side"
    r"|top|bottom)\b)"
)
_NO_THING = later(
    r"^(?:the |this |that |a )?(?:2:)?(?:image|picture|photo|photograph|view|shot|camera|second image"
    r"|second picture|second photo)s?(?: 2| b)? (?:is|are|looks?|seems?|appears?)\b"
)


def stands_out(clause: View) -> bool:
    """Say whether a clause that speaks of the inspected picture alone names what should not be there."""
    codes = clause.codes
    if clause.sides != {2} or set("EnowzuM%*DKSsdeJLBR").intersection(codes):
        return False
    text = clause.text.replace("2:", "")
    found = _FOUND.search(text)
    if found is not None:
        odd = _ALWAYS_ODD.fullmatch(found["mark"])
        return (
            odd is not None
            or re.search(r"\b(?:new|foreign|irregular|jagged|dark|bright)\b", found["kind"]) is not None
        )
    return _STATE.search(text) is not None and _NO_THING.match(text) is None
