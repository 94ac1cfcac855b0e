/* Runs the fuzz target over files, without a fuzzer: fuzz_replay [-cuts N] FILE...
 *
 * With cuts, each file is also tried without its tail and without its head, cut off at N places each, and with a byte
 * replaced at N places: cheap neighbours of real input, the same in every run. Speaks TAP, a test per file; a crash
 * ends the run short of its plan.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    uint8_t *bytes = NULL;
    size_t n = 0, capacity = 0;
    for (;;) {
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 65536;
            uint8_t *more = realloc(bytes, capacity);
            if (!more) break;
            bytes = more;
        }
        size_t got = fread(bytes + n, 1, capacity - n, f);
        if (!got) break;
        n += got;
    }
    if (ferror(f)) {
        free(bytes);
        bytes = NULL;
    }
    fclose(f);
    *size = n;
    return bytes;
}

/* An exact copy, so that reading one byte too far is seen. */
static void try(const uint8_t *bytes, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) abort();
    if (n) memcpy(copy, bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void try_neighbours(uint8_t *bytes, size_t n, size_t cuts)
{
    static const uint8_t noise[] = {0, '\n', ' ', '0', '`', '<', '>', 0xff};
    for (size_t i = 1; i <= cuts; i++) {
        size_t at = n / (cuts + 1) * i + n % (cuts + 1) * i / (cuts + 1);
        if (at >= n) continue;
        try(bytes, at);
        try(bytes + at, n - at);
        uint8_t kept = bytes[at];
        bytes[at] = noise[i % sizeof noise];
        try(bytes, n);
        bytes[at] = kept;
    }
}

int main(int argc, char **argv)
{
    size_t cuts = 0;
    int first = 1, failed = 0;
    if (argc > 2 && strcmp(argv[1], "-cuts") == 0) {
        cuts = (size_t)strtoul(argv[2], NULL, 10);
        first = 3;
    }
    printf("1..%d\n", argc - first);
    for (int i = first; i < argc; i++) {
        size_t n = 0;
        uint8_t *bytes = read_file(argv[i], &n);
        if (!bytes) {
            printf("not ok %d - %s: %s\n", i - first + 1, argv[i], strerror(errno));
            failed = 1;
            continue;
        }
        try(bytes, n);
        try_neighbours(bytes, n, cuts);
        free(bytes);
        printf("ok %d - %s\n", i - first + 1, argv[i]);
        fflush(stdout);
    }
    return failed;
}
