"""Sends changes of alerts to where people notice them."""
