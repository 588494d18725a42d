"""The network in the words of Open Referral HSDS 3.1: services, places, organisations, terms.

Here rows become records (plain dictionaries); who asks and how it is answered is `home.api`. The
words about a component stand on its page, a floor above, so they are handed in (`Words`).
Only what is published is ever asked for: `rows.py` is the one door.
"""

VERSION = "3.1"
