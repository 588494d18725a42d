def highlight(text, query):
    return [(text, False)]
