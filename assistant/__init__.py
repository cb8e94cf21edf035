"""Retrieve, rerank, quote, cite, refuse; and the surfaces that offer it."""
