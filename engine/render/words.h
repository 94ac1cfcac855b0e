/* The sentences that text and Markdown say alike. Nothing here is escaped: what comes from the paste goes out as it is,
 * and each renderer makes it safe in its own way. */
#ifndef STOPCODE_RENDER_WORDS_H
#define STOPCODE_RENDER_WORDS_H

#include "engine/stopcode.h"

/* "0x9F DRIVER_POWER_STATE_FAILURE", or what stands there when no bug check is known. */
void sc_put_title(sc_buf *out, const sc_crash *c);
/* "{4, 258, fffffa8007005660, fffff80000b9c3d0}" with "?" for parameters that the paste does not show; nothing when it
 * shows none. */
void sc_put_args(sc_buf *out, const sc_bugcheck *b);
/* Where a bug check was read, where a reader should know about it: "from the event log"; else NULL. */
extern const char *const sc_source_words[SC_SOURCES];
/* "lines 84-253" */
void sc_put_lines(sc_buf *out, uint32_t first, uint32_t last);
/* One sentence: "ZTEusbnet is the cause." */
void sc_put_verdict(sc_buf *out, const sc_crash *c);
/* "3 explanations are open; `!thread` would settle most.", for a crash that is not decided. */
void sc_put_open_question(sc_buf *out, const sc_crash *c);
/* What a line of evidence means: the clause's name in words and the value that was seen, unless the line shows that. */
void sc_put_meaning(sc_buf *out, const sc_finding *f, const sc_evidence *e);
/* The value is in the line already: that of a stack clause is the frames themselves. */
bool sc_line_shows(sc_span text, sc_span value);
/* "stack-limit" as "stack limit" */
void sc_put_clause_words(sc_buf *out, const char *clause);
/* "992 lines, 41 commands; repaired: crlf, nbsp; something is missing" */
void sc_put_health(sc_buf *out, const sc_diagnosis *d);

/* Splits "Update the driver. (low risk)" into the step and "low risk"; the risk is empty when the step names none. */
void sc_split_risk(sc_span fix, sc_span *step, sc_span *risk);
/* The clause's result in a finding, or NULL. */
const sc_clause_result *sc_find_clause(const sc_finding *f, const char *clause);
/* The next backtick at or after `from` that may begin or end a `code span` of a sentence, or SC_NPOS: those of
 * addresses (fffff880`009ab000) do not. */
size_t sc_next_tick(sc_span s, size_t from);
/* Findings that a reader sees: those that no other rule hides. */
size_t sc_count_findings(const sc_crash *c, sc_verdict verdict);
bool sc_shows_finding(const sc_finding *f, sc_verdict verdict);

const char *sc_nothing_recognised(const sc_diagnosis *d); /* one sentence for a paste without any crash */

#endif
