"""Keeping the pages in order: what is old, what leads nowhere, what hangs on what.

It sees the page types, so it stands at their height; the CMS shows it (home/cms_reports.py).
"""
