"""Polls feeds, publishes what they bring as articles. Pure modules, but for the edge: fetch, follow, statelog, app."""
