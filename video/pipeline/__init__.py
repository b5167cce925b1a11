"""From an upload to files that can be played, in steps that are each safe to repeat.

`limits` runs a program in a narrow child, `probing` looks before anything is decoded, `encoding` makes files,
`playlists` writes what the player reads, and `job` does it for one clip and says how far it is.
"""
