"""An invented network of any size, the same each time, to prove things on (`seed_world`).

Every text in it holds a word of its own (a canary), so whoever finds one knows where it came from.
It goes into an empty database and nowhere else.
"""
