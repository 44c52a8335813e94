/*
 * Lighthouse over the pages that a shopper opens by their address.
 *
 *     node main.mjs <demo.env>
 */

import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from 'playwright-core';
import { World } from '../world.mjs';

const PORT = 9223;                  /* Chromium's, for Lighthouse             */
const MUST = { accessibility: 100, 'best-practices': 100 };
const TOLD = [ 'performance' ];

/* what a page that is nobody's business says on purpose */
const MEANT = [ 'is-crawlable', 'redirects-http', 'is-on-https' ];

const [ , , env ] = process.argv;
const world = new World(env);
const rma = await world.rma({ lang: 'en' });
const pages = {
    find: `${world.url}/en/returns/`,
    items: await world.link('order', { order: 'KG-1001' }, 'tr'),
    return: await world.link('rma', { rma: rma.id }, 'en'),
    track: await world.link('track', { order: 'KG-1002' }, 'tr'),
    'track, three parcels': await world.link('track', { order: 'KG-1008' },
                                             'en'),
    withdraw: `${world.url}/tr/returns/withdraw`,
};

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [ '--no-sandbox', `--remote-debugging-port=${PORT}` ],
});
let faults = 0;

for (const [ name, url ] of Object.entries(pages)) {
    for (const [ device, config ] of [ [ 'phone', undefined ],
                                       [ 'desk', desktopConfig ] ])
    {
        const { lhr } = await lighthouse(url, {
            port: PORT, logLevel: 'error', skipAudits: MEANT,
            onlyCategories: [ ...Object.keys(MUST), ...TOLD ],
        }, config);
        const score = (c) => Math.round(100 * lhr.categories[c].score);

        console.log(`${name}, ${device}: `
                    + [ ...Object.keys(MUST), ...TOLD ]
                          .map((c) => `${c} ${score(c)}`).join(', '));

        for (const [ c, least ] of Object.entries(MUST)) {
            if (score(c) >= least) {
                continue;
            }

            faults++;

            for (const { id, weight } of lhr.categories[c].auditRefs) {
                const audit = lhr.audits[id];

                if (weight > 0 && audit.score !== null && audit.score < 1) {
                    console.log(`    ${id}: ${audit.title}`);
                }
            }
        }
    }
}

await browser.close();
process.exit(faults ? 1 : 0);
