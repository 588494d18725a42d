"""How days and hours are typed and shown, per language (FORMAT_MODULE_PATH)."""
