/*
 * The two pictures of README.md: a parcel on its way and an order's return.
 *
 *     node readme.mjs <demo.env> <directory>
 */

import { mkdirSync, statSync } from 'node:fs';
import { open, shut } from './kit.mjs';
import { World } from './world.mjs';
import { toReview } from './tour.mjs';

const SIZE = { width: 1080, height: 760 };
const LARGEST = 120 * 1024;         /* bytes of one picture */

const [ , , env, dir ] = process.argv;
const world = new World(env);

async function picture(name, go) {
    const page = await open(world, { viewport: SIZE });
    const path = `${dir}/${name}.png`;

    await go(page);
    await page.screenshot({ path });
    await page.context().close();

    const { size } = statSync(path);

    if (size > LARGEST) {
        throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
    }

    console.log(`${path}: ${size} bytes`);
}

mkdirSync(dir, { recursive: true });

await picture('track', async (page) => {
    await page.goto(await world.link('track', { order: 'KG-1002' }, 'tr'));
});
await picture('portal', (page) => toReview(page, world, 'en', 'KG-1011'));

await shut();
