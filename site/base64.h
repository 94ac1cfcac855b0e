/* Internal to site/. */
#ifndef STOPCODE_SITE_BASE64_H
#define STOPCODE_SITE_BASE64_H

#include "engine/base/buf.h"

/* RFC 4648, padded, on one line. */
void site_base64(sc_buf *out, sc_span bytes);

#endif
