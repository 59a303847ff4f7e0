"""Sends to the app's queues on Azure Queue Storage."""
