#include "engine/decode/date.h"

#include "engine/base/scan.h"

/* Days are counted from 1 March of year 0, so that the leap day ends the year: 400 years have 146097 days. */
int sc_unix_year(int64_t seconds)
{
    int64_t days = seconds / 86400 - (seconds % 86400 < 0) + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    bool after_new_year = day_of_year >= 306; /* January and February belong to the next year */
    int64_t year = year_of_era + era * 400 + after_new_year;
    return year > INT32_MAX || year < INT32_MIN ? 0 : (int)year;
}

int sc_printed_year(sc_span date)
{
    sc_scan c = sc_scan_of(date);
    for (sc_span word; sc_word(&c, &word);) {
        uint64_t v;
        if (word.n == 4 && sc_span_dec(word, &v) && sc_plausible_year((int)v)) return (int)v;
    }
    return 0;
}
