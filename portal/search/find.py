def find(text, *, models, limit=1000):
    return []


def did_you_mean(text):
    return None
