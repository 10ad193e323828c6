"""English answers that are read: one a line."""

DIFFERENT = """
Same connector, different pin.
NG
NG: barcode worn
Result: FAIL
The label is missing.
Pin 3 is bent.
They are the same. Wait, actually they are different.
Only the brightness matches, the absence of the plug is a clear difference.
They are identical, but the left pin is missing.
They match, but the pin is bent.
They can be distinguished.
The left pin is missing. No other differences.
Yes
**Yes**
The only difference is the left pin.
not the same
They are not the same.
The two pictures are identical except for the left pin.
Differences: the left pin is missing
It is not true that there is no difference.
They are not without differences
There is a difference in the left pin.
They look the same, but the left pin differs.
Yes, the left pin is missing.
A difference can be seen.
Something has changed.
the images do not match
Is there a difference? Yes.
The answer is yes.
different
not identical
I would say yes
Yes there is a slight difference
The two images are not entirely identical.
I see two differences.
There are 3 differences between the two images: a, b, c
There is no pin so there is a difference
They do differ.
The images differ in the left pin
Ｙｅｓ
The pictures are the same. However, there is a difference in pin 3.
Although they look the same, there is a difference.
not indistinguishable
There is a defect on the left pin.
The images are different in color but not in shape.
Not all parts are the same.
Yes, I can see that the left pin is missing in the lower picture, but everything else is the same.
Yes, but everything else is identical
Yes, there is a difference. The first picture has 8 pins and the second has 7.
Yes, there are differences: the left pin is bent, the right pin is the same.
There are differences, but they are small.
The two pictures are very similar but there is a slight difference in the left pin.
I notice something different.
The difference between the two pictures is the missing pin.
One difference: the pin.
Yes! They differ.
Yep
YES
Sure. Yes.
Yes - the pin is bent
Answer: Yes. Explanation: the left pin is absent.
The final answer is "yes".
The left pin has a different length.
I think there is a difference.
It seems that there is a difference.
Without a doubt, they are different.
It's not that there is no difference.
I do not think they are the same.
I do not think that they are not different
They are never the same
They aren't the same.
They arent the same
Except for the left pin, the two images are identical.
There is nothing different except the label.
The difference is that there is no pin.
The difference is that the pin is not visible in the lower picture.
The first and second picture are not identical.
The lower picture is different from the upper one.
the test image does not match the reference.
Difference: Yes
Of course there is a difference.
There's a difference
They're different
In the lower picture the pin differs.
The pins in the lower picture are not the same.
The pins are the same, the housing is different.
The housing is the same, but the pin differs.
There is no difference in the housing, but the pins differ.
They are not the same, they are different.
Yes, they are not the same.
Yes, they are different.
Yes they do
Different
Upon close inspection, there is a noticeable difference: the third pin from the left is bent.
There is a difference. In the top picture, the pin is straight, while in the bottom one it is bent.
Yes. In the first picture pin 3 is straight but in the second it is not.
Yes, the difference is that the pin on the left is not there.
Yes, the two pictures are not identical.
It looks like there is one difference. The screw is missing.
There are a few differences between the two.
There are few differences.
There is only one difference.
There's just one small difference in the corner.
I see no differences in the left part, but the right part is different.
The test part has a defect.
They're not quite the same.
They are not exactly identical.
There is something different.
It is clear that the two differ.
If you look closely, the pins differ.
If you look closely, there is a difference.
They can't be the same.
Visible differences: 2
Same: no
The image is different.
With the exception of the pin, they are the same.
They match except for the pin.
They don't match.
The colors don't match.
The pictures do not match each other.
nothing is the same
Everything is the same except the pin.
There exists a difference.
Differences exist.
A change has occurred.
There has been a change.
The left pin has changed.
There is a deviation from the reference.
They are far from identical.
They are anything but identical.
They are by no means identical.
You can see a difference.
You can see the difference in the left pin.
These differences are visible.
I do see a difference.
At first glance they look the same, but there is a difference.
Despite looking the same, they differ.
There is a difference, however small.
The second picture has no pin 3, which differs from the first.
Is it the same? No. Is it different? Yes.
Are they the same: no
"""

SAME = """
OK
Pass
PASS: all pins straight
Only the amount of light differs.
It is only the brightness that is not the same.
No rust spots or other differences are present.
It is impossible to tell the two pictures apart.
No.
no difference
No visible differences.
There are no differences between the images.
They are not different.
differences: none
I do not see any difference.
I don't think there is a difference
There doesn't appear to be any difference between the two images.
No differences can be seen
Differences are not visible.
nothing is different
Nothing has changed.
The images match.
Answer: No
So the answer is no.
Same
The same.
no they look identical
None
They don't differ.
They are indistinguishable.
I could not find any differences.
I can't see any difference
There are no defects or differences.
I see no change.
No defects.
Both are the same
Both are identical in every way.
No, the two pictures are identical.
No, there is no difference between the two pictures.
No. The two pictures show the same connector with the same number of pins.
I don't see a difference.
I am not able to see any differences.
I'm unable to detect any difference.
I see nothing different.
The images do not show any difference.
The two photos show no differences
The part has no defect
No difference is visible.
No differences were found.
There was no difference found.
Neither picture shows a difference.
The two connectors look exactly the same.
Nope
no
I'd say no.
I would say that there is no difference.
My answer is: no.
Final answer: **No**
I believe they are identical.
It appears to be the same.
they dont differ
A difference is not visible
The differences are not there.
Is there a difference? No, there is not.
I will compare the two and say if they differ. They do not differ.
The upper and lower images are identical.
The image above is the same as the image below.
The lower picture is identical to the upper picture.
The test picture matches the reference picture.
I can see no difference
No visible difference can be noticed.
Visible difference: none
Differences found: No
No significant differences.
No apparent differences
Number of differences: 0
0 differences
Zero differences
It is not the case that the pictures differ.
Not different
there's no difference
They're the same
There are no differences in the two pictures
the images are the same; there is no difference
They are not different, they are the same.
No, they are not different.
No they don't
These are two identical pictures.
The two images appear to be identical, with no visible differences in the connector, pins, or housing.
Both images show a white connector with eight pins. There are no noticeable differences between them.
Both images show a white connector. The pins look the same in both. No.
No, both pictures show the same white connector with 8 pins and there is no visible defect.
No, the pictures are the same. They both have a black bar between them.
The answer is no because there is no difference.
I have compared the two pictures carefully and I found no differences.
After comparing, no difference was found.
Looking at the two pictures, I can't identify any differences.
There is not a single difference.
No difference in the pictures.
The lower picture has no differences from the upper picture.
The part is free of defects.
They aren't any different.
They are no different.
There's nothing different between them.
These are pictures of the same connector.
I can confirm that there is no difference.
I am sure there is no difference.
I am certain that they are identical.
They cannot be different.
no, i don't see a difference
No - identical.
difference: none found
Identical: yes
Is there a difference between the two pictures? Answer: No
The two images are the same images.
With no differences, the images match.
Everything is the same.
All identical.
No it isn't
The difference is none.
The difference is zero.
There is zero difference.
There are 0 differences.
No difference exists.
There has been no change.
Nothing changed between the pictures.
The images have not changed.
unchanged
I couldn't see a difference.
None of the differences are visible.
I fail to see a difference.
No difference except the lighting.
No difference other than the lighting.
There never was a difference.
"""
