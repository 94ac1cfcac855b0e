/* What forums, mail programs, editors and web pages do to a text: one function each. Internal to damage.c.
 *
 * Each appends the damaged text to `out`. They are pure and know nothing of debuggers but the shape of an address and
 * of a prompt. Bytes that are not UTF-8 pass unchanged.
 */
#ifndef STOPCODE_CLI_DAMAGE_TEXT_H
#define STOPCODE_CLI_DAMAGE_TEXT_H

#include "engine/base/buf.h"

typedef void damage_fn(sc_span text, sc_buf *out);

/* Lines */
damage_fn damage_crlf, damage_cr, damage_doubled, damage_no_blank_lines, damage_trailing, damage_indented;
damage_fn damage_wrap_80, damage_wrap_120, damage_wrap_words, damage_clip_80, damage_clip_120;
/* Blanks */
damage_fn damage_no_indent, damage_squeezed, damage_tabs, damage_nbsp, damage_nbsp_every;
/* Characters */
damage_fn damage_no_backticks, damage_apostrophes, damage_curly_backticks, damage_smart_quotes, damage_dashes;
damage_fn damage_escapes, damage_escapes_all, damage_upper_hex, damage_lower_hex;
/* Encodings */
damage_fn damage_utf8_bom, damage_utf16_le, damage_utf16_be;
/* Pages, mails, forums */
damage_fn damage_entities, damage_html_br, damage_html_flat, damage_html_pre;
damage_fn damage_quoted, damage_quoted_twice, damage_bbcode, damage_fenced;
/* Of a debugger's session: the prompt gone and the command left, or both gone (their lines stay as blank ones). */
damage_fn damage_no_prompts, damage_no_commands;

/* Takes the first line off *text, without its line feed; *feed tells whether there was one. */
sc_span damage_next_line(sc_span *text, bool *feed);

#endif
