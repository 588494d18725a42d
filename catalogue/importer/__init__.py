"""Reading the price forms that municipalities and providers really use. CAT-23.

    sheets = open_file(data, name)            # files.py: bytes → cells, nothing run, nothing kept
    reading = read(sheets, known, answers)    # reading.py: cells → lines, understood or not
    steps = plan(reading, known, …)           # plan.py: lines × what is stored → what would change

Everything here is without a database and without a request: what is known of the catalogue and
of present prices is given in, so the same file always reads the same. Nothing is guessed: what
does not say for certain what it means becomes a question.
"""
