"""What the pages show beside their words. Querysets of pages come in as arguments."""
