#include "site/base64.h"

void site_base64(sc_buf *out, sc_span bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        unsigned v = (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
        sc_buf_char(out, letters[v >> 18]);
        sc_buf_char(out, letters[v >> 12 & 63]);
        sc_buf_char(out, left > 1 ? letters[v >> 6 & 63] : '=');
        sc_buf_char(out, left > 2 ? letters[v & 63] : '=');
    }
}
