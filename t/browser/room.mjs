/*
 * Whether a page has room at every width: nothing scrolls sideways, no text
 * leaves its box or is cut off, nothing lies over a text, and what runs from
 * left to right does so on a page that runs the other way.
 */

import { is } from './kit.mjs';

/* 320 is a desk's 1280 at 400 % (WCAG 1.4.10), 640 the same at 200 % (1.4.4) */
export const WIDTHS = [ 320, 360, 390, 640, 768, 1024, 1440 ];

/* what a reader may set, and no text may be lost by it (WCAG 1.4.12) */
const SPACED = '* { line-height: 1.5 !important;'
    + ' letter-spacing: .12em !important; word-spacing: .16em !important }'
    + ' p { margin-block-end: 2em !important }';
const SPACED_WIDTHS = [ 360, 1280 ];

/* runs in the page: what is wrong at the width that it has now */
function look() {
    const limit = document.documentElement.clientWidth;
    const all = document.documentElement.scrollWidth;
    const found = [];

    const name = (e) => `${e.tagName.toLowerCase()}`
        + `${e.className?.baseVal === undefined && e.className
             ? `.${e.className}` : ''} `
        + `"${(e.textContent ?? '').trim().slice(0, 40)}"`;

    /* only for screen readers, or there once it has the focus */

    const unseen = '.hide, .skip, .steps li > span, .mile-name, thead';

    function scrolls() {
        if (all <= limit) {
            return;
        }

        found.push(`scrolls sideways: ${all} px`);

        /* and who does it */

        found.push(...[ ...document.body.querySelectorAll('*') ].filter((e) => {
            const r = e.getBoundingClientRect();

            return r.right > limit + 1 || r.left < -1;
        }).slice(0, 4).map((e) => `    ${name(e)}`));
    }

    /* text wider than the box that holds it */

    function leaves() {
        for (const e of document.body.querySelectorAll(
            '.btn, .pill, .score, h1, h2, h3, dt, dd, label, legend, summary, '
            + 'a, p, li:not(.mile), th, td'))
        {
            if (e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 2
                && !e.closest('.hide, .tabs, .top-nav'))
            {
                found.push(`text leaves its box: ${name(e)}`);
            }
        }

        /* what is made to scroll is for a table that has no other way */

        for (const e of document.body.querySelectorAll('.scroll')) {
            if (e.scrollWidth > e.clientWidth + 1) {
                found.push(`scrolls: ${name(e)} ${e.scrollWidth} px in `
                           + `${e.clientWidth}`);
            }
        }
    }

    /*
     * A choice that is shut shows all of what may be chosen in it; a browser
     * never breaks its line, so only for texts that somebody wrote for it, and
     * not where a desk's page is four times as large: open, it shows them all.
     */

    function chosen() {
        if (/^(fi|he)$/.test(document.documentElement.lang)
            || innerWidth < 360 || document.adoptedStyleSheets.length)
        {
            return;
        }

        const pen = document.createElement('canvas').getContext('2d');

        for (const e of document.body.querySelectorAll('select')) {
            if (!e.checkVisibility()) {
                continue;
            }

            const c = getComputedStyle(e);
            const room = e.clientWidth - parseFloat(c.paddingLeft)
                         - parseFloat(c.paddingRight);

            pen.font = c.font;

            for (const o of e.options) {
                const wide = pen.measureText(o.label).width;

                if (wide > room) {
                    found.push(`a choice is cut: "${o.label}" has `
                               + `${Math.floor(room)} of ${Math.ceil(wide)} px`);
                }
            }
        }
    }

    /* each line of each text, without what is above and below its letters */

    function lines() {
        const out = [];
        const walk = document.createTreeWalker(document.body,
                                               NodeFilter.SHOW_TEXT);

        for (let t; (t = walk.nextNode());) {
            const e = t.parentElement;

            if (!t.data.trim() || !e.checkVisibility({ opacityProperty: true })
                || e.closest(`${unseen}, select, textarea, script, .bulk, svg`))
            {
                continue;
            }

            const range = document.createRange();

            range.selectNodeContents(t);

            for (const r of range.getClientRects()) {
                const less = r.height * .25;

                if (r.width > 1) {
                    out.push({ e, t, left: r.left, right: r.right,
                               top: r.top + less, bottom: r.bottom - less });
                }
            }
        }

        return out.sort((a, b) => a.top - b.top);
    }

    const meet = (a, b) => Math.min(a.right, b.right)
                           - Math.max(a.left, b.left) > 1.5
                        && Math.min(a.bottom, b.bottom)
                           - Math.max(a.top, b.top) > 1.5;

    function overlaps() {
        const text = lines();

        text.forEach((a, i) => {
            for (let k = i + 1; k < text.length && text[k].top < a.bottom; k++) {
                if (text[k].t !== a.t && meet(a, text[k])) {
                    found.push(`text over text: ${name(a.e)} and `
                               + name(text[k].e));
                }
            }
        });

        /* pictures, fields and the dots that the style sheet draws */

        const boxes = [ ...document.body.querySelectorAll(
            'img, svg, input:not([type="hidden"]), select, textarea') ]
                .filter((e) => e.checkVisibility()
                               && !e.closest(`${unseen}, .bulk`))
                .map((e) => [ e, e.getBoundingClientRect() ]);

        for (const e of document.body.querySelectorAll(
            '.log li, .scan, .numbered li, .mile, .steps li'))
        {
            const own = e.getBoundingClientRect();

            for (const which of [ '::before', '::after' ]) {
                const c = getComputedStyle(e, which);

                if (c.content === 'none' || c.position !== 'absolute'
                    || !e.checkVisibility())
                {
                    continue;
                }

                const left = own.left + e.clientLeft + parseFloat(c.left);
                const top = own.top + e.clientTop + parseFloat(c.top);

                boxes.push([ e, { left, right: left + parseFloat(c.width), top,
                                  bottom: top + parseFloat(c.height) } ]);
            }
        }

        for (const [ e, box ] of boxes) {
            const over = text.find((t) => meet(t, box)
                                   && !t.e.closest('.refusal, .brand'));

            if (over) {
                found.push(`over a text: ${e.outerHTML.slice(0, 60)} over `
                           + name(over.e));
            }
        }
    }

    /*
     * Telephone numbers, e-mails, numbers of parcels, amounts: their characters
     * stand in the order in which they are read, from left to right.
     */
    function directions() {
        if (document.dir !== 'rtl') {
            return;
        }

        const ours = /\+[\d ]{6,}\d|[\w.-]+@[\w.-]+\w|\b[A-Z]+-[A-Z0-9-]+\b/g;
        const more = /\b[A-Z]{3}\s[\d.,]*\d|\d+ (?:g|fincan) \/ \w+/g;

        for (const { e, t } of lines()) {
            for (const m of [ ...t.data.matchAll(ours),
                              ...t.data.matchAll(more) ])
            {
                let last = null;

                for (let i = m.index; i < m.index + m[0].length; i++) {
                    const range = document.createRange();

                    range.setStart(t, i);
                    range.setEnd(t, i + 1);

                    const r = range.getBoundingClientRect();

                    /* a new line begins anew */

                    if (last !== null && r.width > 0
                        && Math.abs(r.top - last.top) < 2
                        && r.left < last.left - .5)
                    {
                        found.push(`"${m[0]}" runs the wrong way: ${name(e)}`);
                        break;
                    }

                    last = r.width > 0 ? r : last;
                }
            }
        }
    }

    scrolls();
    leaves();
    chosen();
    overlaps();
    directions();

    return [ ...new Set(found) ].slice(0, 12);
}

/* Numbers of returns are random: what has room for the widest one has room for
   all.  Called again with what it returned it puts them back. */
function widest(were) {
    const walk = document.createTreeWalker(document.body,
                                           NodeFilter.SHOW_TEXT);
    const now = [];

    for (let node = walk.nextNode(), i = 0; node; node = walk.nextNode(), i++) {
        now.push(node.data);
        node.data = were ? were[i]
            : node.data.replace(/\b([RW])-[0-9A-Z]{4}-[0-9A-Z]{4}\b/g,
                                '$1-WWWW-WWWW');
    }

    return now;
}

export async function fits(page, widths = WIDTHS) {
    const before = page.viewportSize();
    const faults = [];
    const were = await page.evaluate(widest);

    for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        faults.push(...(await page.evaluate(look))
                       .map((f) => `${width} px: ${f}`));
    }

    await page.evaluate(widest, were);
    await page.setViewportSize(before);
    is(faults.join('\n'), '', 'room');
}


/* the same with the reader's own spacing, which no policy of a page forbids */
export async function fitsSpaced(page) {
    await page.evaluate((css) => {
        const sheet = new CSSStyleSheet();

        sheet.replaceSync(css);
        document.adoptedStyleSheets = [ sheet ];
    }, SPACED);

    try {
        await fits(page, SPACED_WIDTHS);
    } finally {
        await page.evaluate(() => { document.adoptedStyleSheets = []; });
    }
}
