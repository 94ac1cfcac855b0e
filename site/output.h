/* The files of the site: written only where their bytes change, gone when nothing writes them any more. Internal. */
#ifndef STOPCODE_SITE_OUTPUT_H
#define STOPCODE_SITE_OUTPUT_H

#include "site/site.h"

typedef struct site_output site_output;

/* Reads the list of what an earlier run wrote (FOLDER/.stopcode-site). A folder that has files and no such list is
 * refused: it is somebody else's. */
int site_output_open(site_output **out, const char *folder, sc_error *error);
/* `path` is relative, with slashes; its folders are made. */
int site_output_put(site_output *o, const char *path, sc_span bytes, sc_error *error);
/* Removes what is no longer written, writes the list, counts. Frees o in any case. */
int site_output_close(site_output *o, site_result *result, sc_error *error);

#endif
