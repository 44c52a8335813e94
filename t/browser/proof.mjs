/*
 * What any page is asked besides axe-core: whether its markup is right, how
 * heavy it is, whether fingers hit what is to be hit, and whether the keyboard
 * alone comes everywhere.  Whether it fits every width is in room.mjs.
 */

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { is, ok } from './kit.mjs';

const HTML_MOST = 14 * 1024;        /* bytes over the wire: the first flight  */
const CSS_MOST = 8 * 1024;
const REQUESTS_MOST = 3;            /* besides what the shop shows of goods   */
const FINGER = 44;                  /* px, of what is to be pressed           */
const FINGER_INLINE = 24;           /* px, WCAG 2.2's least                   */
const TABS_MOST = 250;


/* ---- markup ---- */

/*
 * What is off is a matter of taste: "<!doctype html>" in small letters, and a
 * button that says nothing of its type, which is HTML's own "submit".
 */
const validator = new HtmlValidate(new StaticConfigLoader({
    root: true,
    extends: [ 'html-validate:recommended', 'html-validate:document' ],
    rules: {
        'doctype-style': 'off',
        'no-implicit-button-type': 'off',
        'form-dup-name': [ 'error', { shared: [ 'radio', 'checkbox',
                                                'button', 'submit' ] } ],
        'long-title': 'off',

        /* a table that scrolls has a name and no heading: a region, but no
           section (the Nu validator's word on those) */
        'prefer-native-element': [ 'error', { exclude: [ 'region' ] } ],
        'require-sri': 'off',
    },
}));

/* pages for the Nu validator, which is asked once for all of them */
const seen = new Map();

export async function wellFormed(page, name) {
    const html = await page.answers.at(-1).text();
    const report = await validator.validateString(html, name);

    seen.set(name, html);
    is(report.results.flatMap((r) => r.messages)
             .map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)
             .join('\n'), '', 'html-validate');
}

/* of all pages that wellFormed() saw, and of the style sheet */
export function nuValidator(css) {
    const dir = mkdtempSync(join(tmpdir(), 'cxr-nu-'));
    const names = new Map();
    const jar = createRequire(import.meta.url)
                    .resolve('vnu-jar/build/dist/vnu.jar');

    try {
        let n = 0;

        for (const [ name, html ] of seen) {
            names.set(`${++n}.html`, name);
            writeFileSync(join(dir, `${n}.html`), html);
        }

        writeFileSync(join(dir, 'shop.css'), css);

        /* messages or not, it is to end well: the report is asked */

        const said = execFileSync('java', [
            '-Xss4m', '-XX:TieredStopAtLevel=1', '-jar', jar,
            '--exit-zero-always', '--stdout', '--format', 'json',
            '--also-check-css', dir ], { encoding: 'utf8',
                                         maxBuffer: 1 << 26 });

        /* it guesses the language of a page, and the tests' own are none */

        const guess = /^This document appears to be written in /;

        is(JSON.parse(said).messages.filter((m) => {
            const name = names.get(m.url?.split('/').at(-1)) ?? '';

            return !(guess.test(m.message) && /, (fi|he)$/.test(name));
        }).map((m) => {
            const file = m.url?.split('/').at(-1);

            return `${names.get(file) ?? file}:${m.lastLine}: ${m.message} `
                   + (m.extract ?? '');
        }).join('\n'), '', 'the Nu validator');

        return n;
    } finally {
        rmSync(dir, { recursive: true });
    }
}


/* ---- weight ---- */

/* what came over the wire for the page that is shown */
export async function light(page) {
    const html = page.answers.at(-1);
    const { responseBodySize } = await html.request().sizes();

    /* what is refused before its headers were read has asked for none */

    if (![ 400, 414, 431 ].includes(html.status())) {
        is(html.headers()['content-encoding'], 'gzip', 'the page\'s coding');
    }

    ok(responseBodySize <= HTML_MOST,
       `HTML of ${responseBodySize} bytes, more than ${HTML_MOST}`);

    const urls = await page.evaluate(() => performance
        .getEntriesByType('resource')
        .filter((e) => e.initiatorType !== 'img' || /\/logo\b/.test(e.name))
        .map((e) => [ e.name, e.encodedBodySize ]));

    /* the tab's icon is fetched, too, and told of nowhere */

    const icon = await page.evaluate(() =>
        document.querySelector('link[rel="icon"]')?.href ?? '');

    if (icon.startsWith('http') && !urls.some(([ url ]) => url === icon)) {
        urls.push([ icon, 0 ]);
    }

    ok(urls.length + 1 <= REQUESTS_MOST, `requests: ${urls.join(' ')}`);

    for (const [ url, size ] of urls) {
        ok(!/\.css$/.test(url) || size <= CSS_MOST,
           `CSS of ${size} bytes in gzip, more than ${CSS_MOST}`);
    }
}


/* ---- fingers ---- */

/*
 * 44 px for what is pressed on its own, 24 for links among text; on the desk,
 * which has a mouse, for everything.
 */
export async function fingers(page, desk) {
    const before = page.viewportSize();

    await page.setViewportSize({ width: 360, height: 800 });

    const small = await page.evaluate(([ big, least ]) => {
        const found = [];

        for (const e of document.querySelectorAll(
            'a[href], button, input:not([type="hidden"]), select, textarea, '
            + 'summary'))
        {
            if (!e.checkVisibility() || e.matches('.skip, .hide')) {
                continue;
            }

            /* what a label covers can be pressed, too */

            const box = e.labels?.length && /checkbox|radio/.test(e.type)
                        ? e.closest('label') ?? e : e;
            const { width, height } = box.getBoundingClientRect();

            /* a link in a sentence has its neighbours' lines around it */

            const inline = e.tagName === 'A'
                && getComputedStyle(e).display === 'inline';
            const own = e.matches('.btn, summary, select, textarea, input, '
                                  + 'button, .langs a, .link-list a, .brand');

            const need = own ? big : inline ? 0 : least;

            if (height < need - .5 || (!inline && width < least - .5)) {
                found.push(`${Math.round(width)} x ${Math.round(height)}: `
                           + e.outerHTML.slice(0, 90));
            }
        }

        return found;
    }, [ desk ? FINGER_INLINE : FINGER, FINGER_INLINE ]);

    await page.setViewportSize(before);
    is(small.join('\n'), '', 'too small for a finger');
}


/* ---- keyboard ---- */

/* runs in the page: what is wrong where the focus is after so many Tabs */
function focused(n) {
    const e = document.activeElement;
    const is = window.__stops[n];
    const name = (x) => x?.outerHTML.slice(0, 80);

    if (e !== is && !(e.type === 'radio' && e.name === is.name)) {
        return `Tab ${n + 1} is on ${name(e)} instead of ${name(is)}`;
    }

    const r = e.getBoundingClientRect();

    if (r.bottom <= 0 || r.top >= innerHeight) {
        return `out of sight: ${name(e)}`;
    }

    /* nothing lies over all of it (WCAG 2.4.11) */

    const [ left, right ] = [ Math.max(r.left, 0),
                              Math.min(r.right, innerWidth) ];
    const [ top, bottom ] = [ Math.max(r.top, 0),
                              Math.min(r.bottom, innerHeight) ];
    const seen = [ .1, .5, .9 ].flatMap((x) => [ .1, .5, .9 ]
        .map((y) => document.elementFromPoint(
            left + x * (right - left), top + y * (bottom - top))))
        .some((on) => on && (e.contains(on) || on.contains(e)
                             || on.closest('label')?.control === e));

    if (!seen) {
        return `covered: ${name(e)}`;
    }

    for (let x = e, up = 0; x && up < 4; x = x.parentElement, up++) {
        const c = getComputedStyle(x);
        const wide = parseFloat(c.outlineWidth);

        if (c.outlineStyle === 'none' || !(wide > 0)) {
            continue;
        }

        /*
         * All of the ring, in whatever cuts; in a row that scrolls
         * sideways its half, since Chromium scrolls no farther.
         */

        const ring = x.getBoundingClientRect();
        const out = wide + parseFloat(c.outlineOffset);
        const half = ring.width / 2;

        for (let b = x.parentElement; b; b = b.parentElement) {
            const o = getComputedStyle(b);
            const box = b.getBoundingClientRect();
            const less = /auto|scroll/.test(o.overflowX) ? half : -out;

            if (b !== document.body && b !== document.documentElement
                && o.overflow !== 'visible'
                && (ring.top - out < box.top - .5
                    || ring.bottom + out > box.bottom + .5
                    || ring.left + less < box.left - .5
                    || ring.right - less > box.right + .5))
            {
                return `the ring is cut: ${name(e)}`;
            }
        }

        return null;
    }

    return `focus is not seen on ${name(e)}`;
}

/*
 * Tab alone from the page's top: everything that can be pressed is reached, in
 * the order in which it is read, seen where it has the focus, and left again.
 */
export async function reachable(page) {
    await page.evaluate(() => {
        document.activeElement?.blur?.();
        window.getSelection()?.removeAllRanges();
        window.scrollTo(0, 0);

        const all = [ ...document.querySelectorAll('a[href], button, input, '
            + 'select, textarea, summary, [tabindex="0"]') ];
        const group = new Set();

        window.__stops = all.filter((e) => {
            if (e.disabled || e.type === 'hidden' || e.tabIndex < 0
                || !e.checkVisibility())
            {
                return false;
            }

            /* of radio buttons the chosen one, or one of them */

            if (e.type === 'radio') {
                const chosen = all.find((o) => o.name === e.name && o.checked);

                if (chosen ? chosen !== e : group.has(e.name)) {
                    return false;
                }

                group.add(e.name);
            }

            return true;
        });
    });

    const want = await page.evaluate(() => window.__stops.length);
    const faults = [];

    ok(want > 0 && want < TABS_MOST, `${want} things to reach`);

    /* from the top, wherever the page put the focus itself */

    await page.evaluate(() => {
        const top = document.body;

        top.tabIndex = -1;
        top.focus();
        top.removeAttribute('tabindex');
    });

    for (let i = 0; i < want; i++) {
        await page.keyboard.press('Tab');

        let fault = await page.evaluate(focused, i);

        /* what scrolls to the focus may do so in the next frame only */

        if (fault !== null) {
            await page.evaluate(() => new Promise((f) =>
                requestAnimationFrame(() => requestAnimationFrame(f))));
            fault = await page.evaluate(focused, i);
        }

        if (fault !== null) {
            faults.push(fault);
            break;
        }
    }

    is(faults.join('\n'), '', 'by keyboard');

    /* no trap: one more leaves the page's last, and the way back is open */

    const end = await page.evaluate(() => document.activeElement.outerHTML);

    await page.keyboard.press('Tab');
    ok(want < 2 || await page.evaluate(() => document.activeElement.outerHTML)
                   !== end, `the keyboard is caught in ${end.slice(0, 80)}`);
    await skips(page);
}

/* the first Tab offers a way past the menus, and what follows is beyond them */
async function skips(page) {
    await page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex');
    });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    const [ at, first ] = await page.evaluate(() => [
        document.activeElement.tagName,
        document.querySelector('main :is(a[href], button, input:not('
            + '[type="hidden"]), select, textarea, summary)') !== null ]);

    is(at, 'MAIN', 'the link past the menus leads to');

    if (first) {
        await page.keyboard.press('Tab');
        ok(await page.evaluate(() => !document.activeElement.closest('.top')),
           'what comes after the link past the menus is a menu');
    }
}
