#include "engine/facts/register_line.h"

#include "engine/facts/registers.h"

static bool is_register(sc_span name, sc_reg_role *role)
{
    static const struct {
        const char *name;
        sc_reg_role role;
    } known[] = {
        {"rip", ROLE_IP},     {"eip", ROLE_IP},    {"pc", ROLE_IP},     {"rsp", ROLE_SP},   {"esp", ROLE_SP},
        {"sp", ROLE_SP},      {"rbp", ROLE_BP},    {"ebp", ROLE_BP},    {"fp", ROLE_BP},    {"lr", ROLE_GENERAL},
        {"iopl", ROLE_OTHER}, {"efl", ROLE_OTHER}, {"psr", ROLE_OTHER}, {"cs", ROLE_OTHER}, {"ss", ROLE_OTHER},
        {"ds", ROLE_OTHER},   {"es", ROLE_OTHER},  {"fs", ROLE_OTHER},  {"gs", ROLE_OTHER}, {"cr2", ROLE_OTHER},
        {"cr3", ROLE_OTHER},  {"vip", ROLE_OTHER}, {"vif", ROLE_OTHER},
    };
    static const char *const general[] = {"ax", "bx", "cx", "dx", "si", "di"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sc_eq_z(name, known[i].name)) {
            *role = known[i].role;
            return true;
        }
    *role = ROLE_GENERAL;
    if (name.n == 3 && (name.p[0] == 'r' || name.p[0] == 'e'))
        for (size_t i = 0; i < sizeof general / sizeof *general; i++)
            if (sc_eq_z(sc_span_from(name, 1), general[i])) return true;
    uint64_t n; /* r8 to r15, x0 to x30 */
    return name.n >= 2 && name.n <= 3 && (name.p[0] == 'r' || name.p[0] == 'x') &&
           sc_span_dec(sc_span_from(name, 1), &n) && n <= (name.p[0] == 'r' ? 15u : 30u);
}

bool sc_register_next(sc_scan *c, bool first, sc_reg *r)
{
    for (sc_span word; sc_word(c, &word);) {
        sc_span value;
        if (sc_cut(word, "=", &r->name, &value) && is_register(r->name, &r->role) && sc_span_hex(value, &r->value)) {
            r->digits = value.n;
            return true;
        }
        if (first) return false;
    }
    return false;
}

bool sc_registers_note(sc_span text)
{
    return sc_starts(text, "NOTE: The trap frame does not contain all registers") ||
           sc_starts(text, "Some register values may be zeroed or incorrect");
}

bool sc_registers_preamble(sc_span text)
{
    return sc_registers_note(text) || sc_starts(text, "Last set context:") || sc_starts(text, "ErrCode = ") ||
           sc_starts(text, "CtxFlags: ") || sc_istarts(text, "resetting default ");
}

bool sc_registers_values(sc_span text)
{
    if (text.n < 6 || (text.p[2] != '=' && text.p[3] != '=' && text.p[4] != '=')) return false;
    sc_scan c = sc_scan_of(text);
    sc_reg r;
    return sc_register_next(&c, true, &r);
}

bool sc_registers_flags(sc_span text)
{
    static const char *const flags[] = {"nv", "ov", "up", "dn", "ei", "di", "pl", "ng",
                                        "nz", "zr", "na", "ac", "po", "pe", "nc", "cy"};
    sc_scan c = sc_scan_of(text);
    size_t n = 0, i;
    for (sc_span word; sc_word(&c, &word); n++) {
        for (i = 0; i < sizeof flags / sizeof *flags && !sc_eq_z(word, flags[i]); i++) continue;
        if (i == sizeof flags / sizeof *flags) return false;
    }
    return n > 0;
}

bool sc_registers_line(sc_span line)
{
    sc_span text = sc_ltrim(line);
    return sc_registers_values(text) || sc_registers_note(text);
}
