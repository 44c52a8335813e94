/*
 * The label as a shopper prints it and as a warehouse scans it: one page of
 * the right size, codes that a real reader reads off the picture, and a token
 * that cx-returns verifies with the public key alone.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { is, lawful, ok, test, withPage } from './kit.mjs';

const CX = process.env.CX_RETURNS ?? fileURLToPath(
    new URL('../../build/release/cx-returns', import.meta.url));

const DOT = 72 / 25.4;              /* PDF points in a millimetre */
const NEAR = 1;                     /* points that a size may be off */
const SHARP = 2;                    /* device pixels to a CSS pixel: 192 dpi */

/* [ pages, width, height of the first ], as Chromium's PDFs say it openly */
function pdfShape(pdf) {
    const text = pdf.toString('latin1');
    const pages = text.match(/\/Type\s*\/Page\b/g) ?? [];
    const box = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/
                    .exec(text);

    ok(box !== null, 'no MediaBox in the PDF');
    return [ pages.length, Number(box[1]), Number(box[2]) ];
}

function scan(png) {
    const dir = mkdtempSync(join(tmpdir(), 'cxr-label-'));

    try {
        writeFileSync(join(dir, 'label.png'), png);
        return execFileSync('zbarimg', [ '--raw', '-q',
                                         join(dir, 'label.png') ],
                            { encoding: 'utf8',
                              stdio: [ 'ignore', 'pipe', 'ignore' ] }).trim().split('\n');
    } finally {
        rmSync(dir, { recursive: true });
    }
}

/* [ exit status, what it says ] */
function verify(token, keys) {
    const dir = mkdtempSync(join(tmpdir(), 'cxr-label-'));
    const file = join(dir, 'public');

    try {
        writeFileSync(file, keys);
        return [ 0, execFileSync(CX, [ 'label', 'verify', '--keys', file,
                                       '--json', token ],
                                 { encoding: 'utf8', stdio: 'pipe' }) ];
    } catch (e) {
        return [ e.status, e.stdout ];
    } finally {
        rmSync(dir, { recursive: true });
    }
}

async function toLabel(page, world, lang, rma, args = '?size=100x150') {
    const url = await world.link('rma', { rma: rma.id }, lang);

    await page.goto(`${url}/label.html${args}`);
    await lawful(page, lang);
}

export function tests(world) {
    test('print: a return on paper has no menus, and its cards stand apart', () =>
        withPage(world, {}, async (page) => {
            await page.goto(await world.link('rma',
                { rma: (await world.rma()).id }, 'tr'));
            await page.emulateMedia({ media: 'print' });

            for (const menu of [ '.langs', '.foot nav', '.legal ul' ]) {
                ok(!await page.locator(menu).isVisible(), `${menu} is printed`);
            }

            ok(await page.locator('.legal p').isVisible(), 'who the seller is');

            const boxes = await page.locator('main :is(.card, .hero)')
                .evaluateAll((all) => all.map((e) => e.getBoundingClientRect())
                    .filter((r) => r.height > 0)
                    .map((r) => [ r.top, r.bottom ]));

            ok(boxes.length > 3, `only ${boxes.length} cards`);
            boxes.sort((a, b) => a[0] - b[0]).slice(1).forEach((box, i) =>
                ok(box[0] - boxes[i][1] >= 8,
                   `cards ${i} and ${i + 1} are ${box[0] - boxes[i][1]} apart`));
        }));

    for (const [ lang, args, width, height ] of
         [ [ 'tr', '?size=100x150', 100, 150 ],
           [ 'en', '?size=4x6', 101.6, 152.4 ], [ 'tr', '', 210, 297 ] ])
    {
        test(`label: prints on one page of ${width} x ${height} mm, ${lang}`,
             () => withPage(world, {}, async (page) => {
                await toLabel(page, world, lang, await world.rma({ lang }),
                              args);

                const [ pages, w, h ] = pdfShape(
                    await page.pdf({ preferCSSPageSize: true }));

                is(pages, 1, 'pages');
                ok(Math.abs(w - width * DOT) <= NEAR
                   && Math.abs(h - height * DOT) <= NEAR,
                   `the page is ${w / DOT} x ${h / DOT} mm`);
            }));
    }

    for (const lang of [ 'tr', 'en' ]) {
        test(`label: a reader reads it and the public key proves it, ${lang}`,
             () => withPage(world, { deviceScaleFactor: SHARP },
                            async (page) => {
                const rma = await world.rma({ lang, quantity: 2 });

                await toLabel(page, world, lang, rma);

                const read = scan(await page.locator('.label-art').first()
                                            .screenshot());
                const token = read.find((c) => c.startsWith('v4.public.'));

                ok(token, `no token among ${JSON.stringify(read)}`);
                ok(read.includes(rma.id), `Code 128 among ${read}`);

                const keys = await (await fetch(
                    `${world.url}/.well-known/paserk`)).text();
                const [ code, said ] = verify(token, keys);

                is(code, 0, `cx-returns label verify: ${said}`);
                ok(said.includes(rma.id), `says the RMA: ${said}`);

                const forged = token.slice(0, 30)
                    + (token[30] === 'A' ? 'B' : 'A') + token.slice(31);

                is(verify(forged, keys)[0], 1, 'a forged one');
            }));
    }

    test('label: in the dark the label stays black on white', () =>
        withPage(world, { colorScheme: 'dark', deviceScaleFactor: SHARP },
                 async (page) => {
            const rma = await world.rma();

            await toLabel(page, world, 'tr', rma);
            ok(scan(await page.locator('.label-art').first().screenshot())
                   .includes(rma.id), 'read');
        }));

    test('label: the picture alone is a label, too', () =>
        withPage(world, { deviceScaleFactor: SHARP }, async (page) => {
            const rma = await world.rma();

            await toLabel(page, world, 'tr', rma);

            const href = await page.locator('a[href*="label.svg"]')
                                   .getAttribute('href');
            const res = await fetch(new URL(href, page.url()));

            ok(res.headers.get('content-type').startsWith('image/svg+xml'),
               'its type');
            await page.goto('about:blank');
            await page.setContent(await res.text());
            ok(scan(await page.locator('svg.label-art').screenshot())
                   .includes(rma.id), 'read');
        }));

    test('label: none before staff have approved', () =>
        withPage(world, {}, async (page) => {
            const rma = await world.rma({ reason: 'damaged', note: 'Kırık.' });
            const url = await world.link('rma', { rma: rma.id }, 'tr');

            await page.goto(url);
            is(await page.locator('a[href*="label"]').count(), 0, 'no link');

            await page.goto(`${url}/label.html`);
            is(await page.locator('.label-art').count(), 0, 'no label');
        }));
}
