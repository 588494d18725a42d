"""`make drill`: the machine is lost, ten times over, and brought back from its copies.

Each round, on the portal as it really runs, under people who write:

1. a copy is made (`manage.py backup`); in every other round once more when the writers have
   stopped, and once the newest copy is damaged afterwards;
2. everything is killed and wiped: database, files, all but the keys;
3. the newest whole copy is brought back (`manage.py restore`) and looked over: what was confirmed
   before the copy is there, once; every row has its file; the log is whole; every table of a quiet
   copy is what it was;
4. the portal starts on it and the next round begins.

RUNS (10), DB (both, sqlite, postgres), WRITERS (8), PORT (8837) come by environment.
"""
