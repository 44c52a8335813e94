/*
 * Runs the browser tests against a running demo.
 *
 *     node main.mjs <demo.env> [parts of tests' names, between "|"]
 *
 * One line of TAP for a test, then 1..N; ends with 1 when one failed.
 */

import { ok, runAll, shut, test } from './kit.mjs';
import { World } from './world.mjs';
import * as pages from './pages.mjs';
import * as portal from './portal.mjs';
import * as label from './label.mjs';
import * as tracking from './tracking.mjs';
import * as desk from './desk.mjs';
import { nuValidator } from './proof.mjs';

const LANES = 3;                    /* tests at a time: they share no order */

const [ , , env, filter = '' ] = process.argv;
const world = new World(env);

for (const part of [ portal, label, tracking, desk, pages ]) {
    part.tests(world);
}

/* last: it is asked once, for all pages that were seen */

test('page: the Nu validator finds nothing on any page', async () => {
    const html = await (await fetch(`${world.url}/en/returns/`)).text();
    const css = /href="([^"]+\.css)"/.exec(html)[1];
    const n = nuValidator(await (await fetch(world.url + css)).text());

    ok(filter !== '' || n > 100, `only ${n} pages`);
}, { alone: true });

process.exitCode = await runAll(filter, LANES) ? 1 : 0;
await shut();
