"""`make faults`: the real server and worker, one fault after the other, and what they answered.

    make faults                      every fault, on SQLite and on a PostgreSQL of its own
    make faults DB=sqlite ONLY=full-disk
    make faults ONLY=kills KILLS=100

`house` starts and kills the processes, `browser` is who works with them, `probes` says what is
asked and what may be answered, `troubles` are the faults, `kills` the rounds of kill -9, and
`ledger` looks into the database afterwards.
"""
