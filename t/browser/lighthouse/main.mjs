/*
 * Lighthouse over every stop of the tour that has an address: as a phone sees
 * it in one language, as a desk does in the other, turn about.
 *
 *     node main.mjs <demo.env> [parts of stops' names, between "|"]
 */

import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from 'playwright-core';
import { open, shut } from '../kit.mjs';
import { stops, visit } from '../tour.mjs';
import { World } from '../world.mjs';

const PORT = 9223;                  /* Chromium's, for Lighthouse             */
const TRIES = 3;                    /* of speed, which a busy machine hides   */
const LEAST = { performance: 98, accessibility: 100, 'best-practices': 98,
                seo: 98 };

/*
 * A demo speaks HTTP.  The pages' own policy keeps Lighthouse from reading
 * robots.txt, which a test asks for.  Who sends robots away says so on purpose,
 * and has nothing to tell them.
 */
const PLAIN = [ 'redirects-http', 'is-on-https', 'robots-txt' ];
const PERSONAL = [ 'is-crawlable', 'meta-description' ];

/*
 * What takes a shopper's own link is nobody else's: it is never indexed.  All
 * other pages of hers are for search engines, too.
 */
const mayBeFound = (stop) => [ 'find', 'track', 'withdraw, form' ]
    .includes(stop.name);

const [ , , env, only = '' ] = process.argv;
const world = new World(env);
const staff = 'Basic ' + Buffer.from(`${world.user}:${world.password}`)
    .toString('base64');

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [ '--no-sandbox', '--disable-background-networking',
            `--remote-debugging-port=${PORT}` ],
});

/* the stop's address, once its way there has been gone; null: it has none */
async function address(stop, lang) {
    const page = await open(world, { staff: stop.staff });

    try {
        await visit(page, world, lang, stop);

        return page.answers.at(-1).request().method() === 'GET' ? page.url()
                                                                : null;
    } finally {
        await page.context().close();
    }
}

async function ask(stop, url, config) {
    const { lhr } = await lighthouse(url, {
        port: PORT, logLevel: 'error', onlyCategories: Object.keys(LEAST),
        skipAudits: mayBeFound(stop) ? PLAIN : [ ...PLAIN, ...PERSONAL ],
        ...(stop.staff ? { extraHeaders: { Authorization: staff } } : {}),
    }, config);

    if (lhr.runtimeError) {
        throw new Error(lhr.runtimeError.message);
    }

    return lhr;
}

const score = (lhr, c) => Math.round(100 * lhr.categories[c].score);
const short = (lhr) => Object.keys(LEAST)
    .filter((c) => score(lhr, c) < LEAST[c]);

let faults = 0, pages = 0;

async function judge(stop, lang, device, config) {
    const url = await address(stop, lang);

    if (url === null) {
        return;
    }

    let lhr = null, failed;

    for (let n = 0; n < TRIES && (lhr === null
                                  || short(lhr).includes('performance')); n++)
    {
        try {
            lhr = await ask(stop, url, config);
        } catch (e) {
            failed = e;             /* a machine that stood still for a while */
        }
    }

    if (lhr === null) {
        throw failed;
    }

    pages++;
    console.log(`${stop.name}, ${lang}, ${device}: `
                + Object.keys(LEAST).map((c) => `${c} ${score(lhr, c)}`)
                                    .join(', '));

    for (const c of short(lhr)) {
        faults++;

        for (const { id, weight } of lhr.categories[c].auditRefs) {
            const audit = lhr.audits[id];

            if (weight > 0 && audit.score !== null && audit.score < 1) {
                console.log(`    ${id}: ${audit.title}`);
            }
        }
    }
}

for (const [ turn, stop ] of stops.entries()) {

    /* of a page that is an error by itself Lighthouse has no opinion */

    if ((stop.status ?? 200) !== 200 || !only.split("|").some((part) => stop.name.includes(part))) {
        continue;
    }

    const langs = turn % 2 ? [ 'tr', 'en' ] : [ 'en', 'tr' ];

    await judge(stop, langs[0], 'phone', undefined);
    await judge(stop, langs[1], 'desk', desktopConfig);
}

console.log(`${pages} pages, ${faults} faults`);
process.exitCode = faults || pages === 0 ? 1 : 0;
await browser.close();
await shut();
