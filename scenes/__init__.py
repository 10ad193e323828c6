"""Rendered scenes: pictures whose every difference is known, because a program made it.

`solid` and `material` say what is there, `raster` what is seen, `shade` in what light, `camera` with what
lens. `connector` and its like set scenes up and return a `pair.RenderedPair`; `suite` writes them as cases.
"""
