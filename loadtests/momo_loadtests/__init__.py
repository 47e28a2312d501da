"""The crowd: Locust users that drive the model customer, and a verdict from both books.

Only `users` imports locust, which patches sockets; everything else runs outside of it.
"""
