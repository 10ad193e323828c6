"""Differences as lists, and counts; ``{1}``, ``{2}``, … are findings, one per slot.

Each slot takes one wording: ``t`` a noun phrase, ``S`` a sentence. What the answer says beyond the findings must not
become a finding.
"""

ENGLISH = (
    "- {1t}\n- {2t}",
    "1. {1S}.\n2. {2S}.\n3. {3S}.",
    "* {1T}\n* {2T}\n* {3T}",
    "{1T}",
    "{1S}.",
    "{1S}\n{2S}",
    "1) {1T}\n2) {2T}",
    "Here are the differences between the two pictures:\n\n1. {1S}.\n2. {2S}.",
    "Differences:\n- {1t}\n- {2t}",
    "### Differences\n\n- **First:** {1s}.\n- **Second:** {2s}.",
    "**Differences:**\n1. **{1P}**: {1S}.\n2. **{2P}**: {2S}.",
    "The differences between the two pictures are as follows:\n• {1S}\n• {2S}\n\nEverything else is the same.",
    "There are two differences:\n1. {1S}.\n2. {2S}.\n\nLet me know if you need anything else!",
    "Upon comparing the two pictures, I found the following:\n\n- {1S}.\n- {2S}.\n\nNo other differences were found.",
    "The second picture shows {1t}.",
    "In the second picture, {1s}.",
    "- In the bottom picture, {1s}.\n- In the bottom picture, {2s}.",
    "1. {1S} in the second picture, whereas {1g} in the first.",
    "- {1P}: {1g} in the first picture; {1s} in the second.\n- {2P}: {2g} in the first picture; {2s} in the second.",
    "| No. | Difference |\n|---|---|\n| 1 | {1S} |\n| 2 | {2S} |",
    "| Feature | Picture 1 | Picture 2 |\n|---|---|---|\n| {1P} | {1g} | {1s} |",
    "The pictures are the same except for one thing: {1s}.",
    "<think>The pictures show parts. Are they the same? I look at each.</think>\n- {1S}\n- {2S}",
    "Sure, here they are:\n\n* {1S}.\n* {2S}.\n\nI hope this helps.",
    '["{1t}", "{2t}"]',
    '{"differences": ["{1t}", "{2t}"]}',
    '```json\n{"differences": [{"location": "lower picture", "description": "{1S}"}]}\n```',
    "1. **Change in the {1p}** - {1S}.",
    "Difference 1: {1S}.\nDifference 2: {2S}.",
    "The first difference is {1t}. The second difference is {2t}.",
    "* {1S} (second picture).\n* {2S} (second picture).\n* The lighting is the same in both.",
    "The main difference between the two pictures is {1t}.",
    "**Similarities:**\n- Both show the same background.\n- Both are taken from above.\n\n**Differences:**\n- {1S}.",
    "Only one difference:\n\n{1S}.",
    "a. {1S}.\nb. {2S}.\nc. {3S}.",
    "{1S}; {2s}.",
    "{1T}, {2t}",
)

ENGLISH_NONE = (
    "No difference", "No difference.", "No differences.", "**No difference**", "None.", "There are no differences.",
    "There is no difference between the two pictures.", "- No difference", "1. No difference.", "Differences: none",
    "The two pictures are identical.", "I can't see any difference.", "Both pictures show the same {1p}. No difference.",
    "After comparing the pictures carefully, I found no differences.", "Differences:\n\nNo difference.",
    "**Similarities:**\n- The {1p} has the same shape.\n- The color is the same.\n\n**Differences:**\n- None.",
    "No differences are visible. Both parts are in good condition.", "The pictures look the same to me, so: No difference.",
    "Here are the differences between the two pictures:\n\nNo difference", "<think>Is there {1t}? No.</think>No difference",
    "The lighting is slightly different, which does not count. No difference.", "No visible differences between the two images.",
    '{"differences": []}', "[]", '```json\n{"differences": []}\n```', '{"differences": "none"}',
    "There's no difference that I can see. {1G} in both pictures.", "Nothing is different.", "There are none.",
    "Only the brightness differs slightly. Otherwise the pictures are identical.",
    "No difference. The pictures show the same {1p} from the same angle.", "The second picture is the same as the first.",
)  # fmt: skip

ENGLISH_OPEN = (
    "I'm sorry, but I cannot see any images.",
    "The picture shows a {1p} on a table.",
    "- The first picture shows a {1p}.\n- The second picture shows a {1p}.",
    "Similarities:\n- Both show a {1p}.\n- Both have the same background.",
    "Here are the differences between the two pictures:",
    "1.",
    "Picture 1: a {1p}\nPicture 2: a {1p}",
    "Please upload the second picture.",
    "The {1p} is made of metal. It has a smooth surface.",
    "I cannot tell whether anything is different.",
    "<think>{1S}? Maybe. Let me check",
)

JAPANESE = (
    "・{1t}\n・{2t}",
    "1. {1S}。\n2. {2S}。",
    "- {1S}\n- {2S}\n- {3S}",
    "{1t}",
    "{1S}。",
    "{1S}\n{2S}",
    "違いは以下の通りです。\n\n1. {1S}。\n2. {2S}。",
    "違い：\n・{1t}\n・{2t}",
    "2枚目の写真では{1S}。",
    "下の写真では、{1S}。",
    "①{1t}\n②{2t}",
    "**違い**\n- **{1p}**：{1S}。\n- **{2p}**：{2S}。",
    "2枚の写真の違いは次のとおりです：\n- {1S}。\n- {2S}。\n\nその他の部分は同じです。",
    "違いは2つあります。\n1つ目：{1S}。\n2つ目：{2S}。",
    "上の写真では{1g}が、下の写真では{1S}。",
    "| 番号 | 違い |\n|---|---|\n| 1 | {1S} |\n| 2 | {2S} |",
    '["{1t}", "{2t}"]',
    '{"違い": ["{1t}", "{2t}"]}',
    "主な違いは{1t}です。",
    "{1t}、{2t}",
    "（1）{1S}。\n（2）{2S}。",
    "・2枚目：{1S}\n・2枚目：{2S}\n以上です。",
    "共通点：\n・背景が同じ\n・向きが同じ\n\n相違点：\n・{1S}",
    "1点だけ違います。{1S}。",
)

JAPANESE_NONE = (
    "違いはありません", "違いはありません。", "「違いはありません」", "違いなし", "- 違いはありません", "2枚の写真に違いはありません。",
    "2枚の写真は同じです。", "特に違いは見当たりません。", "違い：なし", "・なし", "比較しましたが、違いは見つかりませんでした。",
    "どちらも同じ{1p}です。違いはありません。", "明るさが少し違いますが、これは数えません。違いはありません。",
    '{"違い": []}', "共通点：\n・形が同じ\n・色が同じ\n\n相違点：\n・なし", "違いは次のとおりです。\n\n違いはありません", "同一の写真です。",
    "変化した箇所はありません。", "違いは確認できませんでした。{1p}の状態は同じです。",
)  # fmt: skip

JAPANESE_OPEN = (
    "申し訳ありませんが、画像を見ることができません。",
    "写真には{1p}が写っています。",
    "・1枚目は{1p}の写真です。\n・2枚目は{1p}の写真です。",
    "共通点：\n・どちらも{1p}です。",
    "違いは以下の通りです。",
    "違いがあるかどうか分かりません。",
    "{1p}は金属製で、表面は滑らかです。",
)

#: Counts; ``{n}`` is the number, ``{w}`` its word, ``{W}`` the word with a capital.
COUNT = (
    "{n}", "{n}.", "**{n}**", "{W}", "{w}.", "Answer: {n}", "The answer is {n}.", "{W} ({n})", "{n} differences",
    "There are {n} differences.", "There are {w} differences between the two pictures.", "I count {w} differences.",
    "I can see {n} differences between the pictures.", "Number of differences: {n}", "Total: {n}", "No. of differences: {n}",
    "There are {w} small, subtle differences.", "The pictures differ in {w} places.", "The two pictures differ in {n} respects.",
    "The number of differences between the two pictures is {n}.", "In total, {w} differences can be found.", "{n}.0",
    "**Answer:** {n}", "# {n}", "\\boxed{{n}}", "$\\boxed{{n}}$", "Final answer: **{n}**", "A: {n}", "Differences: {n}",
    "<think>I see one, no, wait, maybe 5. Let me count again.</think>{n}", "<answer>{n}</answer>", "I found {n} of them.",
    "After comparing the 2 pictures, I find {n} differences.", "Between picture 1 and picture 2 there are {n} differences.",
    "Looking at both images, I would say {w}.", "It is {n}.", "{W} differences.", "Exactly {w}.", "{n} places",
    "There are a total of {n} differences.", "I notice {w} changes in the second picture.", "{W} things are different.",
    "The last picture differs in {w} places from the good parts.", "A total of {w} differences were identified.",
)  # fmt: skip

COUNT_ZERO = (
    "0", "Zero", "Zero.", "None.", "There are no differences.", "There are 0 differences.", "No differences", "No difference.",
    "There is no difference between the two pictures, so the answer is 0.", "The pictures are identical, so 0.", "none",
    "I can't see any differences.", "The number of differences is zero.", "There are no differences between picture 1 and picture 2.",
)  # fmt: skip

COUNT_OPEN = (
    "Many", "Several differences", "50%", "At least a few.", "I can't count them.", "2 or 3", "Between 3 and 5 differences.",
    "There are differences between the two pictures.", "Picture 1", "In the 2 pictures, a {1p} can be seen.", "more than 3",
    "I see 2 pictures.", "The {1p} has 12 pins.", "-1", "How many differences are there?",
)  # fmt: skip

#: Lists that answer a count: as many findings as slots.
COUNT_LIST = (
    "1. {1S}.\n2. {2S}.\n3. {3S}.",
    "There are 2 differences:\n1. {1S}.\n2. {2S}.",
    "Here are the differences:\n- {1S}\n- {2S}\n- {3S}",
    "Two differences:\n\n* {1S}.\n* {2S}.",
    "There are three differences between the two pictures:\n\n1. **{1P}:** {1S}.\n2. **{2P}:** {2S}.\n3. **{3P}:** {3S}.",
    "- {1t}\n- {2t}\n\nTotal: 2",
    "- {1t}\n- {2t}\n- {3t}\n\nSo there are 3 differences.",
    "The differences are:\n1. {1S}\n2. {2S}\n\n**Total: 2**",
    "Difference 1: {1S}.\nDifference 2: {2S}.",
    "1. {1T}\n2. {2T}\n\nTherefore, the answer is 2.",
    "2\n\n1. {1S}.\n2. {2S}.",
    "**3**\n\n- {1S}\n- {2S}\n- {3S}",
    "The two pictures differ as follows:\n1. {1S} in picture 2.\n2. {2S} in picture 2.",
    "First, {1s}. Second, {2s}. Third, {3s}. That makes three differences.",
    "One: {1s}.\nTwo: {2s}.\n\nThere are two differences.",
    "| # | Difference |\n|---|---|\n| 1 | {1S} |\n| 2 | {2S} |",
    "Let me list them:\n1. {1S}.\n2. {2S}.\n\nFinal count: 2",
)

JAPANESE_COUNT = (
    "{n}", "{n}つ", "{n}個", "{n}箇所", "{n}か所です。", "{n}点です。", "違いは{n}つあります。", "違いは{n}箇所です。", "違いの数：{n}", "答え：{n}",
    "答えは{n}です。", "2枚の写真の違いは{n}つです。", "2枚の写真には{n}箇所の違いがあります。", "合計{n}箇所の違いがあります。", "{k}つ",
    "違いは{k}つあります。", "{n}箇所違います。", "{n}箇所が異なります。", "全部で{n}つの違いが見つかりました。", "**{n}**", "{f}", "{f}個です。",
    "1枚目と2枚目を比べると、違いは{n}箇所あります。", "回答：{n}箇所", "違いは全部で{k}つです。", "相違点は{n}点です。", "\\boxed{{n}}", "{n}つの違いがあります。",
    "最後の写真は良品と{n}箇所違います。", "<think>1つ、いや5つかも。</think>{n}", "数えると{n}つでした。", "{n}件", "{n}ヶ所", "違う箇所は{n}つあります。",
)  # fmt: skip

JAPANESE_COUNT_ZERO = (
    "0",
    "0個",
    "０",
    "ゼロ",
    "違いはありません。",
    "0箇所です。",
    "なし",
    "違いは0です。",
    "違いはないので、0です。",
    "ありません",
    "零",
)
JAPANESE_COUNT_OPEN = (
    "たくさん",
    "数か所",
    "50%",
    "2、3か所",
    "数えられません。",
    "2枚の写真があります。",
    "いくつかの違いがあります。",
    "1枚目",
    "3つ以上",
)
JAPANESE_COUNT_LIST = (
    "1. {1S}。\n2. {2S}。\n3. {3S}。",
    "違いは2つあります。\n1. {1S}。\n2. {2S}。",
    "・{1t}\n・{2t}\n\n合計：2",
    "違いは次の3つです。\n・{1S}\n・{2S}\n・{3S}",
    "・{1t}\n・{2t}\n以上、2箇所です。",
    "①{1S}\n②{2S}\nよって、違いは2つです。",
    "2つ\n\n1. {1S}。\n2. {2S}。",
    "- {1S}\n- {2S}\n- {3S}",
    "1つ目は{1t}、2つ目は{2t}です。合わせて2つです。",
    "違い1：{1S}。\n違い2：{2S}。",
)
