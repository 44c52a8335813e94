// The page of render.c by mustache.js, its template parsed once:
//
//     node render.mjs MUSTACHE TEMPLATE DIR MILLISECONDS

import { readFileSync } from 'node:fs';

const [ where, template, dir, ms ] = process.argv.slice(2);
const { default: Mustache } = await import(where);

const text = readFileSync(template, 'utf8');
const view = JSON.parse(readFileSync(`${dir}/page.json`, 'utf8'));
const want = readFileSync(`${dir}/page.html`, 'utf8');

// it would escape more than is needed; the bytes are to be the same

const refs = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;',
               "'": '&#39;' };
Mustache.escape = s => String(s).replace(/[&<>"']/g, c => refs[c]);
Mustache.parse(text);

if (Mustache.render(text, view) !== want) {
    console.error('render.mjs: another page than ours');
    process.exit(1);
}

// a page leaves as bytes, so they are made, too

const run = until => {
    let n = 0;
    const from = process.cpuUsage();
    let spent;
    do {
        for (let i = 0; i < 500; i++) {
            Buffer.from(Mustache.render(text, view));
        }
        n += 500;
        const c = process.cpuUsage(from);
        spent = c.user + c.system;
    } while (spent < until * 1000);
    return 1000 * spent / n;
};

run(ms / 2);
console.log(JSON.stringify({ ns: run(Number(ms)), bytes: Buffer.byteLength(want),
                             version: process.version }));
