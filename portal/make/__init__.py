"""What stands behind the Makefile: one module for each target, Python's own library only.

It runs before any package is installed, so nothing third-party may be imported here; whatever
needs Django is a management command that these modules call (`manage.py prepare`).
"""
