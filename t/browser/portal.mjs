/*
 * The shopper's way from the order's number to the RMA: by mouse and by
 * keyboard, with script and without, on a phone and on a desk, and all that can
 * be done wrong on the way.
 */

import { DESKTOP, PHONE, is, lawful, ok, status, tabTo, test, withPage }
    from './kit.mjs';
import { DAMAGED, anotherVariant, toReview } from './tour.mjs';

const rmaUrl = /\/returns\/r\/v4\./;

async function press(page, selector) {
    await Promise.all([ page.waitForEvent('domcontentloaded'),
                        page.locator(selector).click() ]);
}

async function one(world, order) {
    const rmas = await world.rmas(order);

    is(rmas.length, 1, `RMAs of ${order}`);
    return rmas[0];
}

/* the whole way by mouse or finger: 2 of a coffee exchanged, a grinder back */
async function byHand(page, world, lang) {
    const { number, email } = await world.order({ lang });

    await page.goto(`${world.url}/${lang}/returns/`);

    await page.locator('#number').fill(number);
    await page.locator('#proof').fill('somebody@example.com');
    await press(page, 'main form .btn');
    await lawful(page, lang, 404);
    is(await page.locator('#number').inputValue(), number, 'number kept');
    ok(await page.locator('.errors').isVisible(), 'told that it is not found');

    /* as people type it: small letters, blanks, capitals in the e-mail */

    await page.locator('#number').fill(` ${number.toLowerCase()} `);
    await page.locator('#proof').fill(` ${email.toUpperCase()}`);
    await press(page, 'main form .btn');
    await lawful(page, lang);
    ok(/\/returns\/o\/v4\./.test(page.url()), 'on the order\'s page');

    await page.locator('#q-0').check();
    await page.locator('#u-0').selectOption('2');
    await page.locator('#q-1').check();
    await press(page, 'main form .btn');
    await lawful(page, lang);
    is(await page.locator('section.card h2[id^="line-"]').count(), 2,
       'lines to say why for');

    await page.locator('#r-0').selectOption('wrong_grind');
    is(await page.locator('input[name="o.0"][disabled]').count(), 1,
       'variants that are sold out');
    await anotherVariant(page);
    await page.locator('#r-1').selectOption('damaged');
    await page.locator('input[name="o.1"][value="refund"]').check();
    await page.locator('#n-1').fill(DAMAGED[lang]);
    await press(page, 'main form .btn:not(.plain)');
    await lawful(page, lang);

    /* something was wrong with it: the same page asks for what a claim wants */

    ok(await page.locator('#turned').isVisible(), 'it asks for more');
    is(await page.locator('#n-1').inputValue(), DAMAGED[lang],
       'what was written is kept');
    await page.locator('#p-1').setInputFiles({ name: 'foto.png',
        mimeType: 'image/png', buffer: await page.screenshot() });
    await press(page, 'main form .btn:not(.plain)');
    await lawful(page, lang);
    is(await page.locator('main .photos img').count(), 1,
       'the photo is on the review');

    const text = await page.locator('main').innerText();

    ok(text.includes(DAMAGED[lang]), 'what was written is on the review');
    ok(/2[.,]890[.,]00/.test(text), 'the refund is on the review');

    await press(page, 'main form .btn:not(.quiet):not(.plain)');
    await lawful(page, lang);
    ok(rmaUrl.test(page.url()), 'on the RMA\'s page');

    const rma = await one(world, number);

    is(rma.lines[0].quantity, 2, 'quantity');
    is(rma.lines[0].outcome, 'exchange', 'outcome of the coffee');
    is(rma.lines[0].exchange_sku, 'ETH-YIRG-250-CEK', 'other variant');
    is(rma.lines[1].outcome, 'refund', 'outcome of the grinder');
    is(rma.lines[1].refund, 289000, 'refund of the grinder');
    is(rma.lines[1].decision, 'pending', 'damaged goods are looked at');
    ok((await page.locator('main').innerText()).includes(rma.id),
       'its number is on the page');
}

async function byKeyboard(page, world, lang) {
    const { number, email } = await world.order({ lang });
    const key = page.keyboard;
    const enter = () => Promise.all([ page.waitForEvent('domcontentloaded'),
                                      key.press('Enter') ]);

    await page.goto(`${world.url}/${lang}/returns/`);
    await tabTo(page, 'a.skip', 1);
    await key.press('Enter');
    await tabTo(page, '#number', 3);
    await key.type(number);
    await tabTo(page, '#proof');
    await key.type(email);
    await enter();

    await tabTo(page, '#q-0');
    await key.press('Space');
    await tabTo(page, '#u-0');
    await key.type('2');
    await tabTo(page, 'main form .btn');
    await enter();

    await tabTo(page, '#r-0');
    await key.press('ArrowDown');
    await tabTo(page, 'input[name="o.0"]');
    await key.press('Space');
    await tabTo(page, '#n-0');
    await key.type('iğne ş');
    await tabTo(page, 'main form .btn');
    await enter();

    await tabTo(page, 'main form .btn');
    await enter();
    await lawful(page, lang);
    ok(rmaUrl.test(page.url()), 'on the RMA\'s page');

    const rma = await one(world, number);

    is(rma.lines[0].quantity, 2, 'quantity');
    is(rma.lines[0].outcome, 'refund', 'outcome');
}

/* what nobody would call goods, and an order's number as long as they come */
async function oddOrder(world) {
    const number = `X-${'1234567890-ABCDEFGH'.repeat(3)}`.slice(0, 54)
                   + world.run;

    await world.api('PUT', `/orders/${number}`, {
        number, currency: 'JPY', locale: 'en',
        placed_at: new Date(Date.now() - 7 * 86400000)
                       .toISOString().replace(/\.\d+Z/, 'Z'),
        person: { name: 'X', email: 'x@example.com' },
        ship_to: { country: 'GB', postcode: 'BS7 8AE', city: 'Bristol',
                   address: '18 Gloucester Road' },
        lines: [ [ 'W'.repeat(120), 99, 100 ], [ 'A gift', 0, 1 ] ]
            .map(([ title, unit_price, quantity ], i) => ({
                line: `${i + 1}`, sku: `S-${i}`, title, variant: 'W'.repeat(60),
                unit_price, quantity, discount: 0, tax: 0, tags: [],
                final_sale: false })),
    });

    return number;
}

function odd(world) {
    test('portal: a phone whose letters are twice as large', () =>
        withPage(world, { viewport: { width: 195, height: 422 } },
                 async (page) => {
            const { number } = await world.order({ lang: 'tr' });
            const rma = await world.rma({ lang: 'tr', order: number });

            for (const url of [
                `${world.url}/tr/returns/`,
                await world.link('order', { order: number }, 'tr'),
                await world.link('rma', { rma: rma.id }, 'tr') ])
            {
                await page.goto(url);

                const wide = await page.evaluate(
                    () => document.documentElement.scrollWidth);

                ok(wide <= 195, `${url.slice(0, 60)} is ${wide} px wide`);
            }
        }));

    test('portal: what cannot be broken keeps to a phone\'s width', () =>
        withPage(world, { viewport: { width: 320, height: 700 } },
                 async (page) => {
            const fits = async (where) => {
                const wide = await page.evaluate(
                    () => document.documentElement.scrollWidth);

                ok(wide <= 320, `${where} is ${wide} px wide`);
                await lawful(page, 'en');
            };

            await page.goto(await world.link('order',
                { order: await oddOrder(world) }, 'en'));
            await fits('the order');
            await page.locator('#q-0').check();
            await page.locator('#u-0').fill('100');
            await page.locator('#q-1').check();
            await press(page, 'main form .btn');
            await fits('the reasons');

            for (const i of [ 0, 1 ]) {
                await page.locator(`#r-${i}`).selectOption('changed_mind');
                await page.locator(`input[name="o.${i}"][value="refund"]`)
                          .check();
            }

            await press(page, 'main form .btn:not(.plain)');
            await fits('the review');
            ok((await page.locator('.money').innerText()).includes('9,900'),
               'yen have no decimals');
            await press(page, 'main form .btn:not(.quiet):not(.plain)');
            await fits('the return');

            /* a number is not broken at its hyphen while a line has room */

            const broken = await page.evaluate(() =>
                [ ...document.querySelectorAll('.eyebrow .num') ]
                    .filter((e) => e.textContent.length < 20
                                   && e.getClientRects().length > 1).length);

            is(broken, 0, 'numbers in two pieces');
        }));
}

function wrongWays(world) {
    test('portal: a message that is not taken is seen where it was written', () =>
        withPage(world, { viewport: PHONE, javaScriptEnabled: true },
                 async (page) => {
            const rma = await world.rma({ lang: 'tr' });

            await page.goto(await world.link('rma', { rma: rma.id }, 'tr'));
            await press(page, '#talk form .btn');
            await lawful(page, 'tr', 422);
            await page.waitForFunction(
                () => document.activeElement.id === 'message');

            const box = await page.locator('#message-error').boundingBox();

            ok(box.y >= 0 && box.y + box.height <= PHONE.height,
               `the fault stands at ${box.y}`);
        }));

    test('portal: a double click makes one RMA', () =>
        withPage(world, {}, async (page) => {
            const order = await toReview(page, world, 'tr');

            await page.locator('main form .btn:not(.quiet):not(.plain)')
                      .dblclick({ noWaitAfter: true });
            await page.waitForURL(rmaUrl);
            await one(world, order);
        }));

    test('portal: back, reload and once more lead to the same RMA', () =>
        withPage(world, {}, async (page) => {
            const order = await toReview(page, world, 'en');

            await press(page, 'main form .btn:not(.quiet):not(.plain)');

            const { id } = await one(world, order);

            await page.reload();
            ok((await page.locator('main').innerText()).includes(id),
               'a reload shows it again');

            /* Chromium keeps no page that says no-store: it posts it again */

            await Promise.all([ page.waitForEvent('framenavigated'),
                                page.goBack().catch(() => null) ]);

            /* a reload may meet a navigation of its own that is not over */

            for (let i = 0; i < 5 && !rmaUrl.test(page.url()); i++) {
                await Promise.all([
                    page.waitForURL(rmaUrl, { timeout: 3000 })
                        .catch(() => null),
                    page.reload().catch(() => null)
                ]);
            }

            ok(rmaUrl.test(page.url()), 'posted again, it leads to the RMA');
            ok((await page.locator('main').innerText()).includes(id),
               'it is still the same');
            await one(world, order);
        }));

    test('portal: back from each step keeps what was entered', () =>
        withPage(world, {}, async (page) => {
            await toReview(page, world, 'tr');
            await press(page, 'main form .btn.quiet');
            is(await page.locator('#r-0').inputValue(), 'wrong_grind',
               'the reason');
            ok(await page.locator('input[name="o.1"][value="refund"]')
                         .isChecked(), 'the outcome');
            await press(page, 'main form .btn.plain');
            ok(await page.locator('#q-0').isChecked(), 'the line');
            is(await page.locator('#u-0').inputValue(), '2', 'the quantity');
            ok(!await page.locator('#q-2').isChecked(), 'no other line');
        }));

    test('portal: faults are named, linked and keep what was entered', () =>
        withPage(world, {}, async (page) => {
            const { number } = await world.order({ lang: 'en' });

            await page.goto(await world.link('order', { order: number },
                                             'en'));
            await page.locator('#q-1').check();
            await press(page, 'main form .btn');
            await page.evaluate(() => document.querySelectorAll('[required]')
                                   .forEach((e) => { e.required = false; }));
            await page.locator('#r-1').selectOption('other');
            await press(page, 'main form .btn:not(.plain)');
            await lawful(page, 'en', 422);
            is(await page.locator('#r-1').inputValue(), 'other', 'reason');

            const links = page.locator('.errors a');

            ok(await links.count() >= 2, 'outcome and note are asked for');

            let above = 0;

            for (let i = 0; i < await links.count(); i++) {
                const to = await links.nth(i).getAttribute('href');

                is(await page.locator(to).count(), 1, `what ${to} leads to`);

                const { y } = await page.locator(to).boundingBox();

                ok(y > above, `${to} is named in the order of the page`);
                above = y;
            }
        }));

    test('portal: two browsers at once return a thing once', () =>
        withPage(world, {}, (a) => withPage(world, {}, async (b) => {
            const order = await toReview(a, world, 'tr');

            await toReview(b, world, 'en', order);
            await Promise.all([ a, b ].map((p) =>
                press(p, 'main form .btn:not(.quiet):not(.plain)')));
            await one(world, order);

            const [ won, lost ] = rmaUrl.test(a.url()) ? [ a, b ] : [ b, a ];

            ok(rmaUrl.test(won.url()), 'one has its RMA');
            ok(!rmaUrl.test(lost.url()), 'the other has none');
            ok([ 409, 422 ].includes(status(lost)),
               `the other is refused: ${status(lost)}`);
            ok(await lost.locator('.errors').isVisible(), 'and told why');
        })));
}

function afterwards(world) {
    test('portal: a second return sees what the first has taken', () =>
        withPage(world, {}, async (page) => {
            const { number } = await world.order({ lang: 'tr' });

            await world.rma({ order: number, line: '1', quantity: 1 });
            await world.rma({ order: number, line: '2', quantity: 1 });
            await page.goto(await world.link('order', { order: number },
                                             'tr'));
            await lawful(page, 'tr');
            is(await page.locator('#u-0 option').count(), 0,
               'one coffee is left: nothing to choose');
            is(await page.locator('#q-1').count(), 0,
               'the grinder is not offered');
            is(await page.locator('main a[href*="/returns/r/"]').count(), 2,
               'both returns are linked');

            await page.locator('#q-0').check();
            await press(page, 'main form .btn');
            await page.locator('#r-0').selectOption('changed_mind');
            await page.locator('input[name="o.0"][value="refund"]').check();
            await press(page, 'main form .btn:not(.plain)');
            await press(page, 'main form .btn:not(.quiet):not(.plain)');
            ok(rmaUrl.test(page.url()), 'the second coffee goes back, too');
            is((await world.rmas(number)).length, 3, 'RMAs');
        }));

    test('portal: what cannot be returned says why', () =>
        withPage(world, {}, async (page) => {
            for (const [ order, offered, kept ] of
                 [ [ 'KG-1007', 1, 1 ], [ 'KG-1031', 0, 1 ],
                   [ 'KG-1003', 0, 1 ] ])
            {
                await page.goto(await world.link('order', { order }, 'en'));
                is(await page.locator('main input[type="checkbox"]').count(),
                   offered, `${order}: offered`);

                const why = page.locator('li.off .pick-note:last-child');

                is(await why.count(), kept, `${order}: kept`);
                ok((await why.first().innerText()).length > 15,
                   `${order}: says why`);
            }
        }));

    test('portal: a postal code opens the order as well', () =>
        withPage(world, {}, async (page) => {
            const { number } = await world.order({ lang: 'en' });

            await page.goto(`${world.url}/en/returns/`);
            await page.locator('#number').fill(number);
            await page.locator('#proof').fill('bs78ae');
            await press(page, 'main form .btn');
            await lawful(page, 'en');
            ok(/\/returns\/o\/v4\./.test(page.url()), 'found');
        }));

    test('portal: cancelled, and free to be returned again', () =>
        withPage(world, {}, async (page) => {
            const { number } = await world.order({ lang: 'en' });
            const rma = await world.rma({ order: number, line: '2' });

            await page.goto(await world.link('rma', { rma: rma.id }, 'en'));
            await page.locator('details summary').last().click();
            await press(page, '.btn.danger');
            await lawful(page, 'en');
            is((await one(world, number)).cancelled, true, 'cancelled');
            is(await page.locator('a[href*="label"]').count(), 0,
               'no label any more');

            await page.goto(await world.link('order', { order: number },
                                             'en'));
            is(await page.locator('#q-1').count(), 1, 'offered again');
        }));
}

export function tests(world) {
    for (const lang of [ 'tr', 'en' ]) {
        for (const [ size, viewport ] of [ [ 'phone', PHONE ],
                                           [ 'desk', DESKTOP ] ])
        {
            const script = (lang === 'tr') === (size === 'desk');

            test(`portal: from order to RMA, ${lang}, ${size}, `
                 + `${script ? 'with' : 'without'} script`, () =>
                withPage(world, { viewport, javaScriptEnabled: script,
                                  hasTouch: size === 'phone' },
                         (page) => byHand(page, world, lang)));
        }

        test(`portal: by keyboard alone, ${lang}, without script`, () =>
            withPage(world, { javaScriptEnabled: false },
                     (page) => byKeyboard(page, world, lang)));
    }

    test('portal: what search engines read is what holds', () =>
        withPage(world, {}, async (page) => {
            await page.goto(`${world.url}/en/returns/`);

            const data = JSON.parse(await page.locator(
                'script[type="application/ld+json"]').textContent());
            const policy = data.hasMerchantReturnPolicy;

            is(data['@type'], 'OnlineStore', 'of whom');
            is(policy['@type'], 'MerchantReturnPolicy', 'of what');
            is(policy.applicableCountry, 'TR', 'where');
            is(policy.merchantReturnDays, 14, 'how long');
            is(policy.returnFees, 'https://schema.org/FreeReturn', 'for what');
            is(policy.refundType.join(' '), 'https://schema.org/FullRefund '
               + 'https://schema.org/ExchangeRefund', 'against what');
        }));

    odd(world);
    wrongWays(world);
    afterwards(world);
}
