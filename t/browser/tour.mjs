/*
 * Every page there is, and the way to it.  The tests walk it asking the same
 * questions everywhere; scripts/screens walks it taking pictures.
 *
 * Each stop: its name, whether staff see it, the status it answers with, and
 * go(page, world, lang), which ends on the page.
 */

import { errands } from './errands.mjs';
import { is, status } from './kit.mjs';

export const DAMAGED = {
    tr: 'Ayar halkası çatlak geldi, dönmüyor.',
    en: 'The adjusting ring arrived cracked and does not turn.',
};

export const DECLINED = {
    tr: 'Fotoğraflarda ürünün kullanıldığı görülüyor; kullanılmış kahveyi '
        + 'geri alamıyoruz.',
    en: 'The photos show that the bag was opened; we cannot take opened '
        + 'coffee back.',
};

export const QUESTION = {
    tr: 'Kutunun ve ürünün birer fotoğrafını gönderir misiniz?',
    en: 'Could you send us a photo of the box and one of the item?',
};

export const ANSWERED = {
    tr: 'Merhaba, kutuyu da değirmeni de fotoğrafladım; ikisini de ekliyorum.',
    en: 'Hello, I took photos of the box and of the grinder; both are here.',
};

/* what came is counted, inspected and paid for, or sent anew */
const SETTLED = [ [ 'receive', {} ], [ 'confirm', { reference: 'EFT-20418' } ] ];

export const press = (page, selector) => Promise.all([
    page.waitForEvent('domcontentloaded'),
    page.locator(selector).click(),
]);

export async function toItems(page, world, lang, order = null) {
    order ??= (await world.order({ lang })).number;
    await page.goto(await world.link('order', { order }, lang));
    return order;
}

export async function toDetails(page, world, lang, order = null) {
    order = await toItems(page, world, lang, order);
    await page.locator('#q-0').check();
    await page.locator('#u-0').selectOption('2');
    await page.locator('#q-1').check();
    await press(page, 'main form .btn');
    return order;
}

/* what no parcel has yet, and was ordered just now */
async function toCancel(page, world, lang) {
    await page.goto(`${await world.link('order', { order: 'KG-1010' },
                                        lang)}/cancel`);
}

/* who was given it sends one of it back, for credit */
async function toGift(page, world, lang) {
    const { number } = await world.order({ lang });

    await page.goto(await world.link('gift', { order: number }, lang));
    await page.locator('#q-0').check();
    await press(page, 'main form .btn');
    await page.locator('#r-0').selectOption('changed_mind');
    await page.locator('input[name="o.0"][value="store_credit"]').check();
    return number;
}

export const GIVEN = {
    tr: { name: 'Deniz Sarıgül', email: 'deniz@example.com' },
    en: { name: 'Robin Fairweather', email: 'robin@example.com' },
};

async function sayWho(page, lang) {
    const who = GIVEN[lang] ?? GIVEN.en;

    await page.locator('#g-name').fill(who.name);
    await page.locator('#g-email').fill(who.email);
}

async function giftMade(world, lang) {
    const { number } = await world.order({ lang });

    return (await world.api('POST', '/rmas', { order: number, locale: lang,
        gift: true, recipient: GIVEN[lang] ?? GIVEN.en, lines: [
            { line: '1', quantity: 1, reason: 'changed_mind' } ] })).rma;
}

/* something is wrong with what came */
export async function toClaim(page, world, lang, order = null) {
    await toItems(page, world, lang, order);
    await page.locator('a[href$="?k=1"]').click();
}

/* the first line for the first variant that there is of it */
export async function anotherVariant(page) {
    if (await page.locator('details.swap[open]').count() === 0) {
        await page.locator('details.swap summary').first().click();
    }

    await page.locator('details.swap input:not([disabled])').first().check();
}

/* one line for another variant, one for its money */
export async function toReview(page, world, lang, order = null) {
    order = await toDetails(page, world, lang, order);
    await page.locator('#r-0').selectOption('wrong_grind');
    await anotherVariant(page);
    await page.locator('#r-1').selectOption('changed_mind');
    await page.locator('input[name="o.1"][value="refund"]').check();
    await press(page, 'main form .btn:not(.plain)');
    return order;
}

/* to the second step */
export async function toWithdrawal(page, world, lang,
        { number = 'KG-404', email = 'can@example.com' } = {})
{
    await page.goto(`${world.url}/${lang}/returns/withdraw`);
    await page.locator('#name').fill('Can Demir');
    await page.locator('#contract').fill(number);
    await page.locator('#email').fill(email);
    await page.locator('input[value="part"]').check();
    await page.locator('#words').fill('2 x Etiyopya Yirgacheffe\nDemlik');
    await press(page, 'main form .btn');
}

async function track(page, world, lang, order) {
    await page.goto(await world.link('track', { order }, lang));
}

export async function rmaPage(page, world, lang, rma) {
    await page.goto(await world.link('rma', { rma: rma.id }, lang));
}

/* the first line by one of the ways that the shop offers */
export async function byWay(page, world, lang, way) {
    await toItems(page, world, lang);
    await page.locator('#q-2').check();
    await press(page, 'main form .btn');
    await page.locator('#r-2').selectOption('changed_mind');
    await page.locator('input[name="o.2"][value="refund"]').check();
    await page.locator(`input[value="${way}"]`).check();
    await press(page, 'main form .btn:not(.plain)');
    await press(page, 'main form .btn:not(.quiet):not(.plain)');
}

/* asked, and answered with two photos */
export async function conversation(page, world, lang) {
    const rma = await world.rma({ lang, reason: 'damaged',
                                  note: DAMAGED[lang] ?? DAMAGED.en,
                                  line: '2' });
    const photo = async (name) => ({
        name, mimeType: 'image/png',
        buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 300,
                                                height: 200 } }),
    });

    await world.act(rma, 'request-info',
                    { reason: QUESTION[lang] ?? QUESTION.en });
    await rmaPage(page, world, lang, rma);
    await page.locator('#message').fill(ANSWERED[lang] ?? ANSWERED.en);
    await page.locator('#photos').setInputFiles([ await photo('1.png'),
                                                  await photo('2.png') ]);
    await press(page, '#talk form .btn:not(.small)');
    return rma;
}

const tracked = {
    'delivered': 'KG-1001', 'out for delivery': 'KG-1002',
    'in transit': 'KG-1003', 'ready for pickup': 'KG-1004',
    'attempt failed': 'KG-1005', 'three parcels': 'KG-1008',
    'label created': 'KG-1009', 'no parcel yet': 'KG-1010',
    'delayed': 'KG-1012', 'returning': 'KG-1034', 'long ago': 'KG-1031',
    'usps': 'KG-1016',
};

export const stops = [
    { name: 'find', go: (p, w, l) => p.goto(`${w.url}/${l}/returns/`) },

    { name: 'find, nothing filled in', status: 422, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/returns/`);
        await p.locator('#number').fill(' ');
        await p.locator('#proof').fill(' ');
        await press(p, 'main form .btn');
    } },

    { name: 'find, not found', status: 404, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/returns/`);
        await p.locator('#number').fill(`KG-9${w.run}`);
        await p.locator('#proof').fill('nobody@example.com');
        await press(p, 'main form .btn');
    } },

    { name: 'items', go: (p, w, l) => toItems(p, w, l) },
    { name: 'items, twelve', go: (p, w, l) => toItems(p, w, l, 'KG-1020') },
    { name: 'items, final sale', go: (p, w, l) => toItems(p, w, l, 'KG-1007') },
    { name: 'items, none', go: (p, w, l) => toItems(p, w, l, 'KG-1031') },
    { name: 'items, on the way', go: (p, w, l) => toItems(p, w, l, 'KG-1003') },

    { name: 'items, none chosen', status: 422, async go(p, w, l) {
        await toItems(p, w, l);
        await press(p, 'main form .btn');
    } },

    { name: 'items, a second return', async go(p, w, l) {
        const { number } = await w.order({ lang: l });

        await w.rma({ order: number, line: '2' });
        await toItems(p, w, l, number);
    } },

    { name: 'details', async go(p, w, l) {
        await toItems(p, w, l);

        for (const q of await p.locator('[id^="q-"]').all()) {
            await q.check();
        }

        await press(p, 'main form .btn');
    } },

    { name: 'details, not said why', status: 422, async go(p, w, l) {
        await toDetails(p, w, l);

        /* the browser would not send it; one without script may */

        await p.evaluate(() => document.querySelectorAll('[required]')
                                   .forEach((e) => { e.required = false; }));
        await p.locator('#r-1').selectOption('other');
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'claim, choose items', go: toClaim },

    { name: 'claim, what happened', async go(p, w, l) {
        await toClaim(p, w, l);
        await p.locator('#q-1').check();
        await press(p, 'main form .btn');
    } },

    { name: 'claim, photos kept', status: 422, async go(p, w, l) {
        await toClaim(p, w, l);
        await p.locator('#q-1').check();
        await press(p, 'main form .btn');
        await p.evaluate(() => document.querySelectorAll('[required]')
                                   .forEach((e) => { e.required = false; }));
        await p.locator('#r-1').selectOption('damaged');
        await p.locator('#p-1').setInputFiles({ name: 'foto.png',
            mimeType: 'image/png', buffer: await p.screenshot() });
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'claim, to be sent', async go(p, w, l) {
        await toClaim(p, w, l);
        await p.locator('#q-1').check();
        await press(p, 'main form .btn');
        await p.locator('#r-1').selectOption('damaged');
        await p.locator('#n-1').fill(DAMAGED[l] ?? DAMAGED.en);
        await p.locator('#p-1').setInputFiles({ name: 'foto.png',
            mimeType: 'image/png', buffer: await p.screenshot() });
        await p.locator('input[name="o.1"]').first().check();
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'claim, not received though delivered', async go(p, w, l) {
        await p.goto(`${await w.link('order', { order: 'KG-1001' }, l)}`
                     + '/missing');
    } },

    { name: 'claim, not received', async go(p, w, l) {
        const { number } = await w.order({ lang: l });

        await p.goto(`${await w.link('order', { order: number }, l)}/missing`);
    } },

    { name: 'details, some for something else', async go(p, w, l) {
        await toDetails(p, w, l);
        await p.locator('details:has(#s-0) summary').click();
        await p.locator('#s-0').fill('1');
    } },

    { name: 'review', go: toReview },

    { name: 'cancel, choose', go: toCancel },

    { name: 'cancel, review', async go(p, w, l) {
        await toCancel(p, w, l);
        await p.locator('#q-0').check();
        await p.locator('#reason').selectOption('too_slow');
        await press(p, 'main form .btn');
    } },

    { name: 'gift, items', async go(p, w, l) {
        const { number } = await w.order({ lang: l });

        await p.goto(await w.link('gift', { order: number }, l));
    } },

    { name: 'gift, details', go: toGift },

    { name: 'gift, not said who', status: 422, async go(p, w, l) {
        await toGift(p, w, l);
        await p.evaluate(() => {
            document.querySelector('main form').noValidate = true;
        });
        await p.locator('#g-email').fill('deniz(at)example.com');
        await anotherVariant(p);
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'gift, review', async go(p, w, l) {
        await toGift(p, w, l);
        await sayWho(p, l);
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'gift, made', async go(p, w, l) {
        await rmaPage(p, w, l, await giftMade(w, l));
    } },

    { name: 'gift, card ready', async go(p, w, l) {
        const rma = await giftMade(w, l);

        await w.act(rma, 'receive', {});
        await w.act(rma, 'confirm', { reference: 'HC-7K3M-20418' });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, exchange first', async go(p, w, l) {
        await toReview(p, w, l);
        await p.locator('input[name="i"][value="1"]').check();
        await press(p, 'main form .btn:not(.quiet):not(.plain)');
    } },

    { name: 'return, just made', async go(p, w, l) {
        await toReview(p, w, l);
        await press(p, 'main form .btn:not(.quiet):not(.plain)');
    } },

    { name: 'return, approved', async go(p, w, l) {
        await rmaPage(p, w, l, await w.rma({ lang: l }));
    } },

    { name: 'return, waiting for staff', async go(p, w, l) {
        await rmaPage(p, w, l, await w.rma({
            lang: l, reason: 'damaged', note: DAMAGED[l] ?? DAMAGED.en, line: '2' }));
    } },

    { name: 'return, declined', async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en });

        await w.act(rma, 'decline', { reason: DECLINED[l] ?? DECLINED.en });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, asked', async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en });

        await w.act(rma, 'request-info', { reason: QUESTION[l] ?? QUESTION.en });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, parcel named', async go(p, w, l) {
        await rmaPage(p, w, l, await w.rma({ lang: l }));
        await p.locator('#send-it summary').click();
        await p.locator('#send-carrier').selectOption('yurtici');
        await p.locator('#send-number').fill(`44${Date.now()}`);
        await press(p, '#send-it .btn');
    } },

    { name: 'return, parcel named wrongly', status: 422, async go(p, w, l) {
        await rmaPage(p, w, l, await w.rma({ lang: l }));
        await p.locator('#send-it summary').click();
        await p.locator('#send-carrier').selectOption('yurtici');
        await p.locator('#send-number').fill('?');
        await press(p, '#send-it .btn');
    } },

    { name: 'return, cancelled', async go(p, w, l) {
        await rmaPage(p, w, l, await w.rma({ lang: l }));
        await p.locator('details summary').last().click();
        await press(p, '.btn.danger');
    } },

    ...Object.entries({ 'a code for a phone': 'qr',
                        'a carrier\'s code': 'carrier_code',
                        'own carrier': 'own_carrier',
                        'in store': 'in_store' }).map(([ name, way ]) => ({
        name: `return, ${name}`, go: (p, w, l) => byWay(p, w, l, way) })),

    { name: 'return, written about', go: conversation },

    { name: 'return, paid', async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        for (const [ verb, body ] of SETTLED) {
            await w.act(rma, verb, body);
        }

        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, judged', async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        for (const [ verb, body ] of SETTLED) {
            await w.act(rma, verb, body);
        }

        await rmaPage(p, w, l, rma);
        await press(p, '.score >> nth=4');
    } },

    { name: 'talk, nothing written', status: 422, async go(p, w, l) {
        const { number } = await w.order({ lang: l });

        await p.goto(`${await w.link('order', { order: number }, l)}/talk`);
        await press(p, '#talk form .btn');
    } },

    { name: 'label', async go(p, w, l) {
        const url = await w.link('rma', { rma: (await w.rma({ lang: l })).id },
                                 l);

        await p.goto(`${url}/label.html`);
    } },

    { name: 'label, inches', async go(p, w, l) {
        const url = await w.link('rma', { rma: (await w.rma({ lang: l })).id },
                                 l);

        await p.goto(`${url}/label.html?size=4x6`);
    } },

    ...[ [ 'slip', 'slip.html' ],
         [ 'code for a phone', 'qr.html' ] ].map(([ name, file ]) => ({
        name: `label, ${name}`, async go(p, w, l) {
            const url = await w.link('rma',
                { rma: (await w.rma({ lang: l })).id }, l);

            await p.goto(`${url}/${file}`);
        } })),

    { name: 'track', go: (p, w, l) => p.goto(`${w.url}/${l}/track/`) },

    { name: 'track, nothing filled in', status: 422, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/track/`);
        await press(p, 'main form .btn >> nth=0');
    } },

    { name: 'track, not found', status: 404, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/track/`);
        await p.locator('#number').fill('1Z9999999999999999');
        await press(p, 'main form .btn >> nth=1');
    } },

    ...Object.entries(tracked).map(([ name, order ]) => ({
        name: `track, ${name}`, go: (p, w, l) => track(p, w, l, order) })),

    { name: 'track, a score from a letter', async go(p, w, l) {
        await p.goto(`${await w.link('track', { order: 'KG-1001' }, l)}`
                     + '?score=4');
    } },

    { name: 'track, by number only', async go(p, w, l) {
        const order = await w.api('GET', '/orders/KG-1004');

        await p.goto(`${w.url}/${l}/track/`);
        await p.locator('#number').fill(order.shipments[0].number);
        await press(p, 'main form .btn >> nth=1');
    } },

    { name: 'desk', staff: true,
      go: (p, w, l) => p.goto(`${w.url}/${l}/staff/`) },

    { name: 'desk, found', staff: true,
      go: (p, w, l) => p.goto(`${w.url}/${l}/staff/?q=KG-1022`) },

    { name: 'desk, nothing found', staff: true,
      go: (p, w, l) => p.goto(`${w.url}/${l}/staff/?q=NOTHING`) },

    { name: 'desk, a queue', staff: true,
      go: (p, w, l) => p.goto(`${w.url}/${l}/staff/?queue=decide`) },

    { name: 'desk, receiving', staff: true,
      go: (p, w, l) => p.goto(`${w.url}/${l}/staff/receive`) },

    { name: 'desk, a forged label', staff: true, status: 422,
      async go(p, w, l) {
        await p.goto(`${w.url}/${l}/staff/receive`);
        await p.locator('#scan').fill('v4.public.AAAA');
        await press(p, '.scan-form .btn');
    } },

    { name: 'desk, counting', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
        await p.locator('input[value="approve"]').check();
        await press(p, 'main form#decide .btn');
        await p.goto(`${w.url}/${l}/staff/receive/${rma.id}`);
    } },

    { name: 'desk, to decide', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, a gift return', staff: true, async go(p, w, l) {
        await p.goto(w.in(l, `${w.url}/staff/rma/${(await giftMade(w, l)).id}`));
    } },

    { name: 'desk, some of a line', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged', quantity: 2,
                                  note: DAMAGED[l] ?? DAMAGED.en });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, a dearer exchange', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, outcome: 'exchange',
                                  exchange_sku: 'ETH-YIRG-1000-CEK' });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, another one\'s parcel', staff: true, status: 409,
      async go(p, w, l) {
        const [ one, other ] = [ await w.rma({ lang: l }),
                                 await w.rma({ lang: l }) ];
        const number = `9${Date.now()}`;

        await w.act(other, 'parcel', { carrier: 'yurtici', number });
        await p.goto(`${w.url}/${l}/staff/rma/${one.id}`);
        await p.locator('#send-it summary').click();
        await p.locator('#send-carrier').selectOption('yurtici');
        await p.locator('#send-number').fill(number);
        await press(p, '#send-it .btn');
    } },

    { name: 'desk, an order\'s messages', staff: true, async go(p, w, l) {
        const { number } = await w.order({ lang: l });

        await w.rma({ lang: l, order: number });
        await w.api('POST', `/orders/${number}/message`,
                    { text: '…', from: 'shopper', channel: 'email' });
        await p.goto(`${w.url}/${l}/staff/messages/`
                     + number.replaceAll('-', ''));
    } },

    { name: 'messages, of an order with a return', async go(p, w, l) {
        const { number } = await w.order({ lang: l });

        await w.rma({ lang: l, order: number });
        await p.goto(`${await w.link('order', { order: number }, l)}/talk`);
    } },

    { name: 'desk, declined without a reason', staff: true, status: 422,
      async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
        await p.locator('input[value="decline"]').check();
        await press(p, 'main form#decide .btn');
    } },

    { name: 'desk, decided', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
        await p.locator('input[value="approve"]').check();
        await press(p, 'main form#decide .btn');
    } },

    { name: 'desk, conflict', staff: true, status: 409, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
        await w.act(rma, 'approve');
        await p.locator('input[value="decline"]').check();
        await p.locator('#reason').fill(DECLINED[l] ?? DECLINED.en);
        await press(p, 'main form#decide .btn');
    } },

    { name: 'desk, a conversation', staff: true, async go(p, w, l) {
        const rma = await conversation(p, w, l);

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, settled', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        for (const [ verb, body ] of SETTLED) {
            await w.act(rma, verb, body);
        }

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, only to look', staff: 'reader', async go(p, w, l) {
        const rma = await conversation(p, w, l);

        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, to inspect', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await w.act(rma, 'receive', {});
        await p.goto(`${w.url}/${l}/staff/rma/${rma.id}`);
    } },

    { name: 'desk, surveys', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en });

        await w.act(rma, 'decline', { reason: DECLINED[l] ?? DECLINED.en });
        await p.goto(await w.link('rma', { rma: rma.id }, l));
        await press(p, '#survey .score >> nth=1');
        await p.locator('#survey-comment').fill(ANSWERED[l] ?? ANSWERED.en);
        await press(p, '#survey .btn');
        await p.goto(`${w.url}/${l}/staff/surveys`);
    } },

    { name: 'desk, messages', staff: true, async go(p, w, l) {
        await conversation(p, w, l);
        await p.goto(`${w.url}/${l}/staff/messages`);
    } },

    { name: 'desk, many at once', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/?q=${rma.order_number}`);
        await p.locator('tbody .box').check();
        await press(p, '.bulk .btn >> nth=0');
    } },

    { name: 'desk, many without a reason', staff: true, status: 422,
      async go(p, w, l) {
        const rma = await w.rma({ lang: l, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en, line: '2' });

        await p.goto(`${w.url}/${l}/staff/?q=${rma.order_number}`);
        await p.locator('tbody .box').check();
        await press(p, '.bulk .btn >> nth=1');
    } },

    { name: 'desk, feeds', staff: true, async go(p, w, l) {
        await w.misunderstood();
        await p.goto(`${w.url}/${l}/staff/feeds`);
    } },

    { name: 'withdraw, form',
      go: (p, w, l) => p.goto(`${w.url}/${l}/returns/withdraw`) },

    { name: 'withdraw, filled in', async go(p, w, l) {
        await p.goto((await w.api('POST', '/links', { purpose: 'withdrawal',
            order: 'KG-1001', language: l })).url);
    } },

    { name: 'withdraw, faults', status: 422, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/returns/withdraw`);
        await p.locator('form.card').evaluate((f) => { f.noValidate = true; });
        await p.locator('input[value="part"]').check();
        await press(p, 'main form .btn');
    } },

    { name: 'withdraw, review', async go(p, w, l) {
        await toWithdrawal(p, w, l);
    } },

    { name: 'withdraw, receipt', async go(p, w, l) {
        await toWithdrawal(p, w, l);
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'receipt, nothing brought', status: 422, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/returns/receipt`);
        await press(p, 'main form .btn');
    } },

    { name: 'receipt, forged', async go(p, w, l) {
        await p.goto(`${w.url}/${l}/returns/receipt`);
        await p.locator('#receipt').fill('v4.public.AAAA');
        await press(p, 'main form .btn');
    } },

    { name: 'desk, withdrawals', staff: true, async go(p, w, l) {
        await toWithdrawal(p, w, l);
        await press(p, 'main form .btn:not(.plain)');
        await p.goto(`${w.url}/${l}/staff/withdrawals`);
    } },

    { name: 'error, no such page', status: 404,
      go: (p, w, l) => p.goto(`${w.url}/${l}/returns/nowhere`) },

    { name: 'error, altered link', status: 404, async go(p, w, l) {
        const url = await w.link('track', { order: 'KG-1001' }, l);

        await p.goto(url.replace(/.{9}$/, (s) => 'AAAA' + s.slice(4)));
    } },

    { name: 'error, another purpose', status: 404, async go(p, w, l) {
        const url = await w.link('track', { order: 'KG-1001' }, l);

        await p.goto(url.replace('/track/t/', '/returns/o/'));
    } },

    { name: 'error, too large', status: 413, async go(p, w, l) {
        await p.goto(`${w.url}/${l}/returns/`);
        await p.evaluate(() => document.querySelectorAll('[maxlength]')
                            .forEach((e) => e.removeAttribute('maxlength')));
        await p.locator('#number').fill('x'.repeat(70000));
        await p.locator('#proof').fill('a@example.com');
        await press(p, 'main form .btn');
    } },

    ...errands,
];

export async function visit(page, world, lang, stop) {
    await stop.go(page, world, lang);
    is(status(page), stop.status ?? 200, `status of "${stop.name}"`);
}
