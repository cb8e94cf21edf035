"""Hostile input, a bounded share of it; ``tests.bench.fuzz`` goes on for as long as one likes."""
