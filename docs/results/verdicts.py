"""Recomputes the verdicts of a page of study paper from its intervals and bounds: python verdicts.py index.json"""
import json, sys

page = json.load(open(sys.argv[1]))
for number, claim in enumerate(page["claims"], 1):
    states = set()
    for f in page["findings"]:
        margin = f["more_than"] if f.get("at_most") is None else f["at_most"]
        if f["claim"] != number or margin is None: continue
        below, above = (f.get("high") is not None and f["high"] <= margin), (f.get("low") is not None and f["low"] > margin)
        holds, excluded = (below, above) if f.get("more_than") is None else (above, below)
        states.add("holds" if holds else "does not hold" if excluded else "inconclusive")
    verdict = next((v for v in ("does not hold", "inconclusive", "holds") if v in states), "reported")
    print(number, verdict, "(as on the page)" if claim["verdict"].startswith(verdict) else "but the page: " + claim["verdict"])
