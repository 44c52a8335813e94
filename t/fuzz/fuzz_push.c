
/*
 * What carriers push, through the envelope, the proof and the answer.  The
 * first byte chooses the profile, whether a proof is asked for and the pieces;
 * the rest is "query NUL body".  The same in one piece must give the same, a
 * push that was not proven must give nothing, and an answer must be text that
 * XML can hold.  (What an answer repeats of a document that is not well-formed
 * hangs on where its reader noticed.)
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_feed.h"
#include "cxr_push.h"
#include "cxr_text.h"


#define FORMAT                                                                \
    "<table name='t' source='s'><map code='1' status='delivered'/></table>"   \
    "<format path='r'><record path='o'><number path='n'/>"                    \
    "<header table='t'><code path='c'/></header></record></format></profile>"

#define ACK                                                                   \
    "<ack><value name='i' path='r/i'/><value name='q' query='q'/>"            \
    "<value name='op' path='r/*/name()'/><value name='d' path='//d/@z'/>"     \
    "<each name='e' path='r/o'><value name='n' path='n'/><ok>({n})</ok>"      \
    "<error>!{n}</error></each><ok>{i}{q}{op}{d}{e}</ok>"                     \
    "<parse-error>{e}{i}</parse-error><auth>{q}</auth></ack>"

static const char *const  texts[] = {
    "<profile carrier='x' name='X'><envelope as='form' field='doc|x'/>"
    "<auth is='text' secret='k' field='k' query='k'/>" ACK FORMAT,

    "<profile carrier='x' name='X'><envelope as='form' field='doc'"
    " charset='GBK'/><auth is='md5' as='base64' of='{document}{secret}'"
    " secret='k' field='sum'/>" ACK FORMAT,

    "<profile carrier='x' name='X'><envelope as='query' root='r'/>"
    "<auth is='hmac-sha256' secret='k' query='s' of='{body}{u}'>"
    "<value name='u' query='u'/></auth>" ACK FORMAT,

    "<profile carrier='x' name='X'><auth is='text' secret='k' path='r/*/@k'/>"
    ACK FORMAT
};

typedef struct {
    uint64_t         hash;
    size_t           bytes;
    unsigned         calls;
    bool             over;
    cxr_rc_t         rc;
    cxr_push_end_t   end;
    uint64_t         ack;
    cxr_feed_t      *feed;
    bool             good;         /* the document is XML to its end           */
} run_t;

static cxr_profile_t  *profiles[cxr_nelts(texts)];
static cxr_secrets_t  *secrets;
static cxr_arena_t    *arena;


static uint64_t
fuzz_hash(uint64_t h, const void *data, size_t len)
{
    size_t                i;
    const unsigned char  *p = data;

    for (i = 0; i < len; i++) {
        h = (h ^ p[i]) * 0x100000001b3u;
    }

    return h;
}


static cxr_arena_t *
fuzz_arena(void *ctx)
{
    cxr_arena_reset(arena);

    return arena;
}


static cxr_rc_t
fuzz_report(void *ctx, const cxr_report_t *r, cxr_arena_t *a)
{
    return CXR_OK;
}


static cxr_rc_t
fuzz_charset(void *ctx, cxr_str_t charset)
{
    run_t  *run = ctx;

    run->hash = fuzz_hash(run->hash, charset.data, charset.len);
    (void) cxr_feed_charset(run->feed, charset);

    return CXR_OK;
}


static cxr_rc_t
fuzz_document(void *ctx, const void *data, size_t len)
{
    run_t  *run = ctx;

    if (run->over) {
        abort();
    }

    run->calls++;
    run->over = data == NULL;
    run->bytes += len;
    run->hash = fuzz_hash(run->hash, data, len);

    if (data != NULL) {
        (void) cxr_feed_push(run->feed, data, len);
        return CXR_OK;
    }

    (void) cxr_feed_finish(run->feed);
    run->good = cxr_feed_end(run->feed) == CXR_FEED_DONE
                || cxr_feed_end(run->feed) == CXR_FEED_FORMAT;

    return CXR_OK;
}


static void
fuzz_answer(const cxr_profile_t *p, const cxr_push_t *push, run_t *run)
{
    cxr_buf_t        b;
    cxr_rc_t         rc;
    cxr_ack_head_t   head;
    cxr_ack_facts_t  facts;

    memset(&facts, 0, sizeof(facts));
    facts.outcome = run->end == CXR_PUSH_AUTH ? CXR_ACK_AUTH
                    : run->rc != CXR_OK ? CXR_ACK_PARSE_ERROR : CXR_ACK_OK;

    cxr_buf_init(&b, 4 * 1024 * 1024);
    rc = cxr_ack_render(p, push, &facts, &head, &b);

    if (rc != CXR_OK || !cxr_utf8_valid(cxr_buf_str(&b))
        || memchr(b.data ? b.data : "", '<', b.len) != NULL)
    {
        abort();
    }

    run->ack = fuzz_hash(0, b.data, b.len);
    cxr_buf_free(&b);
}


static void
fuzz_run(const cxr_push_conf_t *with, run_t *run, const char *body, size_t len,
    size_t piece)
{
    size_t           n;
    cxr_push_t      *push;
    cxr_push_conf_t  conf = *with;
    cxr_feed_sink_t  sink = { run, fuzz_arena, fuzz_report, NULL };

    memset(run, 0, sizeof(run_t));
    conf.ctx = run;
    run->rc = cxr_push_open(&conf, &push);

    if (run->rc != CXR_OK) {
        return;
    }

    if (cxr_feed_open(conf.profile, NULL, CXR_STR_NONE, &sink, &run->feed)
        != CXR_OK)
    {
        abort();
    }

    while (len > 0 && run->rc == CXR_OK) {
        n = len < piece ? len : piece;
        run->rc = cxr_push_piece(push, body, n);
        body += n;
        len -= n;
    }

    if (run->rc == CXR_OK) {
        run->rc = cxr_push_piece(push, NULL, 0);
    }

    run->end = cxr_push_end(push);

    if (run->over != (run->rc == CXR_OK)
        || (run->end == CXR_PUSH_AUTH && run->calls > 0))
    {
        abort();
    }

    fuzz_answer(conf.profile, push, run);
    cxr_push_close(push);
    cxr_feed_close(run->feed);
}


static void
fuzz_begin(void)
{
    int         fd;
    char        path[] = "/tmp/cxr-fuzz-XXXXXX";
    size_t      i, n;
    cxr_diag_t  d[4];

    static const char  text[] = "{\"x\": {\"k\": \"k\"}}";

    cxr_feed_init();
    arena = cxr_arena_create(2 * CXR_FEED_REPORT_BYTES);
    fd = mkstemp(path);

    if (arena == NULL || cxr_sign_init() != CXR_OK || fd == -1
        || write(fd, text, sizeof(text) - 1) != (ssize_t) sizeof(text) - 1
        || cxr_secrets_load(path, &secrets, d) != CXR_OK)
    {
        abort();
    }

    (void) close(fd);
    (void) unlink(path);

    for (i = 0; i < cxr_nelts(texts); i++) {
        if (cxr_profile_parse(cxr_strz(texts[i]), "", &profiles[i], d, 4, &n)
            != CXR_OK)
        {
            fprintf(stderr, "%s\n", d[0].text);
            abort();
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run_t            one, other;
    size_t           n;
    const char      *nul;
    cxr_push_conf_t  conf;

    if (secrets == NULL) {
        fuzz_begin();
    }

    if (size == 0) {
        return 0;
    }

    memset(&conf, 0, sizeof(conf));
    conf.profile = profiles[data[0] & 3];
    conf.secrets = data[0] & 4 ? secrets : NULL;
    conf.get = (data[0] & 8) != 0;
    conf.dir = "/tmp";
    conf.auth_max = 4096;
    conf.charset_is = fuzz_charset;
    conf.document = fuzz_document;
    n = 1 + (data[0] >> 4);

    data++;
    size--;

    nul = memchr(data, '\0', size);

    if (nul != NULL) {
        conf.query = cxr_strn(data, (size_t) (nul - (const char *) data));
        size -= conf.query.len + 1;
        data += conf.query.len + 1;
    }

    fuzz_run(&conf, &one, (const char *) data, size, size + 1);
    fuzz_run(&conf, &other, (const char *) data, size, n);

    if (one.rc != other.rc || one.end != other.end
        || (one.rc == CXR_OK
            && (one.bytes != other.bytes || one.hash != other.hash
                || (one.ack != other.ack && one.good))))
    {
        abort();
    }

    return 0;
}
