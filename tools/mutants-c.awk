# Lists what can be broken in C sources, one mutant to a line, for tools/mutate.sh:
#
#     file <tab> first line <tab> last line <tab> operator <tab> 1 when it must not be left out <tab> new text
#
# A line break in the new text is written as the character 31. Operators:
#
#     column    a statement that sets or covers a cell, or takes a line, is left out
#     string    a word in a string gets another last letter
#     relation  < becomes <=, == becomes !=, and so on
#     logic     && becomes ||, and the other way round
#     constant  a number becomes one larger
#     return    true is returned for false, and the other way round
#     early     a function that returns nothing does nothing
#
# Strings and comments are masked first, so that nothing inside them passes for code. What only documents (the columns and
# commands that a parser declares) is not touched: tests/unit and docs/facts.md hold it in place in other ways.
FNR == 1 { finish() }
{ text[FNR] = $0; file = FILENAME; lines = FNR }
END { finish() }

function finish(   i)
{
    if (file != "") {
        in_comment = 0
        for (i = 1; i <= lines; i++) mask[i] = masked(text[i])
        scan()
    }
    lines = 0
}

# The line with the same length, strings as S, characters as C, comments as blanks.
function masked(s,   i, c, two, out, quote)
{
    out = quote = ""
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        two = substr(s, i, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; out = out " "; i++ }
            out = out " "
        } else if (quote != "") {
            if (c == "\\") { out = out "S"; i++; c = "" }
            out = out (c == quote ? c : "S")
            if (c == quote) quote = ""
        } else if (two == "/*") {
            in_comment = 1
            out = out "  "
            i++
        } else if (two == "//") {
            while (length(out) < length(s)) out = out " "
            break
        } else {
            if (c == "\"" || c == "'") quote = c
            out = out c
        }
    }
    return out
}

function scan(   i, declares)
{
    decode = file ~ /(^|\/)decode\//
    for (i = 1; i <= lines; i++) {
        if (mask[i] ~ /const sc_(column|table|command) [^;]*=/ || mask[i] ~ /^_Static_assert/) declares = 1
        if (declares) {
            if (mask[i] ~ /;[ ]*$/) declares = 0
            continue
        }
        if (mask[i] ~ /^[ ]*#/ || mask[i] ~ /^[ ]*$/) continue
        if (i > 2 && mask[i] == "{" && mask[i - 1] ~ /^(static )?void /) put(i, i, "early", 0, "{\037    return;")
        if (mask[i] ~ /^(static|const|typedef|enum|struct|extern|bool|void|int|sc_)/ && mask[i] !~ /=/) continue
        statements(i)
        strings(i)
        if (mask[i] ~ /^[^ }]/) continue # declarations: their numbers are sizes and limits
        operators(i)
    }
}

function put(first, last, operator, must, new)
{
    printf "%s\t%d\t%d\t%s\t%d\t%s\n", file, first, last, operator, must, new
}

# A call that stands as a statement, to its semicolon, which may be some lines further down.
function statements(i,   m, at, j, k, depth, c, all, joined)
{
    m = mask[i]
    if (!match(m, /(^|[ ])(sc_set_[a-z]+|sc_cover_[a-z]+|sc_take|sc_complete|sc_note_width|set_[a-z_]+|cover[a-z_]*)\(/)) return
    at = RSTART
    if (substr(m, at, 1) == " ") at++
    if (substr(m, 1, at - 1) !~ /^[ ]*$/ && substr(m, 1, at - 1) !~ /(\)|else|;|\{)[ ]*$/) return
    if (m !~ /^ /) return
    joined = ""
    all = ""
    for (j = i; j < i + 8 && j <= lines; j++) {
        joined = joined mask[j]
        all = all text[j]
        depth = 0
        for (k = at; k <= length(joined); k++) {
            c = substr(joined, k, 1)
            if (c == "(") depth++
            if (c == ")" && --depth == 0) break
        }
        if (depth == 0 && k <= length(joined)) {
            if (substr(joined, k + 1, 1) == ";") put(i, j, "column", 1, substr(all, 1, at - 1) substr(all, k + 1))
            return
        }
    }
}

function replace(i, at, n, operator, must, new)
{
    put(i, i, operator, must, substr(text[i], 1, at - 1) new substr(text[i], at + n))
}

# The last letter or digit of each string; in engine/decode none is left out.
function strings(i,   p, m, q, k, c)
{
    m = mask[i]
    for (p = 1; (q = index(substr(m, p), "\"")) > 0; p = k + 1) {
        p += q
        k = p
        while (k <= length(m) && substr(m, k, 1) == "S") k++
        for (q = k - 1; q >= p; q--) {
            c = substr(text[i], q, 1)
            if (c ~ /[A-Za-z0-9]/ && substr(text[i], q - 1, 1) !~ /[%\\]/) {
                replace(i, q, 1, "string", decode && mask[i] !~ /snprintf|printf/, c ~ /[Zz]/ ? "y" : "z")
                break
            }
        }
    }
}

function each(i, pattern, operator, kind,   m, from, at, n, found)
{
    m = mask[i]
    from = 1
    while (match(substr(m, from), pattern)) {
        at = from + RSTART - 1
        n = RLENGTH
        found = substr(m, at, n)
        from = at + n - 1
        replace(i, at, n, operator, 0, other(found, kind))
    }
}

function other(s, kind,   v)
{
    if (kind != "number") return opposite[s]
    v = substr(s, 2)
    return substr(s, 1, 1) (v ~ /^0x/ ? v "1" : v + 1)
}

function operators(i)
{
    if (!(" < " in opposite)) {
        opposite[" < "] = " <= "
        opposite[" <= "] = " < "
        opposite[" > "] = " >= "
        opposite[" >= "] = " > "
        opposite[" == "] = " != "
        opposite[" != "] = " == "
        opposite[" && "] = " || "
        opposite[" || "] = " && "
        opposite[" &&"] = " ||"
        opposite[" ||"] = " &&"
        opposite["return true"] = "return false"
        opposite["return false"] = "return true"
    }
    each(i, "[ ](<=|>=|==|!=|<|>)[ ]", "relation", "word")
    each(i, "[ ](&&|[|][|])[ ]", "logic", "word")
    each(i, "[ ](&&|[|][|])$", "logic", "word")
    each(i, "return (true|false)", "return", "word")
    # A hexadecimal number gets a digit more; part of a name or of a longer number is none.
    each(i, "[^A-Za-z0-9_.](0x[0-9a-f]+|[0-9]+)", "constant", "number")
}
