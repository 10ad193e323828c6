"""English frames that doubt, suppose or report what they hold, and those that take it back."""

HEDGES = r"""
Maybe {s}.
Perhaps {s}.
Possibly {s}.
It is possible that {s}.
It may be that {s}.
It might be that {s}.
It could be that {s}.
It is conceivable that {s}.
I guess {s}.
I suppose {s}.
I suspect {s}.
I am inclined to say {s}.
If the light were better, I might say {s}.
If I had to guess, {s}.
Assuming the pictures are complete, {s}.
Supposing that {s}, I would pass the part.
Suppose that {s}.
If {s}, the part is good.
Unless {s}, the part is bad.
Whether {s} is unclear.
Whether {s} I cannot tell.
Had I looked closer, I could say that {s}.
Some would say that {s}.
Some people think that {s}.
The prompt says that {s}.
The user claims that {s}.
The label says {s}.
One might think that {s}.
You might think {s}.
At first I thought that {s}.
Someone told me that {s}.
They say that {s}.
A careless inspector would say that {s}.
Imagine that {s}.
Let us assume that {s}.
Let's say {s}.
Pretend that {s}.
Either {s}, or not.
{S}, or maybe not.
{S}, perhaps.
{S}, maybe.
{S}, but I am not sure.
{S}, but I could be wrong.
{S}, I think, but cannot be certain.
{S}. However, I am not sure.
{S}. But I might be wrong.
{S}. I am not certain.
{S}. Hard to say, though.
{S}?
Do you think that {s}?
Is it that {s}?
Can one say that {s}?
{S}, right?
{S}, isn't it?
I was asked whether {s}.
The question is whether {s}.
We need to determine whether {s}.
Check if {s}.
Please tell me whether {s}.
I would say that {s} if I saw them better.
{S} unless I am mistaken.
{S}, provided the pictures are right.
{S}, assuming I see it right.
Ideally, {s}.
Normally {s}.
In theory {s}.
Supposedly {s}.
Allegedly {s}.
Apparently it is claimed that {s}.
It is said that {s}.
It is rumoured that {s}.
It is hoped that {s}.
I hope that {s}.
I fear that {s}.
I want to believe that {s}.
They should show that {s}.
It ought to be that {s}.
It should be that {s}.
Next time {s}.
In the past {s}.
Were it not for the scratch, {s}.
Without the scratch, I would say {s}.
But for the scratch, I'd say {s}.
"""

CORRECTIONS = r"""
{S}. Wait, no.
{S}. No, wait.
{S}. Actually, no.
{S}... actually no.
{S}. Hmm, no.
{S}. Correction: {o}.
{S}. Wait, {ol}.
{S}. Actually, {ol}.
{S}. No, {ol}.
{S} - no, {ol}.
{S}, no, {ol}.
{S}. Sorry, I mean {ol}.
{S}. On second look, {ol}.
{S}. Let me look again. {o}.
{S}. I was wrong: {ol}.
{S}, or rather {ol}.
At first glance {s}, but {ol}.
Initially I thought {s}, but {ol}.
{S} is what I thought first; {ol}.
You may think {s}. {o}.
{S} would be expected. {o}.
{S}? No. {o}.
"""
