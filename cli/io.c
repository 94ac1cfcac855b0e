/* Files, streams and the terminal. */
#include "cli/cli.h"

#include "engine/base/limits.h"
#include "engine/base/scan.h"
#include "engine/render/layout.h"
#include "kb/messages.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Messages --------------------------------------------------------------------------------------------------- */

static void say(const char *format, va_list args)
{
    char text[2048];
    sc_buf visible = {0};
    vsnprintf(text, sizeof text, format, args);
    sc_put_visible(&visible, sc_span_z(text));
    fprintf(stderr, "stopcode: %.*s\n", SC_F(sc_buf_view(&visible)));
    sc_buf_free(&visible);
}

void cli_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

int cli_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
    return CLI_ERROR;
}

/* ---- Input ------------------------------------------------------------------------------------------------------ */

const char *cli_file_name(const char *file)
{
    return !strcmp(file, "-") ? "standard input" : file;
}

/* Crash dumps are what people reach for first; the text that a debugger makes of one is what is wanted. */
static bool is_dump(sc_span s)
{
    return sc_starts(s, "PAGEDU64") || sc_starts(s, "PAGEDUMP") || (sc_starts(s, "MDMP") && s.n > 6 && !s.p[6]);
}

int cli_read(const char *file, sc_buf *out, sc_error *error)
{
    bool standard_input = !strcmp(file, "-");
    int fd = standard_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return sc_fail(error, SC_E_IO, "%s", strerror(errno));
    int rc = SC_OK;
    struct stat st;
    if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
        rc = sc_fail(error, SC_E_IO, "is a directory, not a file with debugger output");
        goto done;
    }
    if (standard_input && isatty(fd)) cli_say("paste the debugger's output here, then press Enter and Ctrl-D");
    char block[1u << 16];
    while (!rc) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) rc = sc_fail(error, SC_E_IO, "%s", strerror(errno));
        if (n <= 0) break;
        sc_buf_span(out, (sc_span){block, (size_t)n});
        if (out->failed)
            rc = sc_fail(error, SC_E_NOMEM, "out of memory");
        else if (out->n > SC_MAX_PASTE_BYTES) {
            rc = sc_fail(error, SC_E_INPUT, "is larger than %u MB: cut it down to the output about the crash",
                         SC_MAX_PASTE_BYTES >> 20);
        }
    }
    if (!rc && !out->n) rc = sc_fail(error, SC_E_INPUT, "is empty");
    if (!rc && is_dump(sc_buf_view(out))) {
        rc = sc_fail(error, SC_E_INPUT,
                     "is a crash dump, not text: open it in WinDbg, run !analyze -v, and give the output");
    }
done:
    if (!standard_input) close(fd);
    return rc;
}

/* ---- Output ----------------------------------------------------------------------------------------------------- */

static int output_errno; /* of the first write that failed */

bool cli_write(sc_span s)
{
    if (!output_errno && s.n && fwrite(s.p, 1, s.n, stdout) != s.n) output_errno = errno ? errno : EIO;
    return !output_errno;
}

void cli_put_cell(sc_buf *out, sc_span text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (sc_find_char(SC_S("|<*_"), text.p[i]) != SC_NPOS) sc_buf_char(out, '\\');
        sc_buf_char(out, text.p[i]);
    }
}

int cli_put(sc_buf *out)
{
    bool failed = out->failed;
    bool written = !failed && cli_write(sc_buf_view(out));
    sc_buf_free(out);
    if (failed) return cli_fail("out of memory");
    return written ? CLI_OK : CLI_ERROR;
}

int cli_close_output(void)
{
    if (fflush(stdout) && !output_errno) output_errno = errno;
    /* some file systems tell only now that the disk is full */
    if (close(STDOUT_FILENO) && errno != EBADF && !output_errno) output_errno = errno;
    return output_errno ? cli_fail("cannot write to standard output: %s", strerror(output_errno)) : CLI_OK;
}

void cli_open_streams(void)
{
    /* A closed standard stream would become the next file that is opened. This one fails when it is written to. */
    for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;) {
        if (fd <= STDERR_FILENO) continue;
        close(fd);
        break;
    }
    signal(SIGPIPE, SIG_IGN);
}

/* ---- The terminal ----------------------------------------------------------------------------------------------- */

bool cli_wants_color(const cli *c, bool *color)
{
    static const char *const names[] = {"auto", "always", "never", NULL};
    const char *when = c->value[CLI_COLOR], *none = getenv("NO_COLOR"), *term = getenv("TERM");
    *color = isatty(STDOUT_FILENO) && !(none && *none) && !(term && !strcmp(term, "dumb"));
    if (!when || !strcmp(when, "auto")) return true;
    *color = !strcmp(when, "always");
    if (*color || !strcmp(when, "never")) return true;
    const char *near = sc_nearest_of(when, names);
    cli_fail("--color is auto, always or never, not \"%s\"%s%s%s", when, near ? "; did you mean " : "",
             near ? near : "", near ? "?" : "");
    return false;
}

unsigned cli_width(void)
{
    struct winsize size;
    uint64_t columns;
    const char *variable = getenv("COLUMNS");
    if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col) return size.ws_col;
    if (variable && sc_span_dec(sc_span_z(variable), &columns) && columns > 0 && columns < 10000)
        return (unsigned)columns;
    return 80;
}
