"""From what a model wrote to what it means as its answer: no reasoning, no tags, no markup."""

import html
import re

from kurabe.reading.patterns import later

_INVISIBLE = later("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
_ROLE = later(
    r"<\|(?:im_start|start|start_header_id)\|>\s*(?:assistant|model|system|user)?\s*(?:<\|end_header_id\|>)?"
    r"|<start_of_turn>\s*(?:model|user)?",
    re.IGNORECASE,
)
_SPEAKER = later(r"^\s*(?:assistant|model|bot|ai)\s*(?::|\n)\s*(?=\S)", re.IGNORECASE)
"""The mark of a turn that decoding left over."""
_ECHO = later(
    r"^\s*(?:question|q|user|prompt|質問|問い?)\s*[:：][^\n]*(?:\n(?!\s*(?:answer|a|assistant|回答|答え)\s*[:：])[^\n]*)*"
    r"\n\s*(?=(?:answer|a|assistant|回答|答え)\s*[:：]\s*\S)",
    re.IGNORECASE,
)
"""The prompt, said again before the answer to it; the question stands, for it may ask something else."""
_INSTRUCTION = later(
    r"(?<=[?.？。])\s*(?:please )?(?:answer|reply|respond)\b[^.\n]{3,60}[.\n]"
    r"|(?<=[?？。])「はい」か「いいえ」で答えてください。?",
    re.IGNORECASE,
)
_CHANNEL = later(r"<\|channel\|>\s*(\w+)[^<]{0,80}<\|message\|>", re.IGNORECASE)
_CHANNEL_END = later(r"<\|(?:end|return|start|call|channel)\|>", re.IGNORECASE)
_BARE_ANALYSIS = later(r"^\s*analysis(?=[A-Zぁ-んァ-ヶ一-龠])")  # channels whose marks were lost in decoding
_BARE_FINAL = later(r"assistant\s?final\s?")

_THOUGHT = (
    "think|thinking|thought|thoughts|reasoning|reason|analysis|scratchpad|reflection|seed:think|cot|rationale"
    "|caption|summary|observe|observation|plan|inner_monologue|chain_of_thought"
)
_OPEN = (
    rf"<(?:{_THOUGHT})(?:\s[^<>]{{0,60}})?>|◁think▷|\[think(?:ing)?\]|<\|(?:begin_of_thought"
    rf"|start_thinking|thinking)\|>"
    r"|<unused94>(?:thought)?"
)
_CLOSE = (
    rf"</(?:{_THOUGHT})>|◁/think▷|\[/think(?:ing)?\]|<\|(?:end_of_thought|end_thinking|/thinking)\|>"
    "|<unused95>"
)
_THOUGHT_MARK = later(f"({_OPEN})|({_CLOSE})", re.IGNORECASE)
_LABELS = frozenset(["caption", "summary", "observation", "observe", "plan", "rationale", "reason"])

_ANSWER = "answer|final|final_answer|finalanswer|conclusion|solution|response|output|result|verdict|decision"
_ANSWER_OPEN = later(rf"<({_ANSWER})>|<\|(?:begin_of_box|begin_of_solution|start_response)\|>", re.IGNORECASE)
_ANSWER_CLOSE = later(rf"</(?:{_ANSWER})>|<\|(?:end_of_box|end_of_solution|end_response)\|>", re.IGNORECASE)
_ITEM = later(r"<li(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_CELL = later(r"</t[dh]>\s*<t[dh](?:\s[^<>]{0,200})?>", re.IGNORECASE)
_INLINE = later(r"</?(?:b|i|em|strong|span|code|u|sup|sub|mark|font|a)(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_JA_TAG = "(?!はい|いいえ)[\u3041-\u30ff\u4e00-\u9fff]{1,12}"
_NAMED = later(rf"<([a-z][a-z_\-]{{2,30}}|{_JA_TAG})>\s*([^<>\n]{{1,60}}?)\s*</\1>", re.IGNORECASE)
_ATTRIBUTES = later(r"<[a-z][\w:\-]{0,30}((?:\s+[\w\-]{2,30}=\"[^\"<>\n]{1,60}\"){1,6})\s*/?>", re.IGNORECASE)
_ATTRIBUTE = later(r"([\w\-]+)=\"([^\"]+)\"")
_SPECIAL = later(
    rf"</?{_JA_TAG}>|"
    r"<\|[^|<>\n]{1,40}\|>|\[/?INST\]|<(?!/?(?:yes|no)\s*/?>)/?[a-z][a-z0-9_:\-]{0,30}(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)

_FENCE = later(
    r"^[ \t]*(?:```|~~~)[ \t]*[\w+\-]*[ \t]*$|```(?:json|text|python|plaintext|yaml|xml|markdown)?",
    re.MULTILINE,
)
_LATEX_WORD = later(
    r"\\(?:boxed|fbox|text(?:bf|it|rm|sf|tt|normal)?|math(?:rm|bf|it|sf|tt|bb|cal)|operatorname|emph"
    r"|underline|mbox)\s*"
    r"\{([^{}]*)\}"
)
_LATEX_MARK = later(r"\\[()\[\]]|\\[,;:!]|\\(?:quad|qquad|displaystyle|left|right)\b|\${1,2}")
_EMPTY = later(r"^([ \t]*(?:[-*][ \t]+)?[A-Za-z_ ]{2,40}:)[ \t]*\[[ \t]*\][ \t]*$", re.MULTILINE)
"""A list of YAML without an entry."""
_LINE_MARK = later(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)+", re.MULTILINE)
_RULE = later(r"^[ \t]*(?:[-*_=][ \t]?){3,}$", re.MULTILINE)
_EMPHASIS = later(r"\*\*+|~~|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_LONGEST = 400_000
_LONGEST_ANSWER = 20_000  # without its reasoning: far more than anybody writes


_HALF_WIDTH = later(r"(?<=[ぁ-んァ-ヶー一-龠々])[?!]")
"""Marks that end a Japanese sentence, however wide they are written."""


def plain(text: str) -> str:
    """Return what is meant as the answer, as plain lines; list marks stay.

    Reasoning is taken off, and so are tags, channels, fences, LaTeX and emphasis. A reasoning that never
    ends leaves nothing, for there is no answer then; neither does a text that never ends.
    """
    if len(text) > _LONGEST:
        return ""
    text = _INVISIBLE.sub("", text)
    answer = _answer(_without_thought(_final_channel(_ROLE.sub("\n", text))))[:_LONGEST_ANSWER]
    answer = _ECHO.sub(lambda match: _INSTRUCTION.sub("", match[0]), _SPEAKER.sub("", answer))
    if "<" in answer or "[" in answer:
        answer = _INLINE.sub("", _CELL.sub(" | ", _ITEM.sub("\n- ", answer)))
        answer = _ATTRIBUTES.sub(_as_lines, _NAMED.sub(_as_line, answer))
        answer = html.unescape(_SPECIAL.sub("\n", answer))
    elif "&" in answer:
        answer = html.unescape(answer)
    return _HALF_WIDTH.sub(lambda match: "？" if match[0] == "?" else "！", _unmarked(answer).strip())


def _unmarked(text: str) -> str:
    """Take fences, LaTeX, quotations, headings and emphasis off."""
    text = _EMPTY.sub(r"\1 none", _FENCE.sub("", text))
    if "\\" in text or "$" in text:
        for _ in range(3):
            text, count = _LATEX_WORD.subn(r"\1", text)
            if not count:
                break
        text = _LATEX_MARK.sub("", text)
    return _EMPHASIS.sub("", _LINE_MARK.sub("", _RULE.sub("", text)))


def _final_channel(text: str) -> str:
    """Return the message of the final channel, for models that write in channels."""
    channels = list(_CHANNEL.finditer(text))
    if not channels:
        if not _BARE_ANALYSIS.match(text):
            return text
        parts = _BARE_FINAL.split(text, maxsplit=1)
        return parts[1] if len(parts) == 2 else ""
    messages = []
    for number, channel in enumerate(channels):
        end = channels[number + 1].start() if number + 1 < len(channels) else len(text)
        if channel[1].lower() == "final":
            messages.append(_CHANNEL_END.split(text[channel.end() : end])[0])
    return "\n".join(messages)


def _without_thought(text: str) -> str:
    """Return a text without its reasoning; nothing if a reasoning has no end."""
    kept: list[str] = []
    depth = 0
    place = 0
    for mark in _THOUGHT_MARK.finditer(text):
        if mark[1]:
            if depth == 0:
                kept.append(text[place : mark.start()])
            depth += 1
        elif depth:
            depth -= 1
        else:
            kept.clear()  # the template had opened it: all before is reasoning
        place = mark.end()
    if depth:
        answer = _ANSWER_OPEN.search(text, place)
        return text[answer.start() :] if answer else ""
    return "\n".join([*kept, text[place:]])


def _answer(text: str) -> str:
    """Return what stands in answer tags, of all of them; the whole text if there are none."""
    found = []
    opens = list(_ANSWER_OPEN.finditer(text))
    for number, mark in enumerate(opens):
        end = opens[number + 1].start() if number + 1 < len(opens) else len(text)
        close = _ANSWER_CLOSE.search(text, mark.end(), end)
        found.append(text[mark.end() : close.start() if close else end])
    return "\n".join(found) if found else text


def _as_lines(match: re.Match[str]) -> str:
    """Write ``<result verdict="same"/>`` as keys with their values; other tags stay as they are."""
    from kurabe.reading.keys import polarity

    pairs = _ATTRIBUTE.findall(match[1])
    if not any(polarity(name).kind in ("verdict", "count", "answer") for name, _ in pairs):
        return match[0]
    return "\n" + "\n".join(f"{name}: {value}" for name, value in pairs) + "\n"


def _as_line(match: re.Match[str]) -> str:
    """Write ``<difference>no</difference>`` as a key with its value."""
    from kurabe.reading.keys import polarity
    from kurabe.reading.values import judgement

    known = polarity(match[1])
    return (
        f"\n{match[1]}: {match[2]}\n"
        if known.kind in ("verdict", "count") or judgement(match[1], match[2])
        else f"\n{match[2]}\n"
    )
