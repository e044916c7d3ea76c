"""Markdown of figures, for people.  SPDX-License-Identifier: GPL-3.0-or-later"""
import collections

import corpus
import figures

# What each judge itself calls spam: SpamAssassin's required_score, rspamd's "add header", Mailspan's spam-like.
OWN = {"mailspan": 5.0, "spamassassin": 5.0, "rspamd": 6.0}
TITLES = {"mailspan": "Mailspan", "spamassassin": "SpamAssassin -L", "rspamd": "rspamd, offline"}
LITTLE = 1e-6      # scores are sums of decimals


def percent(count, total, digits=1):
    return f"{100 * count / total:.{digits}f} %" if total else "-"


def with_interval(count, total):
    """A share and its 95 % interval by Wilson."""
    if not total:
        return "-"
    low, high = figures.wilson(count, total)
    return f"{100 * count / total:.1f} % ({100 * low:.0f}-{100 * high:.0f})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def scores_of(run, names, kind, sets=None):
    return [run.results[name].score for name, (a_kind, set_name) in names.items()
            if a_kind == kind and (set_name in sets if sets is not None else corpus.is_public(set_name))]


def comparison(runs, names):
    """Judges on the public corpus: recall at two rates, area."""
    rows = []
    for judge, run in runs.items():
        ham, spam = scores_of(run, names, "ham"), scores_of(run, names, "spam")
        if not ham or not spam:
            return "(no public corpus)"
        loose, strict = figures.recall_at(ham, spam, 0.005), figures.recall_at(ham, spam, 0.0005)
        rows.append([TITLES[judge], with_interval(loose.caught, loose.spam), with_interval(strict.caught, strict.spam),
                     f"{figures.area(ham, spam):.4f}", f"{loose.threshold:.1f}", f"{strict.threshold:.1f}"])
    head = ["", f"recall at 0.5 % ({loose.allowed} of {loose.ham} ham)", f"at 0.05 % ({strict.allowed} of {strict.ham} ham)", "area",
            "0.5 %: above", "0.05 %: above"]
    return table(head, rows)


def speeds(runs, command=None):
    """Messages per second on one core, and how many times SpamAssassin's; `command`: seconds of `spamassassin -L` for each."""
    rate = {judge: len(run.results) / run.cpu for judge, run in runs.items()}
    base = rate.get("spamassassin")
    rows = [[TITLES[judge], f"{rate[judge]:,.1f}", f"{1000 / rate[judge]:.3f} ms", f"{runs[judge].start:.2f} s",
             f"{rate[judge] / base:,.1f}" if base else "-"] for judge in runs]
    if command and base:
        rows.append(["`spamassassin -L`, a process for each message", f"{1 / command:,.1f}", f"{1000 * command:.0f} ms", "in each",
                     f"{1 / command / base:,.2f}"])
    return table(["", "messages a second on a core", "each", "start", "times SpamAssassin's library"], rows)


def every_set(runs, names):
    """What share of each set is above 0.5 % of public ham (else above what the judge calls spam), and above the latter."""
    totals = collections.Counter(names.values())
    rows = []
    for key in sorted(totals):
        row = [f"{key[0]}: {key[1]} ({totals[key]})"]
        for judge, run in runs.items():
            ham = scores_of(run, names, "ham")
            thresholds = [figures.recall_at(ham, [], 0.005).threshold] if ham else []
            thresholds.append(OWN[judge] - LITTLE)
            scores = [run.results[name].score for name, its in names.items() if its == key]
            row.append(", ".join(percent(sum(score > one for score in scores), totals[key]) for one in thresholds))
        rows.append(row)
    return table(["above 0.5 % of public ham, above its own threshold", *(TITLES[judge] for judge in runs)], rows)


def modern(runs, names):
    """Phishing against all ham, the made legitimate mail too: recall where 0.5 % of it is held for spam."""
    phishing = sorted({set_name for kind, set_name in names.values() if kind == "spam" and not corpus.is_public(set_name)})
    rows = []
    for judge, run in runs.items():
        legitimate = scores_of(run, names, "ham", ("legitimate",))
        ham = scores_of(run, names, "ham") + legitimate
        if not ham:
            return "(no ham)"
        row = [TITLES[judge], with_interval(sum(score > OWN[judge] - LITTLE for score in legitimate), len(legitimate))]
        for set_name in phishing:
            at = figures.recall_at(ham, scores_of(run, names, "spam", (set_name,)), 0.005)
            row.append(with_interval(at.caught, at.spam))
        rows.append(row)
    return table(["", "legitimate mails of today held for spam", *(f"{name}: recall at 0.5 % of all ham" for name in phishing)], rows)


def kinds(run, names, judge):
    """Of made phishing, by the kind in the file's name (KIND-NUMBER.eml): how many the judge's own threshold catches."""
    found = collections.defaultdict(list)
    for name, (kind, set_name) in names.items():
        if kind == "spam" and set_name == "phishing":
            found[name.rsplit("/", 1)[-1].rsplit("-", 1)[0]].append(run.results[name].score > OWN[judge] - LITTLE)
    return table(["technique", "mails", "caught"], [[kind, len(caught), sum(caught)] for kind, caught in sorted(found.items())])


def rule_statistics(run, names):
    rows = figures.rules({name: run.results[name].rules for name in names}, {name: its[0] for name, its in names.items()})
    return table(["rule", "spam", "ham", "spam %", "ham %", "S/O", "points", "overlap: of its hits, of the other's, with"],
                 [[row.name, row.spam_hits, row.ham_hits, f"{100 * row.spam_share:.2f}", f"{100 * row.ham_share:.2f}", f"{row.over_all:.3f}",
                   f"{row.points:g}", "-" if row.overlap is None else
                   f"{100 * row.overlap.of_these:.0f} %, {100 * row.overlap.of_those:.0f} % {row.overlap.name}"] for row in rows])


def extremes(run, names):
    """Names of mails: not of the half that is held out, or rules would be written to it."""
    ham, spam = figures.extremes({name: run.results[name].score for name in names}, names)
    part = [table([title, "points", "rules"], [[name, f"{score:.1f}", ", ".join(sorted(run.results[name].rules))] for score, name in found])
            for title, found in (("highest ham", ham), ("lowest spam", spam))]
    return "\n\n".join(part)
