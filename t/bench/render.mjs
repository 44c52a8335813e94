// The page of render.c by an engine in JavaScript, its template parsed once:
//
//     node render.mjs mustache|hogan ENGINE TEMPLATE DIR MILLISECONDS

import { readFileSync } from 'node:fs';

const [ kind, where, template, dir, ms ] = process.argv.slice(2);
const { default: Engine } = await import(where);

const text = readFileSync(template, 'utf8');
const view = JSON.parse(readFileSync(`${dir}/page.json`, 'utf8'));
const want = readFileSync(`${dir}/page.html`, 'utf8');

let render;

if (kind === 'hogan') {
    const compiled = Engine.compile(text);
    render = () => compiled.render(view);

} else {
    // it would escape more than is needed; the bytes are to be the same

    const refs = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;',
                   "'": '&#39;' };
    Engine.escape = s => String(s).replace(/[&<>"']/g, c => refs[c]);
    Engine.parse(text);
    render = () => Engine.render(text, view);
}

if (render() !== want) {
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
            Buffer.from(render());
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
