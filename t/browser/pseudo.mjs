/*
 * Languages that nobody speaks, made of the English one, to see what a page
 * does with them: texts that are 40 % longer (in Finnish's place), and letters
 * of a script that is written from right to left (in Hebrew's).  Each is one
 * more .po and nothing else, as any other language would be.
 *
 *     node pseudo.mjs <html> <directory>      a copy of html/ with them in it
 */

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PSEUDO = { fi: 'ltr', he: 'rtl' };

const LONGER = 0.4;

const accented = Object.fromEntries(
    [ ...'aàeèiìoòuùnñcçsšzžyÿAÀEÈIÌOÒUÙNÑCÇSŠZŽ'.matchAll(/../gu) ]
        .map(([ pair ]) => [ ...pair ]));

const HEBREW = 'אבגדהוזחטיכלמנסעפצקרשתךםןף';

/* longer by a half-word now and then, as German or Finnish is */
function longer(text) {
    const words = text.split(' ');
    let owed = 0;

    return words.map((w) => {
        owed += (w.length + 1) * LONGER;

        const more = Math.floor(owed);

        if (more >= 2) {
            owed -= more;
            w += 'eijulanomisteraikavuoden'.repeat(2).slice(0, more);
        }

        return w.replace(/[a-z]/gi, (c) => accented[c] ?? c);
    }).join(' ') + (owed >= 1 ? '~'.repeat(Math.floor(owed)) : '');
}

function rightToLeft(text) {
    return text.replace(/[a-z]/gi, (c) =>
        HEBREW[c.toLowerCase().charCodeAt(0) - 97]);
}

/*
 * Only what is read: not the names of placeholders, nor a plural's forms.  Of
 * these it gets all that the language has.
 */
export function outside(message, change, forms = []) {
    let out = '', text = '', i = 0;

    const flush = () => {
        out += text.replace(/^(\s*)(.*?)(\s*)$/s,
                            (_, a, b, c) => a + (b && change(b)) + c);
        text = '';
    };

    while (i < message.length) {
        const c = message[i];

        if (c !== '{') {
            text += c;
            i++;
            continue;
        }

        flush();

        const simple = /^\{\w+\}/.exec(message.slice(i));

        if (simple) {
            out += simple[0];
            i += simple[0].length;
            continue;
        }

        const head = /^\{\w+,\s*plural,\s*/.exec(message.slice(i));

        out += head[0];
        i += head[0].length;

        /* form{message} ... } */

        const said = {};

        for (;;) {
            const form = /^\s*(=?\w+)\s*\{/.exec(message.slice(i));

            if (!form) {
                break;
            }

            let depth = 1, j = i + form[0].length;

            for (; depth > 0; j++) {
                depth += (message[j] === '{') - (message[j] === '}');
            }

            const inner = message.slice(i + form[0].length, j - 1);

            said[form[1]] = outside(inner, change, forms);
            out += form[0] + said[form[1]] + '}';
            i = j;
        }

        if (Object.keys(said).some((f) => f !== 'other' && f[0] !== '=')) {
            out += forms.filter((f) => !(f in said))
                        .map((f) => ` ${f}{${said.other}}`).join('');
        }

        const end = /^\s*\}/.exec(message.slice(i));

        out += end[0];
        i += end[0].length;
    }

    flush();
    return out;
}

function make(po, code, change) {
    const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;

    return po.replace(/^(msgid "[^"]+"\n)msgstr ((?:".*"\n?)+)/gm,
        (_, id, quoted) => {
            const text = JSON.parse(`"${[ ...quoted.matchAll(/"(.*)"/g) ]
                                            .map((m) => m[1]).join('')}"`);

            return `${id}msgstr ${JSON.stringify(outside(text, change, forms))}\n`;
        }).replace('Language: en', `Language: ${code}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [ , , html, dir ] = process.argv;
    const en = readFileSync(`${html}/i18n/en.po`, 'utf8');

    cpSync(html, dir, { recursive: true });
    writeFileSync(`${dir}/i18n/fi.po`, make(en, 'fi', longer));
    writeFileSync(`${dir}/i18n/he.po`, make(en, 'he', rightToLeft));
}
