"""Clients from PyPI."""
