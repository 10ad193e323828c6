"""What turns, hedges or takes back a statement: one frame a line, to be put round any statement.

``{s}`` is the statement without its full stop, ``{S}`` the same at a beginning, ``{p}`` its plain form in
Japanese, ``{o}`` and ``{ol}`` a statement of the opposite.
"""
