/* From a Markdown file with a YAML head to an sc_rule or a page. Internal to kb/. */
#ifndef STOPCODE_KB_RULE_READ_H
#define STOPCODE_KB_RULE_READ_H

#include "kb/markdown.h"
#include "kb/walk.h"

/* A file cut in two: the head between its "---" lines, as a tree, and the page below. */
typedef struct sc_head_and_body {
    const sc_yaml *head;
    sc_span body;       /* within the file's text */
    unsigned body_line; /* the file's line on which it begins */
} sc_head_and_body;

/* A rule with what lint needs to point at its places. */
typedef struct sc_rule_source {
    sc_rule rule;
    const sc_source_text *file;
    sc_head_and_body parts;
    bool good; /* read without an error: `rule` is complete */
} sc_rule_source;

/* The folder of a rule says which bug check it is about: "0x9F", "any" or "none". *code is set for the first. */
typedef enum sc_folder { SC_FOLDER_OTHER, SC_FOLDER_CODE, SC_FOLDER_ANY, SC_FOLDER_NONE } sc_folder;
sc_folder sc_folder_kind(sc_span name, uint32_t *code);

/* Both note every fault; true when there was no error. */
bool sc_rule_read(sc_messages *m, const sc_source_text *file, const char *folder, const char *slug,
                  sc_rule_source *out);
bool sc_page_read(sc_messages *m, const sc_source_text *file, const char *folder, sc_kb_page *out);

/* The keys that each map of a head may have, NULL-terminated; docs/schema/rule.schema.json describes the same ones. */
extern const char *const sc_rule_keys[],
    *const sc_clause_keys[], *const sc_text_keys[], *const sc_mask_keys[], *const sc_role_keys[], *const sc_page_keys[];

/* kb/rule_clause.c: the value of `clauses:`. */
void sc_clauses_read(sc_walk *w, const sc_yaml *map, sc_rule *rule);

#endif
