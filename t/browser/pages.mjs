/*
 * Every stop of the tour, in both languages: it answers as it should, keeps
 * what all pages promise, passes axe-core in each look and two validators,
 * weighs little, fits every width and a reader's own spacing, can be used with
 * a finger and with the keyboard alone, is right on paper and in forced colours,
 * and its way into the other language leads to the same page.
 * Then without script, in languages that are only there to be longer or to run
 * from right to left.
 */

import { readFileSync } from 'node:fs';
import { accessible, all, forced, is, lawful, ok, printable, status, test,
         withAnyPage, withPage } from './kit.mjs';
import { fingers, light, reachable, wellFormed } from './proof.mjs';
import { fits, fitsSpaced } from './room.mjs';
import { PSEUDO } from './pseudo.mjs';
import { stops, visit } from './tour.mjs';

/* where a longer text leaves its box, and where one that is turned does */
const ENDS = { fi: [ 360, 1440 ], he: [ 360, 768, 1280 ] };

const OTHER = { tr: 'en', en: 'tr' };

async function switchLanguage(page, world, lang) {
    const link = page.locator(`nav.langs a[hreflang="${OTHER[lang]}"]`);

    if (await link.count() === 0) {
        return;
    }

    const before = new URL(page.url());

    /* an address that could not be read has none in the other language */

    const lost = [ 400, 414 ].includes(status(page));
    const was = before.search || lost ? 200 : status(page);

    await Promise.all([ page.waitForEvent('domcontentloaded'), link.click() ]);

    const after = new URL(page.url());

    /* one path in two languages; a link's token is made anew, or kept */

    const plain = (u) => u.pathname.replace(/^\/(?:tr|en)\//, '/')
                                   .replace(/v4\.[\w.-]+/, '-');

    is(plain(after), lost ? '/returns/' : plain(before),
       'the page in the other language');

    /* what was said once ("cancelled") or refused is not said again */

    is(after.searchParams.get('size'), before.searchParams.get('size'),
       'the size of the label');
    await lawful(page, OTHER[lang], was);
}

/*
 * The same address in the other languages; an answer to a form has none, and
 * is asked for anew.
 */
async function elsewhere(page, world, stop) {
    const address = page.answers.at(-1).request().method() === 'GET'
                    ? page.url() : null;

    for (const lang of Object.keys(PSEUDO)) {
        if (address === null) {
            await visit(page, world, lang, stop);
        } else {
            await page.goto(address.replace('/en/', `/${lang}/`));
        }

        await all(() => lawful(page, lang, stop.status),
                  () => wellFormed(page, `${stop.name}, ${lang}`),
                  () => fits(page, ENDS[lang]));
    }
}

export function tests(world) {
    stops.forEach((stop, turn) => {
        for (const lang of [ 'tr', 'en' ]) {
            test(`page: ${stop.name}, ${lang}`, () =>
                withAnyPage(world, { staff: stop.staff }, async (page) => {
                    await visit(page, world, lang, stop);
                    await all(
                        () => lawful(page, lang, stop.status),
                        () => wellFormed(page, `${stop.name}, ${lang}`),
                        () => light(page),
                        () => fits(page),
                        () => fitsSpaced(page),
                        () => fingers(page, stop.staff),
                        () => accessible(page, lang, turn),
                        () => lang === 'tr' && reachable(page),
                        () => lang === 'en' && printable(page),
                        () => lang === 'en' && forced(page));

                    /* an answer to a form has no address to come back to */

                    if (page.answers.at(-1).request().method() === 'GET') {
                        await switchLanguage(page, world, lang);
                    }
                }));
        }

        if (world.speaks(...Object.keys(PSEUDO))) {
            test(`page: ${stop.name}, longer, and from right to left`, () =>
                withAnyPage(world, { staff: stop.staff,
                                     javaScriptEnabled: false },
                            async (page) => {
                    await visit(page, world, 'en', stop);
                    await elsewhere(page, world, stop);
                }));
        }
    });

    test('page: what a reader prefers of contrast and movement', () =>
        withPage(world, {}, async (page) => {
            const look = (s, p, what) => page.locator(s).first().evaluate(
                (e, [ pseudo, name ]) => getComputedStyle(e, pseudo)[name],
                [ p, what ]);

            await page.goto(await world.link('track', { order: 'KG-1002' },
                                             'en'));

            for (const colorScheme of [ 'light', 'dark' ]) {
                await page.emulateMedia({ colorScheme, contrast: 'more' });
                is(await look('.eyebrow', null, 'color'),
                   await look('body', null, 'color'), 'what is faint');
                is(await look('.card', null, 'borderTopColor'),
                   await look('body', null, 'color'), 'an edge');
                await page.emulateMedia({ contrast: 'no-preference' });
                ok(await look('.eyebrow', null, 'color')
                   !== await look('body', null, 'color'), 'faint elsewhere');
            }

            const moves = () => look('.mile.now .dot', '::before',
                                     'animationName');

            is(await moves(), 'none', 'nothing moves');
            await page.emulateMedia({ reducedMotion: 'no-preference' });
            is(await moves(), 'breathe', 'where it is now');
        }));

    test('page: the style sheet means what its file says', () =>
        withPage(world, {}, async (page) => {
            await page.goto(`${world.url}/en/returns/`);

            const file = readFileSync(
                new URL('../../html/css/cx.css', import.meta.url), 'utf8');
            const [ want, have ] = await page.evaluate((css) => {
                const rules = (sheet) =>
                    [ ...sheet.cssRules ].map((r) => r.cssText

                        /* a property of one's own keeps its blanks */

                        .replace(/\s*([,:])\s*/g, '$1').replace(/\s+/g, ' '));
                const own = new CSSStyleSheet();

                own.replaceSync(css);
                return [ rules(own), rules(document.styleSheets[0]) ];
            }, file);

            ok(want.length > 200, `only ${want.length} rules`);

            want.forEach((rule, i) => is(have[i], rule, `rule ${i}`));
        }));

    test('page: language by what the browser asks for', async () => {
        for (const [ locale, lang ] of [ [ 'tr-TR', 'tr' ], [ 'en-GB', 'en' ],
                                         [ 'de-DE', 'tr' ] ])
        {
            await withPage(world, { locale }, async (page) => {
                await page.goto(`${world.url}/returns/`);
                await lawful(page, lang);
                await page.goto(`${world.url}/track/`);
                await lawful(page, lang);
            });
        }
    });

    test('page: what search engines are told', async () => {
        const res = await fetch(`${world.url}/robots.txt`);
        const text = await res.text();

        is(res.headers.get('content-type'), 'text/plain', 'robots.txt');
        ok(/^User-agent: \*\n(Disallow: \S+\n)+$/.test(text), text);
        ok(!/Disallow: \/(returns|track)?\/?\n/.test(text), text);

        for (const path of [ 'returns/', 'track/', 'returns/withdraw' ]) {
            const said = [], shared = [];

            for (const lang of [ 'tr', 'en' ]) {
                await withPage(world, {}, async (page) => {
                    await page.goto(`${world.url}/${lang}/${path}`);
                    is(await page.locator('meta[name="robots"]').count(), 0,
                       `robots on ${path}`);
                    said.push(await page.locator('meta[name="description"]')
                                        .getAttribute('content'));
                    shared.push(await page
                        .locator('meta[property="og:description"]')
                        .getAttribute('content'));
                });
            }

            ok(shared[0] !== shared[1] && /Istanbul,/.test(shared[1]),
               `shared with: ${shared.join(' | ')}`);
            ok(said.every((t) => t.length > 40) && said[0] !== said[1],
               `descriptions of ${path}: ${said.join(' | ')}`);
        }
    });

    test('page: every link of the first pages leads somewhere', () =>
        withPage(world, {}, async (page) => {
            const seen = new Set();

            for (const start of [ '/tr/returns/', '/en/track/' ]) {
                await page.goto(world.url + start);

                const urls = await page.evaluate(() =>
                    [ ...document.links ].map((a) => a.href));

                for (const url of urls) {
                    const u = new URL(url);

                    u.hash = '';

                    if (u.origin !== world.url || seen.has(u.href)) {
                        continue;
                    }

                    seen.add(u.href);

                    const res = await fetch(u);

                    await res.text();
                    is(res.status, 200, `status of ${u.pathname}`);
                }
            }

            ok(seen.size >= 4, `only ${seen.size} links`);
        }));

    test('page: capability pages keep to themselves', () =>
        withPage(world, {}, async (page) => {
            await page.goto(await world.link('order', { order: 'KG-1001' },
                                             'en'));

            const h = page.answers.at(-1).headers();

            is(h['referrer-policy'], 'no-referrer', 'Referrer-Policy');
            is(h['cache-control'], 'private, no-store', 'Cache-Control');
            is(h['x-content-type-options'], 'nosniff', 'nosniff');
            ok(/default-src 'none'/.test(h['content-security-policy']),
               `CSP: ${h['content-security-policy']}`);
            ok(!/unsafe/.test(h['content-security-policy']), 'unsafe in CSP');
            is(await page.locator('meta[name="robots"]')
                         .getAttribute('content'),
               'noindex, nofollow', 'robots');
        }));
}
