"""Something happened on the public face: one verb, one transaction."""
