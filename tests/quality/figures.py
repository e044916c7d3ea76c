"""Figures of a judge from the scores that it gave: recall at a rate of false positives, area under the ROC, rules one by one.

A message is held for spam when its score is above a threshold.  Equal scores fall on the same side of each threshold.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import bisect
import collections
import math

Recall = collections.namedtuple("Recall", "caught spam allowed ham threshold")
Rule = collections.namedtuple("Rule", "name points spam_hits ham_hits spam_share ham_share over_all overlap")
Overlap = collections.namedtuple("Overlap", "name of_these of_those")


def wilson(count, total, z=1.96):
    """The interval in which a share lies with 95 % when `count` of `total` were seen."""
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, z * z / total
    middle, half = share + square / 2, z * math.sqrt(share * (1 - share) / total + square / total / 4)
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def recall_at(ham, spam, rate):
    """Recall at the lowest threshold that lets no larger share of ham than `rate` be held for spam.

    Of so many ham only a whole number may be: at 0.05 % of fewer than 2,000 it is none at all, and the threshold is the
    highest ham's score."""
    allowed = math.floor(rate * len(ham) + 1e-9)
    threshold = sorted(ham, reverse=True)[allowed] if allowed < len(ham) else -math.inf
    return Recall(sum(score > threshold for score in spam), len(spam), allowed, len(ham), threshold)


def area(ham, spam):
    """How likely a spam scores above a ham, equal scores counted half (Mann and Whitney); None without both."""
    if not ham or not spam:
        return None
    ordered = sorted(ham)
    doubled = sum(bisect.bisect_left(ordered, score) + bisect.bisect_right(ordered, score) for score in spam)
    return doubled / (2 * len(ham) * len(spam))


def overlap_of(name, hits):
    """The rule that this one shares most of its messages with: of all that either hits, the most hit by both."""
    best, best_share = None, 0.0
    for other in sorted(hits):
        both = len(hits[name] & hits[other])
        share = both / len(hits[name] | hits[other]) if both else 0.0
        if other != name and share > best_share:
            best, best_share = Overlap(other, both / len(hits[name]), both / len(hits[other])), share
    return best


def rules(results, kinds):
    """Statistics of each rule that hit anything, as SpamAssassin publishes its own: most spam first.

    `results` {file: {rule: points}}, `kinds` {file: ham or spam}.  S/O (spam over all) is spam % / (spam % + ham %)."""
    hits, points = collections.defaultdict(set), {}
    totals = collections.Counter(kinds[name] for name in results)
    for name, fired in results.items():
        for rule, worth in fired.items():
            hits[rule].add(name)
            points[rule] = worth
    table = []
    for rule in hits:
        spam = sum(kinds[name] == "spam" for name in hits[rule])
        ham = len(hits[rule]) - spam
        spam_share, ham_share = spam / max(1, totals["spam"]), ham / max(1, totals["ham"])
        table.append(Rule(rule, points[rule], spam, ham, spam_share, ham_share, spam_share / (spam_share + ham_share),
                          overlap_of(rule, hits)))
    return sorted(table, key=lambda row: (-row.spam_share, row.ham_share, row.name))


def extremes(scores, sets, count=20):
    """The ham that scores highest and the spam that scores lowest, [(score, file)], for people to look at."""
    ham = sorted(((score, name) for name, score in scores.items() if sets[name][0] == "ham"), key=lambda item: (-item[0], item[1]))
    spam = sorted((score, name) for name, score in scores.items() if sets[name][0] == "spam")
    return ham[:count], spam[:count]
