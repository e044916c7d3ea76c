"""Weights of rules by logistic regression with a prior and limits, and their scale.

The chance that a message is spam is 1 / (1 + exp(-(begin + the points of the rules that hit)))): a point is a logit.  Minimized is
what the messages lose by it, plus half of PENALTY times the square of how far each rule's points go from those that a person gave
it, so a rule that hit little stays near these.  Points keep their sign, and none goes beyond its limit.  Coordinate
descent in a fixed order, plain floating point, rounded to tenths in the end: every machine finds the same.

Signs that come together count twice in such a sum, and the penalty does not know it.  So weak ones have a limit of their own.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import math

PENALTY = 4.0             # chosen by `fit --cross 10`, as HAM_WEIGHS was; half or twice of either changes little
HAM_WEIGHS = 6.0          # all ham together against all spam
LIMIT = 4.5               # no rule alone makes a message spam-like (5)
WEAK_MOST = 0.2           # of a weak sign
LEAST = 0.1               # a rule that is worth less says nothing, but hits must be seen to fit it again
THRESHOLD = 5.0
FALSE_POSITIVES = 0.001   # at 5 points, of ham that was not fitted to
SWEEPS, CLOSE = 400, 1e-4

# A message to fit to: the rules that hit, whether it is spam, how much it counts, and points that are not fitted.
Message = collections.namedtuple("Message", "hits spam weight fixed")


def weights_of(sets):
    """How much a message of each (class, set) counts, from {(class, set): messages}: a class as the other (but HAM_WEIGHS), and of
    a class each set by the square root of its size, so that none drowns another.  The mean is 1."""
    roots = collections.Counter()
    for (kind, _), count in sets.items():
        roots[kind] += math.sqrt(count)
    shares = {"ham": HAM_WEIGHS / (1 + HAM_WEIGHS), "spam": 1 / (1 + HAM_WEIGHS)}
    total = sum(sets.values())
    return {key: total * shares[key[0]] * math.sqrt(count) / roots[key[0]] / count for key, count in sets.items()}


def limits(prior, hits, bound=LIMIT):
    """The least and the most of a rule's points: by its sign, and by how much was seen of it."""
    seen = min(LIMIT, 0.5 + math.log2(1 + hits))
    most = min(LIMIT, bound, max(abs(prior), seen))
    return (LEAST, most) if prior > 0 else (-most, -LEAST)


def chance(logit):
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    grown = math.exp(logit)
    return grown / (1 + grown)


def one_step(rows, logits, messages, value, pull):
    """Newton's step for one coordinate that these rows have; `pull` is the prior's part (slope, curve)."""
    slope, curve = pull
    for row in rows:
        message, p = messages[row], chance(logits[row])
        slope += message.weight * (p - message.spam)
        curve += message.weight * p * (1 - p)
    return value - max(-1.0, min(1.0, slope / max(curve, 1e-9)))


def fit(messages, prior, penalty=PENALTY, bounds_given=None):
    """{rule: points} for the rules of `prior` {rule: points by hand} that hit, none above {rule: its bound}; the others keep theirs."""
    rows = collections.defaultdict(list)
    for number, message in enumerate(messages):
        for rule in message.hits:
            if rule in prior:
                rows[rule].append(number)
    names = [name for name in sorted(prior) if rows[name]]
    bounds = {name: limits(prior[name], len(rows[name]), (bounds_given or {}).get(name, LIMIT)) for name in names}
    points = {name: min(max(prior[name], bounds[name][0]), bounds[name][1]) for name in names}
    logits = [message.fixed + sum(points.get(rule, 0) for rule in message.hits) - THRESHOLD for message in messages]
    begin, everyone = -THRESHOLD, range(len(messages))
    for _ in range(SWEEPS):
        moved = one_step(everyone, logits, messages, begin, (0, 0)) - begin
        begin += moved
        logits = [logit + moved for logit in logits]
        farthest = abs(moved)
        for name in names:
            least, most = bounds[name]
            pull = penalty * (points[name] - min(max(prior[name], least), most)), penalty
            step = min(max(one_step(rows[name], logits, messages, points[name], pull), least), most) - points[name]
            points[name] += step
            for row in rows[name]:
                logits[row] += step
            farthest = max(farthest, abs(step))
        if farthest < CLOSE:
            break
    return {**prior, **points}


def tenths(points, scale, seen):
    """In whole tenths.  Only what was fitted is scaled."""
    found = {}
    for name, value in points.items():
        scaled = min(LIMIT, max(LEAST, abs(value) * scale)) if name in seen else abs(value)
        found[name] = int(math.copysign(math.floor(scaled * 10 + 0.5), value))
    return found


def score(message, points, unit=1.0):
    return message.fixed + sum(points.get(rule, 0) for rule in message.hits) * unit


def scaled(parts, points):
    """Points in tenths at the largest scale at which at most FALSE_POSITIVES of the ham have 5 points and more.  `parts`: messages, and
    points that were fitted without them; with their own points no message looks as bad as others will."""
    seen = {rule for messages, _ in parts for message in messages for rule in message.hits}
    ham = [([message for message in messages if not message.spam], fitted) for messages, fitted in parts]
    allowed = math.floor(FALSE_POSITIVES * sum(len(messages) for messages, _ in ham) + 1e-9)
    for percent in range(300, 9, -1):
        found = 0
        for messages, fitted in ham:
            whole = tenths(fitted, percent / 100, seen)
            found += sum(score(message, whole, 0.1) > THRESHOLD - 0.05 for message in messages)
        if found <= allowed:
            break
    return {name: value / 10 for name, value in tenths(points, percent / 100, seen).items()}, percent / 100
