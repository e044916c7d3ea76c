# Makes the list of options of mailspan.yaml(5).
#   awk -f options.awk OPTIONS PAGE     OPTIONS as `mailspan check --options` prints them: two lines for each option,
#                                       "NAME HELP" and "default DEFAULT; EXPECTED"
# SPDX-License-Identifier: GPL-3.0-or-later

# Text of others' is text in roff: no escape, and no request where a line begins with a dot or a quote.
function literal(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return "\\&" text
}

FNR == NR && FNR % 2 == 1 {
    help = $0
    sub(/^[^ ]+ +/, "", help)
    list = list ".It Ic " $1 "\n" literal(help) "\n"
    next
}
FNR == NR {
    split_at = index($0, "; ")
    preset = substr($0, 1, split_at - 1)
    sub(/^ *default /, "", preset)
    list = list ".br\n" literal("Default ") literal(preset) "; " literal(substr($0, split_at + 2)) "\n"
    count++
    next
}
$0 == "@OPTIONS@" { printf "%s", list; next }
{ print }
END { if (count < 10) exit 1 }
