"""`make bench`: what a page costs, beside plain Django and plain Wagtail, and how that grows.

ground.py   worlds at 1×, 10× and 100×, seeded once and kept under build/bench
site.py     what gunicorn serves: our site, and beside it the plain pages of plain.py
asking.py   one client that asks again and again, and the processor time it cost
pages.py    what is asked for, and the budgets
telling.py  docs/performance.md
"""
