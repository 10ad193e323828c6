"""English answers that are left open: one a line."""

UNREADABLE = """
I cannot tell.
maybe
Yes, maybe.
Yes, they are the same.
Yes. Both pictures look fine, so they are identical.
Yes and no.
No pins are missing.
No, there is a difference.
No, they are different
The left pin is the same.
Both images show the same connector.
Let me look for differences.
The pictures are taken from different angles.
almost identical
The difference is not significant.
There is no difference in the housing.
It is hard to say whether there is a difference.
Yes/No
No. However, pin 3 is bent.
If there is a difference, it is small.
There may be a difference.
This could be different.
they are different, but they are the same
There are no scratches, differences or defects
The pictures are similar.
There is little difference.
There is hardly any difference.
I am unable to compare the images.
The left image shows no defect.
Yes; no difference
The images are the same size.
The same pin is bent in both.
They share the same background.
the pins have different lengths
They have the same number of pins.
I'm not sure, but there might be a difference.
I'm not sure.
The difference cannot be determined.
It is impossible to tell the difference.
I can't tell the difference.
There's no way to tell.
There isn't enough information.
It would be wrong to say there is no difference.
I can't say there is no difference.
I cannot say that they are the same.
They are neither the same nor identical.
Is there a difference between the two pictures?
The user asks whether there is a difference.
We need to determine if they are the same.
no,there is a difference
yes,no
Differences between the images:
No pin is different.
Not at all.
Yes: they're identical
not no
True
False
There is no difference in the pins and the housing.
No, they are not the same.
The pictures are the same?
Different connectors
Identical pictures.
two identical pictures
The two pictures are identical in terms of the connector's shape and pin count.
No difference in pin 3.
No differences were observed in the pins.
They show different connectors.
They show the same connector from different angles.
I am not certain that they are identical.
It is not clear whether the two differ.
It's unclear.
There should be a difference.
It can't be said that they differ.
Yes - identical.
yes no
No yes
yes?
No?
Yes, no, maybe
Not yes
not no, but yes
The statement that there is no difference is false.
It is false that they are the same.
It is wrong that there is a difference.
I deny that there is a difference.
I doubt that there is a difference.
I doubt they are the same.
Different images
The images are different from what I expected, but identical to each other.
There is a difference of opinion.
Without the missing pin they would be identical.
The colors match.
Same difference.
The same pin.
Yes, it's identical.
No. It is different.
The pin hasn't changed.
Good
Both are good.
They are hardly identical.
They could not be more different.
can you see the difference
See the difference in the left pin.
Spot the difference.
Find the difference.
Few would see a difference.
At first glance they look the same.
"""
