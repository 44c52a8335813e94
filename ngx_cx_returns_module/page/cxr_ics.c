
/*
 * iCalendar, as much of it as a day in a calendar takes.
 */

#include <stdio.h>

#include "cxr_ics.h"


static void
ics_byte(cxr_buf_t *out, char c, size_t *column)
{
    /* a letter of several bytes stays whole: none begins with 10xxxxxx */

    if (*column >= CXR_ICS_LINE - 4 && ((unsigned char) c & 0xc0) != 0x80) {
        cxr_buf_addz(out, "\r\n ");
        *column = 1;
    }

    cxr_buf_addc(out, c);
    (*column)++;
}


/* A property whose value is text: what is a mark in it is written as one. */
static void
ics_text(cxr_buf_t *out, const char *name, cxr_str_t text)
{
    char    c;
    size_t  i, column;

    if (text.len == 0) {
        return;
    }

    cxr_buf_addz(out, name);
    cxr_buf_addc(out, ':');
    column = strlen(name) + 1;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if (c == '\n') {
            ics_byte(out, '\\', &column);
            ics_byte(out, 'n', &column);
            continue;
        }

        if ((unsigned char) c < 0x20 || c == 0x7f) {
            continue;
        }

        if (c == '\\' || c == ';' || c == ',') {
            ics_byte(out, '\\', &column);
        }

        ics_byte(out, c, &column);
    }

    cxr_buf_addz(out, "\r\n");
}


static void
ics_time(cxr_buf_t *out, const char *name, cxr_time_t at)
{
    char         line[64];
    cxr_civil_t  c;

    cxr_civil(at, 0, &c);

    (void) snprintf(line, sizeof(line), "%s:%04d%02u%02uT%02u%02u%02uZ\r\n",
                    name, (int) c.year, (unsigned) c.month, (unsigned) c.day,
                    (unsigned) c.hour, (unsigned) c.minute,
                    (unsigned) c.second);
    cxr_buf_addz(out, line);
}


static void
ics_day(cxr_buf_t *out, const char *name, cxr_time_t at, int64_t offset)
{
    char         line[64];
    cxr_civil_t  c;

    cxr_civil(at, (int32_t) offset, &c);

    (void) snprintf(line, sizeof(line), "%s;VALUE=DATE:%04d%02u%02u\r\n", name,
                    (int) c.year, (unsigned) c.month, (unsigned) c.day);
    cxr_buf_addz(out, line);
}


void
cxr_ics(const cxr_ics_t *e, cxr_buf_t *out)
{
    cxr_buf_addz(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                      "PRODID:-//cx-returns//tracking//EN\r\n"
                      "CALSCALE:GREGORIAN\r\nBEGIN:VEVENT\r\n");

    ics_text(out, "UID", e->uid);
    ics_time(out, "DTSTAMP", e->stamp);

    if (e->days) {
        ics_day(out, "DTSTART", e->from, e->offset);
        ics_day(out, "DTEND", e->to + CXR_DAY, e->offset);

    } else {
        ics_time(out, "DTSTART", e->from);
        ics_time(out, "DTEND", e->to);
    }

    ics_text(out, "SUMMARY", e->summary);
    ics_text(out, "DESCRIPTION", e->text);
    ics_text(out, "LOCATION", e->place);

    /* nobody is busy because a parcel may come */

    cxr_buf_addz(out, "TRANSP:TRANSPARENT\r\n");

    if (e->remind) {
        cxr_buf_addz(out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n"
                          "TRIGGER:-P1D\r\n");
        ics_text(out, "DESCRIPTION", e->summary);
        cxr_buf_addz(out, "END:VALARM\r\n");
    }

    cxr_buf_addz(out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
}
