"""Recomputes the verdicts of a page of study paper from its intervals and bounds: python verdicts.py index.json"""
import json, sys

page = json.load(open(sys.argv[1]))
for number, claim in enumerate(page["claims"], 1):
    states = set()
    for f in page["findings"]:
        margin = f.get("at_most", f.get("more_than"))
        if f["claim"] != number or margin is None: continue
        below, above = f.get("high", margin + 1) <= margin, f.get("low", margin) > margin
        holds, excluded = (below, above) if "at_most" in f else (above, below)
        states.add("holds" if holds else "does not hold" if excluded else "inconclusive")
    measured = any(f["claim"] == number for f in page["findings"])
    verdict = next((v for v in ("does not hold", "inconclusive", "holds") if v in states), "reported" if measured else "inconclusive")
    print(number, verdict, "(as on the page)" if claim["verdict"].startswith(verdict) else "but the page: " + claim["verdict"])
