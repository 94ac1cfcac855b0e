/* From evaluated rules to what is said: findings ranked, a culprit, suspects, the commands to run next. */
#ifndef STOPCODE_DIAGNOSIS_H
#define STOPCODE_DIAGNOSIS_H

#include "engine/facts/lookup.h"
#include "engine/rule_eval.h"

/* All rules on one crash whose facts are in use. Fills everything of *out but the line range and the bug check. */
int sc_diagnose_crash(sc_rules *rules, const sc_eval *e, sc_crash *out, sc_error *error);
/* One rule on one crash: findings are its candidates, ruled out or not. */
int sc_explain_rule(sc_rules *rules, size_t at, const sc_eval *e, sc_crash *out, sc_error *error);

/* The commands that would settle open findings and strengthen confirmed ones (engine/asks.c). */
void sc_plan_asks(const sc_eval *e, const sc_candidate *candidates, size_t n, sc_crash *out);
/* Who played which part (engine/suspects.c). `at[i]` is the rule number of candidate i. */
void sc_weigh_suspects(sc_rules *rules, const sc_eval *e, const sc_candidate *candidates, const size_t *at, size_t n,
                       sc_crash *out);

#endif
