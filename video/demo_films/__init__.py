"""Draw the demo's films: each a small story told by cut-paper people, so that nobody's consent is in question.

`script` reads a story and lays it out in time, `sheet`, `figures`, `things` and `rooms` draw, `acting` says who
stands how at each moment, `render` puts the pictures and the sound together, and `build` keeps what was made.
Nothing here needs Django.
"""
