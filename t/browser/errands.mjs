/*
 * More stops of the tour: pages that are only there when somebody has done
 * several things before, or when something went wrong.
 */

import { anotherVariant, ANSWERED, conversation, DAMAGED, press, rmaPage,
         toClaim, toDetails, toItems, toWithdrawal } from './tour.mjs';

const LONG = 20000;                 /* characters that no address may have */
const MESSAGES = 100;               /* more than one order may write at once */
const COOKIES = 10;                 /* of 4 kB: more than nginx reads      */

const ON_ITS_WAY = 'Kargo Yüklendi';
const ARRIVED = 'Kargo teslim edilmiştir';

const TAKEN_OFF = {
    tr: 'Ölçek kapağı açılmış, paket eksik.',
    en: 'The seal was broken and part of the coffee is gone.',
};

const number = () => `44${Date.now()}${Math.floor(Math.random() * 900 + 100)}`;

/* a return whose parcel the carrier has scanned */
async function sent(world, lang, text, what = {}) {
    const rma = await world.rma({ lang, ...what });
    const parcel = number();

    await world.act(rma, 'parcel', { carrier: 'yurtici', number: parcel });
    await world.scan(parcel, text);
    return rma;
}

/* an exchange for what costs 20.00 more */
async function dearer(world, lang) {
    const { number: order } = await world.order({ lang,
                                                  lines: { 'V60-01': 1 } });

    return world.rma({ order, outcome: 'exchange', exchange_sku: 'V60-02' });
}

const receive = (world, rma, line) => world.act(rma, 'receive',
    { lines: [ { line: '1', ...line } ] });

const desk = (page, world, lang, rma) =>
    page.goto(`${world.url}/${lang}/staff/rma/${rma.id}`);

async function scanned(page, world, lang, what) {
    await page.goto(`${world.url}/${lang}/staff/receive`);
    await page.locator('#scan').fill(what);
    await press(page, '.scan-form .btn');
}

/* a genuine receipt, its text and its file: one in each language, since a shop
   takes only so many withdrawals a minute */
const receipts = new Map();

async function withdraw(page, world, lang) {
    await toWithdrawal(page, world, lang);
    await press(page, 'main form .btn:not(.plain)');

    const text = await page.locator('.token code').innerText();
    const url = await page.locator('a[download]').getAttribute('href');
    const file = await page.request.get(new URL(url, page.url()).href);

    return { text, file: await file.body() };
}

function receipt(page, world, lang) {
    if (!receipts.has(lang)) {
        receipts.set(lang, withdraw(page, world, lang));
    }

    return receipts.get(lang);
}

/* what was ordered today and no parcel has yet */
async function toCancel(page, world, lang) {
    const { number: order } = await world.order({ lang, days: 0 });

    await page.goto(`${await world.link('order', { order }, lang)}/cancel`);
}

/* who was given the goods, by the link on the gift's receipt */
async function toGift(page, world, lang) {
    const { number: order } = await world.order({ lang });

    await page.goto(await world.link('gift', { order }, lang));
}

async function toReceiver(page, world, lang) {
    await toGift(page, world, lang);
    await page.locator('#q-0').check();
    await press(page, 'main form .btn');
}

async function toGiftReview(page, world, lang) {
    await toReceiver(page, world, lang);
    await page.locator('#r-0').selectOption('changed_mind');
    await page.locator('input[name="o.0"]').first().check();
    await page.locator('#g-name').fill('Zeynep Işık');
    await page.locator('#g-email').fill('zeynep@example.com');
    await press(page, 'main form .btn:not(.plain)');
}

export const errands = [
    { name: 'claim, nothing left to choose', async go(p, w, l) {
        const { number: order } = await w.order({ lang: l,
                                                  lines: { 'V60-02': 1 } });

        await w.rma({ lang: l, order, reason: 'damaged',
                      note: DAMAGED[l] ?? DAMAGED.en });
        await toClaim(p, w, l, order);
    } },

    { name: 'details, turned into a claim', async go(p, w, l) {
        await toDetails(p, w, l);
        await p.evaluate(() => document.querySelectorAll('[required]')
                                   .forEach((e) => { e.required = false; }));
        await p.locator('#r-0').selectOption('damaged');
        await p.locator('#r-1').selectOption('changed_mind');
        await p.locator('input[name="o.1"][value="refund"]').check();
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'review, some for something else', async go(p, w, l) {
        await toDetails(p, w, l);
        await p.locator('#r-0').selectOption('wrong_grind');
        await anotherVariant(p);
        await p.locator('details:has(#s-0) summary').click();
        await p.locator('#s-0').fill('1');
        await p.locator('#x-0').selectOption('refund');
        await p.locator('#r-1').selectOption('changed_mind');
        await p.locator('input[name="o.1"][value="refund"]').check();
        await press(p, 'main form .btn:not(.plain)');
    } },

    { name: 'return, on its way', async go(p, w, l) {
        await rmaPage(p, w, l, await sent(w, l, ON_ITS_WAY));
    } },

    { name: 'return, at the door', async go(p, w, l) {
        await rmaPage(p, w, l, await sent(w, l, ARRIVED));
    } },

    { name: 'track, a return parcel', async go(p, w, l) {
        const rma = await sent(w, l, ON_ITS_WAY);

        await p.goto(await w.link('track', { order: rma.order_number }, l));
    } },

    { name: 'return, some of it came', async go(p, w, l) {
        const rma = await w.rma({ lang: l, quantity: 2 });

        await receive(w, rma, { count: 1 });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, nothing came', async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await receive(w, rma, { count: 0, no_more: true });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, a difference to pay', async go(p, w, l) {
        await rmaPage(p, w, l, await dearer(w, l));
    } },

    { name: 'return, some of the difference paid', async go(p, w, l) {
        const rma = await dearer(w, l);

        await w.act(rma, 'paid', { amount: 500, reference: 'POS-7731' });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, the difference paid', async go(p, w, l) {
        const rma = await dearer(w, l);

        await w.act(rma, 'paid', { reference: 'POS-7732' });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, cancelled after it was paid', async go(p, w, l) {
        const rma = await dearer(w, l);

        await w.act(rma, 'paid', { reference: 'POS-7733' });
        await w.act(rma, 'cancel', {});
        await rmaPage(p, w, l, rma);
    } },

    { name: 'cancel, nothing chosen', status: 422, async go(p, w, l) {
        await toCancel(p, w, l);
        await press(p, 'main form .btn');
    } },

    { name: 'cancel, asked for', async go(p, w, l) {
        await toCancel(p, w, l);
        await p.locator('main input[type=checkbox]').first().check();
        await press(p, 'main form .btn');
        await press(p, 'main form .btn.danger');
    } },

    { name: 'return, not paid', async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await w.act(rma, 'receive', {});
        await w.act(rma, 'fail', { reason: '…' });
        await rmaPage(p, w, l, rma);
    } },

    { name: 'return, judged in words, then otherwise', async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await w.act(rma, 'receive', {});
        await w.act(rma, 'confirm', { reference: 'EFT-20419' });
        await rmaPage(p, w, l, rma);
        await press(p, '.score >> nth=6');
        await p.locator('.survey textarea').fill(ANSWERED[l] ?? ANSWERED.en);
        await press(p, '.survey form .btn');
        await press(p, '.score >> nth=2');
    } },

    { name: 'talk, written too often', status: 429, async go(p, w, l) {
        const { number: order } = await w.order({ lang: l });

        await p.goto(`${await w.link('order', { order }, l)}/talk`);

        const { action, key } = await p.locator('#talk form').evaluate((f) => ({
            action: f.action, key: f.elements.key.value }));

        /* one message, sent again and again, is taken once and counts each time */

        for (let i = 0, said = 0; i < MESSAGES && said !== 429; i++) {
            said = (await p.request.post(action, { maxRedirects: 0, multipart: {
                key, message: ANSWERED[l] ?? ANSWERED.en } })).status();
        }

        await p.locator('#message').fill(ANSWERED[l] ?? ANSWERED.en);
        await press(p, '#talk form .btn');
    } },

    { name: 'desk, to pay back', staff: true, async go(p, w, l) {
        const rma = await dearer(w, l);

        await w.act(rma, 'paid', { reference: 'POS-7734' });
        await w.act(rma, 'cancel', {});
        await desk(p, w, l, rma);
    } },

    { name: 'desk, a parcel to vouch for', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await rmaPage(p, w, l, rma);
        await p.locator('#send-it summary').click();
        await p.locator('#send-carrier').selectOption('yurtici');
        await p.locator('#send-number').fill(number());
        await press(p, '#send-it .btn');
        await desk(p, w, l, rma);
    } },

    { name: 'desk, a parcel added', staff: true, async go(p, w, l) {
        await desk(p, w, l, await w.rma({ lang: l }));
        await p.locator('#send-it summary').click();
        await p.locator('#send-carrier').selectOption('yurtici');
        await p.locator('#send-number').fill(number());
        await press(p, '#send-it .btn');
    } },

    { name: 'desk, a conversation closed', staff: true, async go(p, w, l) {
        await desk(p, w, l, await conversation(p, w, l));
        await press(p, '#talk form[action*="close"] .btn');
    } },

    { name: 'desk, a note of its own', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await w.act(rma, 'note', { text: TAKEN_OFF[l] ?? TAKEN_OFF.en });
        await desk(p, w, l, rma);
    } },

    { name: 'desk, an erased person', staff: true, async go(p, w, l) {
        const { number: order } = await w.order({ lang: l });
        const rma = await w.rma({ lang: l, order, reason: 'damaged',
                                  note: DAMAGED[l] ?? DAMAGED.en });

        await w.act(rma, 'decline', { reason: '…' });
        w.erase(order);
        await desk(p, w, l, rma);
    } },

    { name: 'desk, nothing of that kind', staff: true,
      go: (p, w, l) => p.goto(`${w.url}/${l}/staff/?status=expired`) },

    { name: 'desk, which one came', staff: true, async go(p, w, l) {
        const { number: order } = await w.order({ lang: l });

        await w.rma({ lang: l, order });
        await w.rma({ lang: l, order, line: '3' });
        await scanned(p, w, l, order);
    } },

    { name: 'desk, a box of a cancelled return', staff: true, status: 422,
      async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await w.act(rma, 'cancel', {});
        await scanned(p, w, l, rma.id);
    } },

    { name: 'desk, counted', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await scanned(p, w, l, rma.id);
        await p.locator('[name="n.0"]').fill('1');
        await press(p, '.receive-form button[accesskey="k"]');
    } },

    { name: 'desk, in several conditions', staff: true, async go(p, w, l) {
        const rma = await w.rma({ lang: l, quantity: 2 });

        await w.act(rma, 'receive', {});
        await p.goto(`${w.url}/${l}/staff/receive/${rma.id}`);

        for (const e of await p.locator('.receive-form summary').all()) {
            await e.click();
        }
    } },

    { name: 'desk, many at once, not all done', staff: true,
      async go(p, w, l) {
        const rma = await w.rma({ lang: l });

        await p.goto(`${w.url}/${l}/staff/?q=${rma.order_number}`);
        await p.locator('tbody .box').check();
        await press(p, '.bulk .btn >> nth=0');
    } },

    { name: 'desk, a withdrawal matched', staff: true, async go(p, w, l) {
        await toWithdrawal(p, w, l, await w.order({ lang: l }));
        await press(p, 'main form .btn:not(.plain)');
        await p.goto(`${w.url}/${l}/staff/withdrawals`);
    } },

    { name: 'receipt, genuine', async go(p, w, l) {
        const { text } = await receipt(p, w, l);

        await p.goto(`${w.url}/${l}/returns/receipt`);
        await p.locator('#receipt').fill(text);
        await press(p, 'main form .btn');
    } },

    { name: 'receipt, whole', async go(p, w, l) {
        const { file } = await receipt(p, w, l);

        await p.goto(`${w.url}/${l}/returns/receipt`);
        await p.locator('input[type="file"]').setInputFiles({
            name: 'W.json', mimeType: 'application/json', buffer: file });
        await press(p, 'main form .btn');
    } },

    { name: 'receipt, altered', async go(p, w, l) {
        const { file } = await receipt(p, w, l);

        await p.goto(`${w.url}/${l}/returns/receipt`);
        await p.locator('#receipt').fill(file.toString('utf8')
                                             .replaceAll('Demir', 'Demira'));
        await press(p, 'main form .btn');
    } },

    { name: 'gift, sent', async go(p, w, l) {
        await toGiftReview(p, w, l);
        await press(p, 'main form .btn:not(.quiet):not(.plain)');
    } },

    /* what nginx itself refuses, before any page is asked */

    { name: 'error, an address too long', status: 414,
      go: (p, w, l) => p.goto(`${w.url}/${l}/returns/${'x'.repeat(LONG)}`) },

    { name: 'error, a mangled address', status: 400,
      go: (p, w, l) => p.goto(`${w.url}/${l}/returns/%zz`) },

    { name: 'error, too many cookies', status: 431, async go(p, w, l) {
        await p.context().addCookies(w.languages.flatMap((lang) =>
            Array.from({ length: COOKIES }, (_, i) => ({
                name: `c${i}`, value: 'x'.repeat(4000),
                domain: new URL(w.url).hostname,
                path: `/${lang}/returns` }))));
        await p.goto(`${w.url}/${l}/returns/`);
    } },

    { name: 'error, asked for in another way', status: 405,
      async go(p, w, l) {
        await toItems(p, w, l);
        await p.evaluate(() => {
            const form = document.createElement('form');

            form.method = 'post';
            document.body.append(form);
            form.submit();
        });
        await p.waitForEvent('domcontentloaded');
    } },
];
