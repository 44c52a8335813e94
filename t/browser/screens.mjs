/*
 * Takes a picture of every stop of the tour in every look, and lays them all
 * on one sheet.
 *
 *     node screens.mjs <demo.env> <directory> [part of a stop's name]
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DESKTOP, PHONE, launch, open, shut } from './kit.mjs';
import { World } from './world.mjs';
import { stops, visit } from './tour.mjs';

const [ , , env, into, only = '' ] = process.argv;
const dir = resolve(into);
const world = new World(env);
const SHEET = 3600;                 /* px: the widest a sheet's page gets */
const LANES = 3;                    /* pages at a time */
const taken = [];
let bad = 0;

mkdirSync(dir, { recursive: true });

async function picture(page, stop, lang, size, scheme) {
    const name = `${stop} ${lang}`;
    const file = `${name.replace(/[^A-Za-z0-9]+/g, '-')}-${size.width}-${scheme}.png`;

    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: `${dir}/${file}`, fullPage: true });
    taken.push({ file, name, stop, size, scheme });
}

async function take({ stop, lang }) {
    const page = await open(world, { staff: stop.staff });

    try {
        await visit(page, world, lang, stop);

        for (const size of [ PHONE, DESKTOP ]) {
            for (const scheme of [ 'light', 'dark' ]) {
                await picture(page, stop.name, lang, size, scheme);
            }
        }
    } catch (e) {
        bad++;
        console.error(`${stop.name}, ${lang}: ${e.message}`);
    }

    await page.context().close();
}

const todo = stops.filter((s) => s.name.includes(only))
                  .flatMap((stop) => [ { stop, lang: 'tr' },
                                       { stop, lang: 'en' } ]);
const order = todo.map((t) => t.stop.name);

await Promise.all(Array.from({ length: LANES }, async () => {
    while (todo.length) {
        await take(todo.shift());
    }
}));

taken.sort((a, b) => order.indexOf(a.stop) - order.indexOf(b.stop)
                     || (a.name < b.name) - (a.name > b.name));

/* side by side, so that what differs between looks and languages is seen */

const cells = taken.map((t) => `<figure class="w${t.size.width}">
<img src="${t.file}" alt=""><figcaption>${t.name}, ${t.scheme}</figcaption>
</figure>`).join('\n');

writeFileSync(`${dir}/index.html`, `<!doctype html><meta charset="utf-8">
<title>All pages</title><style>
body { margin: 16px; background: #777; font: 12px sans-serif; color: #fff;
       display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }
figure { margin: 0; width: 110px } figure.w1280 { width: 240px }
img { width: 100%; height: 240px; object-fit: cover; object-position: top }
</style>
${cells}
`);

const context = await (await launch()).newContext({
    viewport: { width: SHEET, height: 900 } });
const sheet = await context.newPage();

await sheet.goto(pathToFileURL(`${dir}/index.html`).href);
await sheet.screenshot({ path: `${dir}/sheet.png`, fullPage: true });
console.log(`${taken.length} pictures in ${dir}, all on ${dir}/sheet.png`);
process.exitCode = bad ? 1 : 0;
await shut();
