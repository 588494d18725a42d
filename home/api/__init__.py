"""Open data: the catalogue as a file, feeds of what changed, and the network as HSDS.

Everything here stands on the public pages too. Nobody is asked who they are, nothing is written.
"""
