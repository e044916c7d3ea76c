"""The points in a file of rules, changed in place: nothing but the numbers behind `points:`, each line otherwise as it was.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

import yaml

NAME = re.compile(r"^(\s*)-\s+name:\s*[\"']?(\w+)[\"']?\s*(?:#.*)?$")
POINTS = re.compile(r"^(\s+points:\s*)(-?\d+(?:\.\d+)?)(.*)$")
FITTED_BELOW = 100     # the test string's thousand is no weight


def load(text):
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["rules"]


def fitted(text):
    """{rule: points} of the rules whose points are weights: not those that only serve others (0), nor what is critical."""
    return {rule["name"]: rule["points"] for rule in load(text)
            if rule.get("points", 0) != 0 and rule.get("severity") != "critical" and abs(rule["points"]) < FITTED_BELOW}


def shown(value):
    return f"{value:.1f}".removesuffix(".0")


def changed(text, points):
    """The text with these points."""
    lines, name, left = text.split("\n"), None, dict(points)
    for number, line in enumerate(lines):
        begins = NAME.match(line)
        if begins:
            name = begins[2]
        has = POINTS.match(line)
        if has and name in left:
            lines[number] = has[1] + shown(left.pop(name)) + has[3]
    result = "\n".join(lines)
    was, now = load(text), load(result)
    for before, after in zip(was, now):
        before, after = dict(before), dict(after)
        if before["name"] in points and abs(after.pop("points") - points[before["name"]]) > 0.051:
            raise ValueError(f"the points of {before['name']} could not be written")
        before = {key: value for key, value in before.items() if key in after}
        if before != after:
            raise ValueError(f"more than the points of {before['name']} would change")
    if left or len(was) != len(now):
        raise ValueError(f"no points in the file of {', '.join(sorted(left))}")
    return result
