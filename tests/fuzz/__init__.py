"""Hostile input, a bounded share; ``tests.bench.stress.fuzz`` goes on as long as one likes."""
