/* Bytes per frame, when a stack is over.
 *
 *        28 b8ae6128 8081df65 fltmgr!FltpDispatch+0x6f                     x86: 0x28 bytes of this line's frame
 *     8 ffffd901`87e4c9c0 fffff803`5ac28a03 nt!KiBugCheckDispatch+0x69     x64: 8 bytes of the frame above it
 *
 * kf prints differences of stack pointers. On x86 the pointers are saved EBPs, and the difference on a line belongs to
 * that line's frame; on x64 it is the frame's of the line above. Without kf's column the same is computed from the
 * pointers. Between two stacks (a double fault's, a DPC's) there is nothing to attribute.
 */
#include "engine/facts/frame_read.h"

/* Frame numbers count up by one, memory columns do not: tells them apart when the header is lost. */
bool sc_frames_count_up(const sc_frame_reader *r)
{
    const sc_frame_kept *k = r->kept.items;
    size_t n = r->kept.n;
    size_t steps = 0, ones = 0;
    for (size_t i = 1; i < n; i++) {
        if (!k[i].has_small || !k[i - 1].has_small) continue;
        steps++;
        if (k[i].small == k[i - 1].small + 1) ones++;
    }
    return steps && ones * 2 > steps;
}

static bool same_stack(uint64_t from, uint64_t to)
{
    return from && to >= from && to - from <= SC_STACK_JUMP;
}

static void give(sc_row *row, bool known, uint64_t bytes, uint64_t *total, bool *any)
{
    if (!row) return;
    if (!known) {
        sc_set_null(row, SC_FRAME_BYTES);
        return;
    }
    sc_set_int(row, SC_FRAME_BYTES, (int64_t)bytes);
    *total += bytes;
    *any = true;
}

void sc_frames_attribute(sc_frame_reader *r)
{
    sc_frame_kept *k = r->kept.items;
    bool memory = r->shape.has_memory || r->any_memory;
    if (!r->numbers && !r->shape.known && r->any_number) memory = !sc_frames_count_up(r);
    const sc_frame_kept *before = NULL; /* the frame above that is not inlined */
    uint64_t total = 0;
    bool any = false, x86 = r->digits == 8;
    for (size_t i = 0; i < r->kept.n; i++) {
        if (k[i].is_inline) {
            sc_set_int(k[i].row, SC_FRAME_BYTES, 0);
            continue;
        }
        bool has = false;
        uint64_t bytes = 0;
        if (memory) { /* alone on its line, the memory column is the first small one */
            has = k[i].has_memory || (!r->numbers && k[i].has_small);
            bytes = k[i].has_memory ? k[i].memory : k[i].small;
        } else if (before && before->has_sp && k[i].has_sp && same_stack(before->sp, k[i].sp)) {
            has = true;
            bytes = k[i].sp - before->sp;
        }
        if (bytes > SC_STACK_JUMP) has = false;
        if (k[i].has_sp || memory) give(x86 ? k[i].row : before ? before->row : NULL, has, bytes, &total, &any);
        before = &k[i];
    }
    if (!x86 && before && before->has_sp) sc_set_null(before->row, SC_FRAME_BYTES);
    if (any)
        sc_set_int(r->stack, SC_STACK_BYTES, (int64_t)total);
    else if (r->any_sp)
        sc_set_null(r->stack, SC_STACK_BYTES);
}
