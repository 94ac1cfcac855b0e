# The result of tools/mutate.sh as a page: mutation-page.awk SURVIVORS GAPS RESULTS. Complains, and fails, about survivors
# that nobody has explained and explanations of what no longer survives. SURVIVORS explains by file, operator and text,
# for all but rules; GAPS is corpus/coverage.tsv, which has the explanations for rules and guards them itself.
BEGIN { FS = "\t"; n_explained = 0 }

function code(s) { gsub(/[|]/, "\\|", s); gsub(/`/, "'", s); return s == "" ? "(nothing)" : "`" s "`" }
function folder(f) { return f ~ /^rules\// ? "rules/" : f ~ /^kb\// ? "kb/reference/" : substr(f, 1, match(f, /[^\/]*$/) - 1) }
function part(f) { return f ~ /^rules\// ? "rules" : f ~ /^kb\// ? "reference" : "sources" }
function count(key, outcome) { all[key]++; n[key, outcome]++ }

function word(s) { sub(/ .*/, "", s); return s }

FILENAME == ARGV[ARGC - 2] {
    why_of_rule[$1 " " $2] = $3
    next
}

FILENAME != ARGV[ARGC - 1] {
    if ($0 == "" || $1 == "file") next
    if (NF != 5 || $5 == "") {
        print FILENAME ":" FNR ": five columns are needed: file, operator, before, after, why" >"/dev/stderr"
        failed = 1
        next
    }
    why[$1, $2, $3, $4] = $5
    explanation[++n_explained] = $1 FS $2 FS $3 FS $4
    next
}

{
    where = folder($1)
    if (!(where in known_folder)) { known_folder[where] = 1; folders[++n_folders] = where }
    key = where FS word($3)
    if (!(key in all)) rows[++n_rows] = key
    count(key, $4)
    count("all", $4)
    if ($5 != "") { if (!($5 in kills)) killers[++n_killers] = $5; kills[$5]++ }
    if ($4 != "survived") next
    id = $1 SUBSEP $3 SUBSEP $6 SUBSEP $7
    reason = id in why ? why[id] : $3 in why_of_rule ? why_of_rule[$3] : ""
    if (reason == "") {
        print $1 ":" $2 ": survives and is not explained: " $3 ": " $6 >"/dev/stderr"
        failed = 1
        unexplained++
    }
    used[id] = 1
    survivor[++n_survivors] = "| `" $1 "` | " $3 " | " code($6) " | " code($7) " | " (reason ? reason : "**open**") " |"
}

END {
    print "# What the tests notice"
    print ""
    print "Written by `make mutate`: one place at a time is broken in a copy of the tree, and the tests run until one fails."
    if (quick) print "This was a quick run (`-q`): the tests of what reads no facts, those of the command line, and those that take two seconds or more did not run: a survivor may not be one."
    if (at_most) print "Of the calls that set a cell or take a line, no more than " at_most " of each source file were left out in turn."
    if (index(" " parts " ", " rules ") == 0)
        print "Rules were left out: `stopcode coverage` breaks each of them in every `make check`, see [coverage.md](coverage.md)."
    print "Operators are described in `tools/mutants-c.awk` and `tools/mutants-rules.awk`. *Refused* means that it no longer"
    print "compiled, or that the knowledge base could not be built from it."
    print ""
    print "| folder | operator | mutants | killed | refused | survived |"
    print "|---|---|---|---|---|---|"
    for (f = 1; f <= n_folders; f++)
        for (i = 1; i <= n_rows; i++) {
            split(rows[i], k, FS)
            if (k[1] == folders[f])
                printf "| `%s` | %s | %d | %d | %d | %d |\n", k[1], k[2], all[rows[i]], n[rows[i], "killed"], n[rows[i], "refused"], n[rows[i], "survived"]
        }
    printf "| all | | %d | %d | %d | %d |\n", all["all"], n["all", "killed"], n["all", "refused"], n["all", "survived"]
    print ""
    print "## Survivors"
    print ""
    if (!n_survivors) print "None."
    else {
        print "Explanations stand in `tests/data/mutation-survivors.tsv`, for rules in `corpus/coverage.tsv`; one that nothing"
        print "needs any more fails."
        print ""
        print "| file | operator | before | after | why |"
        print "|---|---|---|---|---|"
        for (i = 1; i <= n_survivors; i++) print survivor[i]
    }
    for (i = 1; i <= n_explained; i++) {
        split(explanation[i], k, FS)
        if ((k[1], k[2], k[3], k[4]) in used || index(" " parts " ", " " part(k[1]) " ") == 0) continue
        print "explained, but does not survive: " explanation[i] >"/dev/stderr"
        failed = 1
    }
    exit failed
}
