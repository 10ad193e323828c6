"""English frames that deny what they hold, or that leave open whether it is so."""

NEGATORS = r"""
It is not true that {s}.
It isn't true that {s}.
It is untrue that {s}.
It's false that {s}.
It is not the case that {s}.
It is wrong that {s}.
It would be wrong to say that {s}.
It would be incorrect to claim that {s}.
It is a mistake to think that {s}.
It is a lie that {s}.
It is a myth that {s}.
It is hardly true that {s}.
It is by no means true that {s}.
It cannot be said that {s}.
It can't be claimed that {s}.
It is impossible that {s}.
It is unlikely that {s}.
It is doubtful that {s}.
It is doubtful whether {s}.
It is questionable whether {s}.
It is not clear that {s}.
It is not obvious that {s}.
It is far from clear that {s}.
It is far from true that {s}.
It is anything but true that {s}.
It does not appear that {s}.
It doesn't seem that {s}.
It doesn't look as if {s}.
It does not look like {s}.
It is no longer true that {s}.
It is inaccurate to say {s}.
It is unreasonable to conclude that {s}.
It is unfair to say that {s}.
It is disputed that {s}.
It has not been shown that {s}.
It was never the case that {s}.
It remains unproven that {s}.
I cannot say that {s}.
I can't say {s}.
I cannot confirm that {s}.
I can not agree that {s}.
I do not think that {s}.
I don't think {s}.
I don't believe {s}.
I do not see that {s}.
I don't find that {s}.
I doubt that {s}.
I doubt {s}.
I deny that {s}.
I refute that {s}.
I reject the idea that {s}.
I reject the claim that {s}.
I dispute that {s}.
I refuse to say that {s}.
I disagree that {s}.
I disagree with the statement that {s}.
I would never say that {s}.
I would hesitate to say that {s}.
I would be lying if I said that {s}.
I wouldn't say {s}.
I would not claim that {s}.
I would not go so far as to say that {s}.
I am not convinced that {s}.
I'm not sure that {s}.
I am not certain {s}.
I am unable to say that {s}.
I am unable to confirm that {s}.
I fail to see that {s}.
I fail to see how {s}.
I find it hard to believe that {s}.
I have no reason to say that {s}.
I have no evidence that {s}.
I see no evidence that {s}.
I see no indication that {s}.
I see no sign that {s}.
I see nothing to suggest that {s}.
I find nothing that shows that {s}.
I have my doubts that {s}.
I used to think that {s}.
I wish {s}.
I wish I could say that {s}.
I wanted to say that {s}.
I almost said that {s}.
I thought that {s}.
I initially thought {s}.
I wrongly assumed that {s}.
I expected that {s}.
I assumed {s}.
Nobody would say that {s}.
No one could claim that {s}.
Nobody can say that {s}.
No careful inspector would say that {s}.
Few people would say that {s}.
Only a fool would say that {s}.
Who would say that {s}?
Nothing suggests that {s}.
Nothing indicates that {s}.
There is nothing to suggest that {s}.
There is no evidence that {s}.
There is no indication that {s}.
There is no reason to believe that {s}.
There is no proof that {s}.
There is no sign that {s}.
There is no way that {s}.
There is little evidence that {s}.
There is no chance that {s}.
There is no basis for saying that {s}.
There is doubt that {s}.
The claim that {s} is false.
The statement that {s} is not true.
The statement "{s}" is false.
The idea that {s} is wrong.
The notion that {s} does not hold.
The suggestion that {s} is absurd.
The assertion that {s} is mistaken.
That {s} is false.
That {s} is not true.
That {s} is not the case.
That {s} cannot be said.
To say that {s} would be wrong.
Saying that {s} would be a mistake.
To claim that {s} is an error.
Claiming {s} is wrong.
Whoever says that {s} is wrong.
Anyone who says that {s} is mistaken.
If I said that {s}, I would be wrong.
Were I to say that {s}, I would be lying.
{S}, which is false.
{S}, which is not true.
{S} is false.
{S} is not true.
{S} is wrong.
{S}? No way.
{S} — not.
{S}, not!
{S}: false.
{S}: not true.
{S}: incorrect.
{S}. That is false.
{S}. That is not true.
{S}. That is wrong.
{S}. This is incorrect.
{S}. This is not the case.
{S}. Just kidding.
{S}. Scratch that.
{S}. I was wrong.
{S}. On second thought, the opposite is true.
{S}. The opposite is true.
{S}. Or rather not.
{S}. But I am wrong.
{S}. Not really.
{S}. I take that back.
{S}. Ignore that.
{S}, but that is not true.
{S}, but this is false.
{S}, but I am wrong.
{S}, or rather the opposite.
{S}, said nobody.
{S} in no way.
{S} would be a lie.
{S} would be wrong to say.
{S} is what I cannot say.
{S}, is what a careless inspector would say.
{S}, I would not say.
{S}, I do not think.
{S}, I don't think so.
{S}, I doubt it.
Not: {s}.
Not that {s}.
Never would I say that {s}.
By no means {s}.
In no way can it be said that {s}.
Under no circumstances can I say that {s}.
Far from it that {s}.
Contrary to what was said, {s} is false.
Contrary to the claim that {s}, the opposite holds.
Hardly can one say that {s}.
Rarely is it said that {s}.
Neither can I say that {s}.
No, it is not so that {s}.
False: {s}.
Wrong: {s}.
Untrue: {s}.
The opposite of "{s}".
The opposite of what I see is that {s}.
It is not only doubtful but false that {s}.
I am far from saying that {s}.
I am far from convinced that {s}.
I stop short of saying that {s}.
I can hardly say that {s}.
I can scarcely say that {s}.
I can barely claim that {s}.
I hesitate to say that {s}.
I am reluctant to say that {s}.
I am not in a position to say that {s}.
I have failed to establish that {s}.
I was unable to find that {s}.
I could not find that {s}.
I didn't notice that {s}.
My answer is not that {s}.
My conclusion is not that {s}.
The answer is not that {s}.
The truth is not that {s}.
"""
