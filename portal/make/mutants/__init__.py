"""`make mutants`: a fault planted for every rule, and a test that catches each of them."""
