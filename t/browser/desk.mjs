/*
 * The staff desk: list, search, decide, and two who decide at once.
 */

import { accessible, is, lawful, ok, status, tabTo, test, withPage }
    from './kit.mjs';
import { DAMAGED, DECLINED } from './tour.mjs';
import { fits } from './room.mjs';

const asked = (world, lang) => world.rma({ lang, reason: 'damaged',
                                           note: DAMAGED[lang], line: '2' });

async function press(page, selector) {
    await Promise.all([ page.waitForEvent('domcontentloaded'),
                        page.locator(selector).click() ]);
}

async function sit(page, world, lang, rma) {
    await page.goto(`${world.url}/${lang}/staff/rma/${rma.id}`);
    await lawful(page, lang);
}

export function tests(world) {
    test('desk: on a tablet the menu is one line and nothing lies on the rows',
         () => withPage(world, { staff: true }, async (page) => {
            await world.rma();
            await page.setViewportSize({ width: 768, height: 800 });

            for (const lang of [ 'tr', 'en' ]) {
                await page.goto(`${world.url}/${lang}/staff/`);

                const top = (s) => page.locator(s).evaluate(
                    (e) => e.getBoundingClientRect().top);
                const links = await page.locator('.top-nav a').evaluateAll(
                    (all) => all.map((a) => a.getBoundingClientRect().top));

                is(new Set(links).size, 1, `lines of the menu, ${lang}`);
                ok(await top('.langs') < links[0],
                   'the language stands beside the shop');
                ok(await top('.bulk') >= await page.locator('.grid').evaluate(
                       (e) => e.getBoundingClientRect().bottom),
                   'what is done with many lies on the rows');
                ok(await page.locator('.scroll').first().evaluate(
                       (e) => e.querySelector('td.num').getBoundingClientRect()
                                  .right <= e.getBoundingClientRect().right),
                   `the money is out of sight, ${lang}`);
            }
        }));

    test('desk: the language stands beside the shop at every width', () =>
        withPage(world, { staff: true }, async (page) => {
            for (const lang of [ 'tr', 'en' ]) {
                await page.goto(`${world.url}/${lang}/staff/`);

                for (const width of [ 360, 768, 1024, 1152, 1153, 1440 ]) {
                    await page.setViewportSize({ width, height: 800 });

                    const [ shop, langs, menu ] = await Promise.all(
                        [ '.brand', '.langs', '.top-nav' ].map((s) =>
                            page.locator(s).evaluate((e) => {
                                const r = e.getBoundingClientRect();

                                return { top: r.top, bottom: r.bottom,
                                         wide: r.width,
                                         middle: (r.top + r.bottom) / 2 };
                            })));

                    /* where the names of four have no room beside it, they have
                       a line of their own */

                    const row = shop.wide + langs.wide
                                + (width > 1152 ? menu.wide : 0) + 32;

                    ok(Math.abs(shop.middle - langs.middle) < 4
                       || (row > width - 2 * (width > 560 ? 28 : 20)
                           && langs.top >= shop.bottom - 1),
                       `${width} px, ${lang}`);
                }
            }
        }));

    test('desk: on a phone no number runs into its state', () =>
        withPage(world, { staff: true }, async (page) => {
            await world.rma();
            await page.setViewportSize({ width: 360, height: 800 });
            await page.goto(`${world.url}/en/staff/`);
            await page.locator('.pill').evaluateAll((all) =>
                all.forEach((e) => { e.append(' longer'); }));

            const [ number, pill ] = await Promise.all(
                [ '.grid tbody th a', '.grid tbody .pill' ].map((s) =>
                    page.locator(s).first().evaluate(
                        (e) => e.getBoundingClientRect().toJSON())));

            ok(number.right <= pill.left || number.bottom <= pill.top,
               `${number.right} runs into ${pill.left}`);
        }));

    test('desk: what is done with many is at hand on a wide screen', () =>
        withPage(world, { staff: true }, async (page) => {
            await page.setViewportSize({ width: 1280, height: 800 });
            await page.goto(`${world.url}/en/staff/`);
            is(await page.locator('.bulk').evaluate(
                   (e) => getComputedStyle(e).position), 'sticky', '.bulk');
        }));

    test('desk: nobody comes in without a name', () =>
        withPage(world, {}, async (page) => {
            const res = await page.goto(`${world.url}/staff/`)
                                  .catch((e) => String(e));

            ok(res?.status?.() === 401 || /AUTH/.test(res), `${res}`);
        }));

    test('desk: the list, its tabs and a search lead to an RMA', () =>
        withPage(world, { staff: true }, async (page) => {
            const rma = await asked(world, 'tr');

            await page.goto(`${world.url}/tr/staff/`);
            await lawful(page, 'tr');
            ok(await page.locator('tbody tr').count() >= 5, 'rows');

            const tabs = await page.locator('nav.tabs a').evaluateAll(
                (all) => all.map((a) => a.href));

            for (const tab of tabs) {
                await page.goto(tab);
                await lawful(page, 'tr');

                /* one of them leads to a page of its own in the menu */

                is(await page.locator(/messages/.test(tab)
                                      ? '.top-nav [aria-current]'
                                      : 'nav.tabs [aria-current]').count(), 1,
                   'current tab');
            }

            await page.locator('#q').fill(rma.order_number);
            await press(page, '[role="search"] .btn');
            is(await page.locator('tbody tr').count(), 1, 'found');
            await press(page, 'tbody a');
            await lawful(page, 'tr');
            ok((await page.locator('main').innerText())
                   .includes(DAMAGED.tr), 'what the shopper wrote');
        }));

    test('desk: approved by keyboard, and the shopper has a label', () =>
        withPage(world, { staff: true }, async (page) => {
            const rma = await asked(world, 'en');

            await sit(page, world, 'en', rma);
            await tabTo(page, 'input[name="decision"]');
            await page.keyboard.press('Space');
            await tabTo(page, '#decide .btn');
            await Promise.all([ page.waitForEvent('domcontentloaded'),
                                page.keyboard.press('Enter') ]);
            await lawful(page, 'en');
            ok(await page.locator('.notice.good').isVisible(), 'said so');
            is(await page.locator('#decide').count(), 0,
               'nothing more to decide');

            await page.goto(await world.link('rma', { rma: rma.id }, 'en'));
            ok(await page.locator('a[href*="/label"]').count() > 0, 'label');
        }));

    test('desk: declined with a reason that the shopper reads', () =>
        withPage(world, { staff: true }, async (page) => {
            const rma = await asked(world, 'tr');

            await sit(page, world, 'tr', rma);
            await page.locator('input[value="decline"]').check();
            await press(page, '#decide .btn');
            await lawful(page, 'tr', 422);
            ok(await page.locator('#reason-error').isVisible(),
               'a reason is asked for');
            ok(await page.locator('input[value="decline"]').isChecked(),
               'the choice is kept');

            await page.locator('#reason').fill(DECLINED.tr);
            await press(page, '#decide .btn');
            await lawful(page, 'tr');

            await page.goto(await world.link('rma', { rma: rma.id }, 'tr'));
            ok((await page.locator('main').innerText())
                   .includes(DECLINED.tr), 'the shopper reads it');
            is(await page.locator('a[href*="/label"]').count(), 0,
               'and has no label');
        }));

    test('desk: of two who decide at once, the second is told', () =>
        withPage(world, { staff: true }, (a) =>
        withPage(world, { staff: true }, async (b) => {
            const rma = await asked(world, 'en');

            await sit(a, world, 'en', rma);
            await sit(b, world, 'tr', rma);

            await a.locator('input[value="approve"]').check();
            await press(a, '#decide .btn');
            is(status(a), 200, 'the first');

            await b.locator('input[value="decline"]').check();
            await b.locator('#reason').fill(DECLINED.tr);
            await press(b, '#decide .btn');
            await lawful(b, 'tr', 409);
            ok(await b.locator('.notice.warn[role="alert"]').isVisible(),
               'told of the conflict');

            const [ now ] = await world.rmas(rma.order_number);

            is(now.lines[0].decision, 'approved', 'the first one holds');
        })));

    for (const lang of [ 'tr', 'en' ]) {
        test(`desk: what nobody understood of a feed is told, ${lang}`, () =>
            withPage(world, { staff: true }, async (page) => {
                const sent = await world.misunderstood();

                is(sent.whole.json.stored, 1, 'one is stored');
                is(sent.broken.status, 400, 'one is refused');
                await page.goto(`${world.url}/${lang}/staff/feeds`);
                await lawful(page, lang);

                const row = page.locator('section:has(#codes) tbody tr')
                                .filter({ hasText: sent.code });
                const docs = page.locator('section:has(#docs) tbody tr');

                is(await row.count(), 1, 'the code is on the work list');
                ok((await row.innerText()).includes(
                       '<b onclick="x">Çözüm masası</b>'), 'its text as text');
                ok((await row.innerText()).includes(sent.number), 'its parcel');
                is(await row.locator('b').count(), 0, 'no markup');
                ok(await docs.count() >= 1, 'the document is kept');
                ok((await docs.first().innerText()).includes('yurtici'),
                   'whose it is');
                is(await page.locator('.empty').count(), 0, 'nothing is empty');
                await fits(page);
                await accessible(page, lang);
            }));
    }

    for (const lang of [ 'tr', 'en' ]) {
        test(`desk: a queue, many at once, and what became of them, ${lang}`,
             () => withPage(world, { staff: true }, async (page) => {
            const a = await asked(world, lang);
            const b = await asked(world, lang);

            await page.goto(`${world.url}/${lang}/staff/?queue=decide`);
            await lawful(page, lang);
            await fits(page);
            await accessible(page, lang);

            /* declined without a reason: nothing is done, all is kept */

            await page.goto(`${world.url}/${lang}/staff/?queue=decide`
                            + '&sort=newest');
            await page.locator(`input[name="r"][value^="${a.id}:"]`).check();
            await page.locator(`input[name="r"][value^="${b.id}:"]`).check();
            await press(page, 'button[value="decline"]');
            await lawful(page, lang, 422);
            await accessible(page, lang);
            is(await page.locator('input[name="r"]:checked').count(), 2,
               'both are still chosen');
            is((await world.rmas(a.order_number))[0].lines[0].decision,
               'pending', 'nothing is decided');

            await page.goto(`${world.url}/${lang}/staff/?queue=decide`
                            + '&sort=newest');
            await page.locator(`input[name="r"][value^="${a.id}:"]`).check();
            await page.locator(`input[name="r"][value^="${b.id}:"]`).check();
            await press(page, 'button[value="approve"]');
            await lawful(page, lang);
            await fits(page);
            await accessible(page, lang);
            is(await page.locator('.report .pill.good').count(), 2,
               'each has its own line');
            is((await world.rmas(b.order_number))[0].lines[0].decision,
               'approved', 'and is approved');
        }));

        test(`desk: a box is scanned, counted and graded by keyboard, ${lang}`,
             () => withPage(world, { staff: true }, async (page) => {
            const rma = await asked(world, lang);

            await sit(page, world, lang, rma);
            await page.locator('input[value="approve"]').check();
            await press(page, '#decide .btn');

            await page.goto(`${world.url}/${lang}/staff/receive`);
            await lawful(page, lang);
            await fits(page);
            await accessible(page, lang);

            /* the field has the focus: what is scanned goes into it */

            await page.keyboard.type('v4.public.AAAA');
            await Promise.all([ page.waitForEvent('domcontentloaded'),
                                page.keyboard.press('Enter') ]);
            await lawful(page, lang, 422);
            await accessible(page, lang);
            ok(await page.locator('.refusal[role="alert"]').isVisible(),
               'forged: in red');

            await page.keyboard.type(rma.id);
            await Promise.all([ page.waitForEvent('domcontentloaded'),
                                page.keyboard.press('Enter') ]);
            await lawful(page, lang);
            await fits(page);
            await accessible(page, lang);
            is(await page.evaluate(() => document.activeElement.name), 'n.0',
               'the first count has the focus');

            await page.keyboard.type('1');
            await tabTo(page, 'select[name="g.0"]');
            await page.locator('select[name="g.0"]').selectOption('opened');
            await page.locator('select[name="d.0"]').selectOption('restock');
            await tabTo(page, '.receive-form .btn');
            await Promise.all([ page.waitForEvent('domcontentloaded'),
                                page.keyboard.press('Enter') ]);
            await lawful(page, lang);
            ok(await page.locator('.notice.good[role="status"]').isVisible(),
               'said so');
            await page.waitForFunction(
                () => document.activeElement.id === 'scan', null,
                { timeout: 5000 }).catch(() => {});
            is(await page.evaluate(() => document.activeElement.id), 'scan',
               'ready for the next box');

            const [ now ] = await world.rmas(rma.order_number);

            is(now.lines[0].counted, 1, 'counted');
            is(now.gradings[0].grade, 'opened', 'graded');
        }));
    }

    test('desk: another site cannot decide', () =>
        withPage(world, { staff: true }, async (page) => {
            const rma = await asked(world, 'tr');

            await sit(page, world, 'tr', rma);
            await page.evaluate(() => {
                document.querySelector('#decide input[name="t"]').value
                    = 'A'.repeat(22);
            });
            await page.locator('input[value="approve"]').check();
            await press(page, '#decide .btn');
            await lawful(page, 'tr', 403);

            const [ now ] = await world.rmas(rma.order_number);

            is(now.lines[0].decision, 'pending', 'nothing is decided');
        }));
}
