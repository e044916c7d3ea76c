"""The note beside each capture."""
import collections

FORMATS = {"pcap": "pcap, microseconds", "nano": "pcap, nanoseconds", "pcapng": "pcapng"}


def write(name, about, options, lines, folder, versions, expected=None):
    messages = [l for l in lines if l["type"] == "message"]
    outcomes = collections.Counter((m["outcome"], m["stage"]) for m in messages)
    with open(f"{folder}/{name}.md", "w") as f:
        f.write(f"# {name}\n\n{about[0].upper()}{about[1:]}.\n\n")
        f.write(f"{sum(l['type'] == 'dialogue' for l in lines)} connections, {len(messages)} messages: ")
        f.write(", ".join(f"{n} {o}{' at ' + s if s else ''}" for (o, s), n in sorted(outcomes.items(), key=str)) or "none")
        rest = sum(l["connections"] for l in lines if l["type"] == "others")
        if rest:
            f.write(f". Besides, {rest} connections of other protocols")
        f.write(f".\n\nFile format: {FORMATS[options.get('format', 'pcap')]}"
                f"{'; offloads on (long segments, unfinished checksums)' if options.get('offloads') else ''}.\n")
        if "path" in options:
            f.write("\nThe headers, tags, tunnels and fragments are those that the Linux kernel made on the way.\n")
        f.write("\nPrograms (Debian 12): " + ", ".join(f"{k} {v}" for k, v in sorted(versions.items())) + ".\n")
        if expected:
            f.write(f"\n## What is to be expected\n\n{expected}\nIn full, for programs: `{name}.later.yaml`.\n")
        f.write(f"\nAgain: `tests/lab/run {name}`.\n")
        sources = sorted({s for l in lines for s in l["source_of_truth"].split(", ")})
        f.write("\nThe truth rests on: " + "; ".join(sources) + ". Nothing in it was taken from\n"
                "the capture; the senders' own logs and the wire were checked against it (see tests/lab/README.md).\n")
