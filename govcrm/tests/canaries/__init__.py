"""Canaries: words that stand in one record alone, looked for in whatever leaves the site.

The `stage` hangs them on matters that people must not see, `people` says who must not see which, `asking` sends one request
with what would leave the machine caught, and takes everything back.
"""
