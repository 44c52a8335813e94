/*
 * Runs the browser tests against a running demo.
 *
 *     node main.mjs <demo.env> [part of a test's name]
 *
 * One line of TAP for a test, then 1..N; ends with 1 when one failed.
 */

import { runAll, shut } from './kit.mjs';
import { World } from './world.mjs';
import * as pages from './pages.mjs';
import * as portal from './portal.mjs';
import * as label from './label.mjs';
import * as tracking from './tracking.mjs';
import * as desk from './desk.mjs';

const LANES = 3;                    /* tests at a time: they share no order */

const [ , , env, filter = '' ] = process.argv;
const world = new World(env);

for (const part of [ portal, label, tracking, desk, pages ]) {
    part.tests(world);
}

process.exitCode = await runAll(filter, LANES) ? 1 : 0;
await shut();
