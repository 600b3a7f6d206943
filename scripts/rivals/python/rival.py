"""Runs pyahocorasick by the protocol of scripts/rivals."""

import sys
import time

import ahocorasick


def lines(name):
    with open(name, encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n") for line in file]


phrases, texts = lines(sys.argv[1]), lines(sys.argv[2])
begun = time.perf_counter_ns()
machine = ahocorasick.Automaton()
for i, phrase in enumerate(phrases):
    machine.add_word(phrase, i)
machine.make_automaton()
print("ready", (time.perf_counter_ns() - begun) // 1_000_000, flush=True)
for _ in sys.stdin:
    begun = time.perf_counter_ns()
    hits = 0
    for text in texts:
        for _ in machine.iter(text):
            hits += 1
    print(time.perf_counter_ns() - begun, hits, flush=True)
