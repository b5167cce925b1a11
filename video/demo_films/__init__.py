"""Draw the demo's films: small stories told by cut-paper people, so that nobody needs to consent.

`script` reads a story and lays it out in time; `sheet`, `heads`, `figures`, `things`, `furniture` and `rooms`
draw; `acting` says how somebody stands at a moment, `staging` lets the story happen; `render` puts
pictures and sound together, and `build` keeps what was made. Nothing here needs Django.
"""
