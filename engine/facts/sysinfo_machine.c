/* !sysinfo machineid: who made the machine, and whether it is a virtual one.
 *
 *     Machine ID Information [From Smbios 2.7, DMIVersion 0, Size=1234]
 *     BiosVendor = Phoenix Technologies LTD
 *     BiosVersion = 6.00
 *     BiosReleaseDate = 11/12/2020
 *     SystemManufacturer = VMware, Inc.
 *     SystemProductName = VMware Virtual Platform
 *
 * Table: machine.
 * Query: SELECT line, product FROM machine WHERE is_virtual;
 *
 * The maker alone does not tell a guest: "Microsoft Corporation" makes Hyper-V guests ("Virtual Machine") and tablets
 * ("Surface Pro"), and a cloud's own machines are rented bare too.
 */
#include "engine/facts/sysinfo_machine.h"

static const sc_column columns[] = {
    {"manufacturer", SC_TEXT, "maker of the system"},
    {"product", SC_TEXT, "its product name"},
    {"board", SC_TEXT, "product name of the mainboard"},
    {"bios_version", SC_TEXT, "version of the firmware"},
    {"bios_date", SC_TEXT, "date of the firmware as printed, month/day/year"},
    {"is_virtual", SC_BOOL, "maker or product is a hypervisor's"},
};
const sc_table sc_table_machine = {"machine", "The machine, and whether it is a virtual one", SC_NO_KEY,
                                   SC_COLUMNS(columns)};

bool sc_machine_header(sc_span text)
{
    return sc_istarts(sc_ltrim(text), "Machine ID Information [");
}

static int column_of(sc_span name)
{
    static const struct {
        const char *name;
        int column;
    } known[] = {
        {"SystemManufacturer", SC_MACHINE_MANUFACTURER}, {"SystemProductName", SC_MACHINE_PRODUCT},
        {"BaseBoardProduct", SC_MACHINE_BOARD},          {"BiosVersion", SC_MACHINE_BIOS_VERSION},
        {"BiosReleaseDate", SC_MACHINE_BIOS_DATE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sc_ieq_z(name, known[i].name)) return known[i].column;
    return -1;
}

bool sc_machine_line(sc_parse *p, const sc_line *l, sc_row **machine)
{
    bool header = sc_machine_header(l->text);
    sc_span name, value;
    if (!header && !*machine) return false;
    if (!header && !sc_cut(l->text, " = ", &name, &value)) return false;
    if (header) {
        if (*machine) sc_machine_close(p, *machine, true);
        *machine = sc_row_new(p->facts, &sc_table_machine, p->ordinal, l);
        sc_take(p, l);
        return true;
    }
    int column = column_of(sc_trim(name));
    value = sc_trim(value);
    sc_take(p, l);
    if (l->last > (*machine)->last_line) (*machine)->last_line = l->last;
    if (column >= 0 && value.n) sc_set_text(*machine, column, value);
    return true;
}

void sc_machine_set(sc_parse *p, const sc_line *l, sc_row **machine, int column, sc_span value)
{
    if (!*machine) *machine = sc_row_new(p->facts, &sc_table_machine, p->ordinal, l);
    if (l->last > (*machine)->last_line) (*machine)->last_line = l->last;
    if (value.n && !sc_has(*machine, column)) sc_set_text(*machine, column, value);
}

static bool names_hypervisor(sc_span text)
{
    static const char *const words[] = {
        "vmware", "virtualbox", "virtual machine", "qemu",  "kvm",           "innotek",
        "xen",    "hvm domu",   "parallels",       "bochs", "standard pc (", "google compute engine"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sc_ifind(text, words[i]) != SC_NPOS) return true;
    return false;
}

void sc_machine_close(sc_parse *p, sc_row *machine, bool completes)
{
    bool maker = sc_has(machine, SC_MACHINE_MANUFACTURER), product = sc_has(machine, SC_MACHINE_PRODUCT),
         is_virtual = false;
    if (maker) is_virtual = names_hypervisor(sc_get_text(machine, SC_MACHINE_MANUFACTURER));
    if (product && !is_virtual) is_virtual = names_hypervisor(sc_get_text(machine, SC_MACHINE_PRODUCT));
    if (is_virtual || (maker && product)) sc_set_bool(machine, SC_MACHINE_IS_VIRTUAL, is_virtual);
    sc_cover_all(p->facts, &sc_table_machine, p->ordinal, maker && product);
    if (maker && product && completes) sc_complete(p);
}
