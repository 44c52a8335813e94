
/* Mustache's own rules, over JSON. */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_template.h"


static void
json_follows_the_specification(void **state)
{
    size_t      i;
    json_t     *data, *partials;
    cxr_rc_t    rc;
    cxr_buf_t   b;
    cxr_diag_t  d;

    static const struct {
        const char  *data;
        const char  *partials;
        const char  *text;
        const char  *want;
    } cases[] = {
        { "{'a':'<&\"\\\\u003e','n':1.50,'i':-7,'z':null}", NULL,
          "{{a}}|{{{a}}}|{{&a}}|{{n}}|{{i}}|{{z}}|{{no}}|",
          "&lt;&amp;&quot;&gt;|<&\">|<&\">|1.5|-7|||" },
        { "{'a':{'b':{'c':1}},'b':{'c':2}}", NULL,
          "{{a.b.c}}{{#a}}{{b.c}}{{/a}}{{a.x.c}}{{#a.b}}{{c}}{{/a.b}}",
          "111" },
        { "{'l':[[1,2],[3]],'e':[],'s':'x'}", NULL,
          "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}{{^e}}none{{/e}}{{#s}}{{.}}{{/s}}",
          "(12)(3)nonex" },
        { "[1,2]", NULL, "{{#.}}<{{.}}>{{/.}}", "<1><2>" },
        { "[1.0,100.0,1000000.0,123456789.5,0.0001,0.000001,1e-7,-2.50,1e20,"
          "1e21,1.5e300,0.1,4.35,-0.0]", NULL, "{{#.}}{{.}} {{/.}}",
          "1 100 1000000 123456789.5 0.0001 0.000001 1e-7 -2.5 "
          "100000000000000000000 1e+21 1.5e+300 0.1 4.35 0 " },
        { "{'y':true}", NULL, "a\n  {{#y}}  \n b\n\t{{/y}}\r\nc", "a\n b\nc" },
        { "{'y':true}", NULL, " {{#y}}b{{/y}} \n", " b \n" },
        { "{'y':true}", NULL, "{{#y}}{{/y}}\n", "\n" },
        { "{}", NULL, "a\n {{! x\ny }}\nb {{!c}}\n", "a\nb \n" },
        { "{'v':1}", NULL, "{{=<% %>=}}\n<%v%>{{v}}<%={{ }}=%>{{v}}",
          "1{{v}}1" },
        { "{'v':1}", NULL, "{{=| |=}}|#v||v||/v|", "1" },
        { "{'v':'p\\\\nq'}", "{'p':'x\\\\n{{{v}}}\\\\n\\\\ny\\\\n'}",
          "a\n  {{>p}}\nb", "a\n  x\n  p\nq\n\n  y\nb" },
        { "{'v':1}", "{'p':'{{v}}'}", " {{>p}} {{>none}}.", " 1 ." },
        { "{'t':{'n':1,'c':[{'n':2,'c':[]}]}}",
          "{'p':'{{n}}[{{#c}}{{>p}}{{/c}}]'}", "{{#t}}{{>p}}{{/t}}",
          "1[2[]]" },
        { "{}", "{'l':'<{{$a}}1{{/a}}{{$b}}2{{/b}}>'}",
          "{{<l}}ignored{{$b}}B{{/b}}{{/l}}{{>l}}", "<1B><12>" },
        { "{}", "{'l':'a\\\\n {{$x}}\\\\n {{/x}}\\\\nz\\\\n'}",
          "{{<l}}\n{{$x}}\n    one\n      two\n{{/x}}\n{{/l}}\n",
          "a\n one\n   two\nz\n" },
        { "{}", "{'l':'z\\\\n  {{$x}}{{/x}}\\\\n'}",
          "{{<l}}{{$x}}\none\ntwo{{/x}}\n{{/l}}\n", "z\n  one\n  two\n" },
        { "{}", "{'l':'one\\\\ntwo\\\\n'}", "a\n  {{<l}}{{/l}}\nb\n",
          "a\n  one\n  two\nb\n" },
        { "{}", "{'l':'a\\\\n{{$x}}\\\\n  default\\\\n{{/x}}\\\\n'}",
          "{{<l}}{{$x}}\none\ntwo\n{{/x}}{{/l}}\n", "a\n  one\n  two\n" },
        { "{}", "{'l':'{{$a}}l{{/a}}','m':'{{<l}}{{$a}}m{{/a}}{{/l}}'}",
          "{{<m}}{{$a}}top{{/a}}{{/m}}{{<m}}{{/m}}", "topm" },
        { "{}", "{'l':'[{{$a}}{{/a}}]'}",
          "{{<l}}{{$a}}x{{$a}}y{{/a}}{{/a}}{{/l}}", "[xy]" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        char         text[2][512];
        const char  *from[2] = { cases[i].data, cases[i].partials };
        unsigned     k;
        size_t       j;

        for (k = 0; k < 2; k++) {
            for (j = 0; from[k] && from[k][j] != '\0'; j++) {
                text[k][j] = from[k][j] == '\'' ? '"' : from[k][j];
                if (from[k][j] == '"') {
                    text[k][j] = '\'';
                }
            }

            text[k][j] = '\0';
        }

        /* double backslashes above stand for one in the JSON */

        for (k = 0; k < 2; k++) {
            char  *to = text[k], *p;

            for (p = text[k]; *p != '\0'; p++) {
                if (p[0] == '\\' && p[1] == '\\') {
                    p++;
                }

                *to++ = *p;
            }

            *to = '\0';
        }

        if (i == 0) {
            data = json_pack("{s:s,s:f,s:i,s:n}", "a", "<&\">", "n", 1.5, "i",
                             -7, "z");
        } else {
            data = json_loads(text[0], JSON_DECODE_ANY, NULL);
        }

        assert_non_null(data);
        partials = from[1] ? json_loads(text[1], 0, NULL) : NULL;
        assert_true(from[1] == NULL || partials != NULL);

        cxr_buf_init(&b, 4096);
        memset(&d, 0, sizeof(d));
        rc = cxr_template_render_json(cxr_strz(cases[i].text), data, partials,
                                      &b, &d);

        if (rc != CXR_OK || !cxr_str_is(cxr_buf_str(&b), cases[i].want)) {
            fail_msg("\"%s\" gave %d \"%.*s\" (%s)", cases[i].text, rc,
                     (int) b.len, b.data ? b.data : "", d.text);
        }

        cxr_buf_free(&b);
        json_decref(data);
        json_decref(partials);
    }
}


static void
json_has_limits(void **state)
{
    json_t     *data, *partials;
    cxr_buf_t   b;
    cxr_diag_t  d;

    data = json_pack("{s:[i,i,i,i,i,i,i,i,i,i]}", "l", 1, 2, 3, 4, 5, 6, 7, 8,
                     9, 10);
    partials = json_pack("{s:s,s:s}", "self", "{{>self}}", "wide",
                         "{{#l}}{{>wide}}{{/l}}");
    cxr_buf_init(&b, 1000);

    assert_int_equal(cxr_template_render_json(cxr_str("{{>self}}"), data,
                                              partials, &b, &d), CXR_LIMIT);
    assert_int_equal(cxr_template_render_json(cxr_str("{{>wide}}"), data,
                                              partials, &b, &d), CXR_LIMIT);
    assert_int_equal(cxr_template_render_json(
        cxr_str("{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
                "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}"),
        data, partials, &b, &d), CXR_LIMIT);
    assert_int_equal(cxr_template_render_json(
        cxr_str("{{#l}}{{#l}}{{#l}}xxxxxxxxxx{{/l}}{{/l}}{{/l}}"), data,
        partials, &b, &d), CXR_NOMEM);
    assert_int_equal(cxr_template_render_json(cxr_str("a\n{{x"), data,
                                              partials, &b, &d), CXR_INVALID);
    assert_int_equal(d.line, 2);

    cxr_buf_free(&b);
    json_decref(data);
    json_decref(partials);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(json_follows_the_specification),
        cmocka_unit_test(json_has_limits)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
