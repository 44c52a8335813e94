/*
 * What every browser test needs: a TAP runner, Chromium, a page that is
 * watched, and the questions that are asked of every page there is.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const PAGE_TIMEOUT = 15000;         /* ms for one step; the machine may be busy */
const TEST_TIMEOUT = 60000;         /* ms for one test, whatever it waits for  */
const LONGEST = 6000;               /* characters of what is said of a fault    */
const CLOSING = 3000;               /* ms that Chromium may take to end */

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

/*
 * Each width with each colour scheme, one for each language: a page is looked
 * at on a phone and on a desk, light and dark, and so is the next one, the
 * other way about.
 */
const LOOKS = [
    { tr: [ PHONE, 'light' ], en: [ DESKTOP, 'dark' ] },
    { tr: [ DESKTOP, 'light' ], en: [ PHONE, 'dark' ] },
    { tr: [ PHONE, 'dark' ], en: [ DESKTOP, 'light' ] },
    { tr: [ DESKTOP, 'dark' ], en: [ PHONE, 'light' ] },
];

const AXE_TAGS = [ 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
                   'best-practice' ];

/* the rules that what a page looks like decides */
const COLOURS = { type: 'rule',
                  values: [ 'color-contrast', 'link-in-text-block',
                            'target-size' ] };

const axe = readFileSync(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');


/* ---- TAP ---- */

const queue = [];

/* "alone": when all others are done */
export function test(name, run, { alone = false } = {}) {
    queue.push({ name, run, alone });
}

export async function runAll(filter, width) {
    const tests = queue.filter((t) => filter.split("|").some((f) => t.name.includes(f)));
    const together = tests.filter((t) => !t.alone);
    let done = 0, failed = 0;

    async function one({ name, run }) {
        const began = Date.now();
        let error = null;

        let late;

        try {
            await Promise.race([ run(), new Promise((_, fail) => {
                late = setTimeout(() => fail(new Error('took too long')),
                                  TEST_TIMEOUT);
            }) ]);
        } catch (e) {
            error = e;
        } finally {
            clearTimeout(late);
        }

        const line = `${++done} - ${name}`;

        if (error === null) {
            console.log(`ok ${line} # ${Date.now() - began} ms`);
            return;
        }

        failed++;
        console.log(`not ok ${line}`);
        console.log(String(error.stack ?? error).slice(0, LONGEST)
                                            .replace(/^/gm, '# '));
    }

    await Promise.all(Array.from({ length: width }, async () => {
        while (together.length) {
            await one(together.shift());
        }
    }));

    for (const t of tests.filter((t) => t.alone)) {
        await one(t);
    }

    console.log(`1..${tests.length}`);

    return failed;
}

export function ok(value, what) {
    if (!value) {
        throw new Error(what);
    }
}

export function is(have, want, what) {
    if (want === '' && have !== '') {
        throw new Error(`${what}:\n${have}`);
    }

    if (have !== want) {
        throw new Error(`${what}: ${JSON.stringify(have)} instead of `
                        + JSON.stringify(want));
    }
}


/* all questions are asked, whatever the first ones found */
export async function all(...questions) {
    const faults = [];

    for (const ask of questions) {
        try {
            await ask();
        } catch (e) {
            faults.push(e.message);
        }
    }

    ok(faults.length === 0, faults.join('\n'));
}


/* ---- Chromium ---- */

let browser = null;

export async function launch() {

    /* one that died takes the tests with it that it had, and no others */

    if (browser !== null && !(await browser).isConnected()) {
        browser = null;
    }

    browser ??= chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',

        /* no page lives long enough for optimised code to be worth its making */

        args: [ '--no-sandbox', '--disable-background-networking',
                '--disable-component-update', '--disable-quic',
                '--no-first-run', '--disable-gpu', '--js-flags=--no-opt',
                '--force-color-profile=srgb' ],
    });

    return browser;
}

/* Ends Chromium, and with it the run: a child of its own may hold a pipe. */
export async function shut() {
    await Promise.race([ browser?.then((b) => b.close()),
                         new Promise((done) => setTimeout(done, CLOSING)) ]);
    process.exit();
}

/* colours are asked for, and not what they are on their way to */
const MEDIA = { reducedMotion: 'reduce' };

/*
 * A page of its own, watched ("staff": as the demo's own, or as whom): what goes to another origin, what the console
 * complains of and what fails to load is kept in page.troubles.
 */
export async function open(world, options = {}) {
    const { staff, ...rest } = options;
    const context = await (await launch()).newContext({
        viewport: DESKTOP, locale: 'tr-TR', timezoneId: 'Europe/Istanbul',
        ...MEDIA,
        ...(staff ? { httpCredentials: { username: staff === true ? world.user
                                                                  : staff,
                                         password: world.password,
                                         send: 'always' } } : {}),
        ...rest,
    });
    const page = await context.newPage();

    page.setDefaultTimeout(PAGE_TIMEOUT);
    page.troubles = [];
    page.answers = [];

    page.on('console', (m) => {

        /* that the page itself was refused is asked for, and checked apart */

        if (m.type() === 'error' || m.type() === 'warning') {
            const refused = /^Failed to load resource: the server responded/
                                .test(m.text());

            if (!refused) {
                page.troubles.push(`console: ${m.text()}`);
            }
        }
    });
    page.on('pageerror', (e) => page.troubles.push(`script: ${e}`));
    page.on('request', (r) => {
        const url = new URL(r.url());

        if (url.protocol !== 'data:' && url.origin !== world.url) {
            page.troubles.push(`request to another origin: ${r.url()}`);
        }
    });
    page.on('response', (r) => {
        if (r.request().isNavigationRequest()) {
            page.answers.push(r);
        } else if (r.status() >= 400) {
            page.troubles.push(`${r.status()} for ${r.url()}`);
        }
    });

    return page;
}

export async function withPage(world, options, run) {
    const page = await open(world, options);

    try {
        await run(page);
        is(page.troubles.join('\n'), '', 'troubles');
    } finally {
        await page.context().close();
    }
}

/* pages that wait for the next test, by what they were opened with */
const idle = new Map();

/*
 * The same with a page that others have had before: a new one costs Chromium a
 * process, which is more than most tests take.  It has no cookie, keeps nothing
 * that it has read, and goes when a test fails.
 */
export async function withAnyPage(world, options, run) {
    const key = JSON.stringify(options);

    if (!idle.has(key)) {
        idle.set(key, []);
    }

    const page = idle.get(key).pop() ?? await openKept(world, options);

    page.troubles = [];
    page.answers = [];

    try {
        await run(page);
        is(page.troubles.join('\n'), '', 'troubles');
        await page.context().clearCookies();
        await page.goto('about:blank');
        await page.setViewportSize(DESKTOP);
        await page.emulateMedia({ media: null, colorScheme: null,
                                  contrast: null, forcedColors: null,
                                  ...MEDIA });
    } catch (e) {
        await page.context().close();
        throw e;
    }

    idle.get(key).push(page);
}

async function openKept(world, options) {
    const page = await open(world, options);
    const devtools = await page.context().newCDPSession(page);

    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    return page;
}

/* the status of the page that is shown */
export function status(page) {
    return page.answers.at(-1)?.status();
}


/* ---- what is true of every page ---- */

/* what is not from left to right */
const DIRECTION = { he: 'rtl' };

export async function lawful(page, lang, expected = 200) {
    const where = page.url().replace(/v4\.[\w.-]+/, '<token>');
    const found = await page.evaluate(() => ({
        lang: document.documentElement.lang,
        dir: document.documentElement.dir,
        title: document.title,
        h1: document.querySelectorAll('h1').length,

        /* data for search engines is none: nothing of it is ever run */

        scripts: document.querySelectorAll(
            'script:not([type="application/ld+json"])').length,
        data: [ ...document.querySelectorAll(
            'script[type="application/ld+json"]') ].map((e) => e.textContent),
        styled: document.querySelectorAll('[style], style').length,
        handlers: [ ...document.querySelectorAll('*') ].filter(
            (e) => [ ...e.attributes ].some((a) => /^on/.test(a.name))).length,
        text: document.body.innerText,
        broken: [ ...document.images ].filter(
            (i) => i.complete && i.naturalWidth === 0).map((i) => i.src),
    }));

    is(status(page), expected, `status of ${where}`);
    is(found.lang, lang, `language of ${where}`);
    is(found.dir, DIRECTION[lang] ?? 'ltr', `direction of ${where}`);
    is(found.h1, 1, `number of h1 on ${where}`);
    is(found.scripts, 0, `scripts on ${where}`);
    is(found.styled, 0, `inline styles on ${where}`);
    is(found.handlers, 0, `event handlers on ${where}`);

    for (const json of found.data) {
        is(JSON.parse(json)['@context'], 'https://schema.org',
           `the data of ${where}`);
    }

    is(found.broken.join(' '), '', `broken pictures on ${where}`);
    ok(/^\S.* \| Kahve Gurusu$/.test(found.title),
       `title of ${where}: ${found.title}`);

    /* a hole in a template or in a translation shows as what it is called */

    const hole = /\{\{|\}\}|\bundefined\b|\bNaN\b|\(null\)/.exec(found.text)
        ?? /\b(?:portal|rma|staff|track|label|common|error|status)\.[a-z_]+\b/
               .exec(found.text);

    ok(hole === null, `"${hole?.[0]}" in the text of ${where}`);
}

/*
 * The contrast of texts that axe-core could not decide, since something lies
 * near them: with the nearest ground that is opaque, as it is drawn.  Those
 * that are too faint.
 */
function faint(targets) {
    const pen = document.createElement('canvas')
        .getContext('2d', { willReadFrequently: true });

    function rgb(color) {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = color;
        pen.fillRect(0, 0, 1, 1);
        return [ ...pen.getImageData(0, 0, 1, 1).data ];
    }

    const light = (c) => c.slice(0, 3).map((v) => v / 255)
        .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [ .2126, .7152, .0722 ][i], 0);

    return targets.filter((target) => {
        const e = document.querySelector(target);
        const style = getComputedStyle(e);
        let ground = e;

        while (ground && rgb(getComputedStyle(ground).backgroundColor)[3]
                         < 255)
        {
            ground = ground.parentElement;
        }

        const [ hi, lo ] = [ style.color, ground === null ? '#fff'
                             : getComputedStyle(ground).backgroundColor ]
            .map((c) => light(rgb(c))).sort((x, y) => y - x);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;

        return (hi + .05) / (lo + .05) < (large ? 3 : 4.5);
    });
}

/* axe-core is in the page */
async function withAxe(page) {
    await page.waitForLoadState();      /* with its style */

    if (!await page.evaluate(() => 'axe' in window)) {
        await page.evaluate(axe);
    }
}

/* faults as lines; what axe-core leaves open is one, but for contrast */
async function axeFaults(page, runOnly) {
    const { violations, incomplete } = await page.evaluate(async (only) => {
        const found = await window.axe.run(document, {
            runOnly: only, preload: false,
            resultTypes: [ 'violations', 'incomplete' ],
        });

        return { violations: found.violations, incomplete: found.incomplete };
    }, runOnly);
    const faults = [];

    for (const v of violations.concat(incomplete)) {
        let nodes = v.nodes;

        if (v.id === 'color-contrast' && incomplete.includes(v)) {
            const bad = await page.evaluate(faint,
                                            nodes.map((n) => n.target[0]));

            nodes = nodes.filter((n) => bad.includes(n.target[0]));
        }

        for (const n of nodes) {
            faults.push(`${v.id}: ${v.help}`,
                        `    ${n.target} ${n.html.slice(0, 160)}`,
                        ...n.any.concat(n.all, n.none).slice(0, 2)
                            .map((c) => `        ${c.message}`));
        }
    }

    return faults.slice(0, 12);
}

/*
 * axe-core in one look of the language, and in the opposite one what a look
 * changes; faults as one text.
 */
export async function accessible(page, lang, turn = 0) {
    const [ size, scheme ] = LOOKS[turn % LOOKS.length][lang];
    const faults = [];

    await withAxe(page);

    for (const [ s, c, only ] of [
        [ size, scheme, AXE_TAGS ],
        [ size === PHONE ? DESKTOP : PHONE,
          scheme === 'dark' ? 'light' : 'dark', COLOURS ] ])
    {
        await page.setViewportSize(s);
        await page.emulateMedia({ colorScheme: c });
        faults.push(...(await axeFaults(page, only))
                       .map((f) => `${s.width} px, ${c}: ${f}`));
    }

    is(faults.join('\n'), '', 'axe-core');
}


/* on paper: whatever colours the screen has, black on white */
export async function printable(page) {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await withAxe(page);

    const [ dark, faults ] = await page.evaluate(async () => {
        const bright = (c) => {
            const [ r, g, b, a = 1 ] = c.match(/[\d.]+/g).map(Number);

            return a === 0 || .2126 * r + .7152 * g + .0722 * b > 200;
        };
        const { violations } = await window.axe.run(document, {
            runOnly: [ 'color-contrast' ], preload: false,
            resultTypes: [ 'violations' ] });

        return [ [ ...document.querySelectorAll('body, .hero, .card, .notice, '
                       + '.pill, .unit') ]
                     .filter((e) => e.checkVisibility() && !bright(
                         getComputedStyle(e).backgroundColor))
                     .map((e) => e.outerHTML.slice(0, 80)),
                 violations.flatMap((v) => v.nodes)
                           .map((n) => n.html.slice(0, 120)) ];
    });

    await page.emulateMedia({ media: null, colorScheme: null });
    is(dark.join('\n'), '', 'a dark ground on paper');
    is(faults.join('\n'), '', 'hard to read on paper');
}


/*
 * In the reader's own few colours: what is chosen, current or done is still
 * told from what is not, and what is pressed has an edge.
 */
export async function forced(page) {
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });

    const faults = await page.evaluate(() => {
        const look = (e, p) => {
            const c = getComputedStyle(e, p);

            return [ c.backgroundColor, c.color, c.borderStyle ].join();
        };
        const found = [];

        const differ = (chosen, other, pseudo) => {
            const a = document.querySelector(chosen);
            const b = document.querySelector(other);

            if (a?.checkVisibility() && b?.checkVisibility()
                && look(a, pseudo) === look(b, pseudo))
            {
                found.push(`${chosen} looks like ${other}`);
            }
        };

        differ('.top-nav [aria-current]', '.top-nav a:not([aria-current])');
        differ('.tabs [aria-current]', '.tabs a:not([aria-current])');
        differ('.label-sizes [aria-current]',
               '.label-sizes a:not([aria-current])');
        differ('.score.on', '.score:not(.on)');
        differ('.steps .now', '.steps li:not(.now)', '::before');
        differ('.mile.done .dot', '.mile:not(.done, .now, .bad) .dot');

        for (const [ what, p ] of [ [ '.log li', '::before' ],
                                    [ '.scan', '::before' ],
                                    [ '.mile', '::before' ],
                                    [ '.pill', '::before' ] ])
        {
            for (const e of document.querySelectorAll(what)) {
                const c = getComputedStyle(e, p);
                const ground = getComputedStyle(document.body);

                if (e.checkVisibility() && c.display !== 'none'
                    && c.backgroundColor === ground.backgroundColor
                    && c.borderStyle === 'none')
                {
                    found.push(`unseen: the mark of ${e.outerHTML.slice(0, 60)}`);
                }
            }
        }

        for (const e of document.querySelectorAll('.btn, .hero, .notice')) {
            if (e.checkVisibility()
                && getComputedStyle(e).borderStyle === 'none')
            {
                found.push(`no edge: ${e.outerHTML.slice(0, 60)}`);
            }
        }

        return [ ...new Set(found) ].slice(0, 8);
    });

    await page.emulateMedia({ forcedColors: null, colorScheme: null });
    is(faults.join('\n'), '', 'in forced colours');
}


/* ---- by keyboard ---- */

/* presses Tab until the element has the focus; the way there is finite */
export async function tabTo(page, selector, limit = 80) {
    for (let i = 0; i < limit; i++) {
        await page.keyboard.press('Tab');

        const state = await page.evaluate((s) => {
            const e = document.activeElement;

            if (!e?.matches(s)) {
                return null;
            }

            /* what shows the focus may be drawn around the element */

            for (let n = e, up = 0; n && up < 4; n = n.parentElement, up++) {
                const c = getComputedStyle(n);

                if (c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) > 0
                    || c.boxShadow !== 'none' && n !== document.body)
                {
                    return 'seen';
                }
            }

            return 'unseen';
        }, selector);

        if (state !== null) {
            is(state, 'seen', `focus on ${selector}`);
            return;
        }
    }

    throw new Error(`${limit} times Tab do not lead to ${selector} `
                    + `on ${page.url()}`);
}
