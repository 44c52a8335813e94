/*
 * What a shopper is told of a parcel, in each state that the demo has.
 */

import { is, lawful, ok, status, test, withPage } from './kit.mjs';

/* order: the tone of the page, how many parcels, whether a return is offered */
const STATES = {
    'KG-1001': [ 'good', 1, true ],
    'KG-1002': [ 'busy', 1, false ],
    'KG-1003': [ 'busy', 1, false ],
    'KG-1005': [ 'warn', 1, false ],
    'KG-1008': [ null, 3, null ],
    'KG-1010': [ null, 0, false ],
    'KG-1011': [ 'good', 1, true ],
    'KG-1015': [ 'good', 1, true ],
    'KG-1016': [ 'busy', 1, false ],
};

async function press(page, selector) {
    await Promise.all([ page.waitForEvent('domcontentloaded'),
                        page.locator(selector).click() ]);
}

export function tests(world) {
    for (const [ order, [ tone, parcels, returns ] ] of
         Object.entries(STATES))
    {
        test(`tracking: ${order} says what is so`, () =>
            withPage(world, {}, async (page) => {
                const facts = await world.api('GET', `/orders/${order}`);

                await page.goto(await world.link('track', { order }, 'tr'));
                await lawful(page, 'tr');

                const text = await page.locator('main').innerText();

                is(facts.shipments.length, parcels, 'parcels of the order');

                for (const s of facts.shipments) {
                    ok(text.includes(s.number), `number ${s.number}`);
                }

                if (tone !== null) {
                    is(await page.locator('.hero').getAttribute('class'),
                       `hero ${tone}`, 'tone');
                }

                if (returns !== null) {
                    is(await page.locator('main a.btn[href$="/return"]')
                                 .count() > 0, returns, 'return offered');
                }
            }));
    }

    test('tracking: the timeline runs from the newest to the oldest', () =>
        withPage(world, {}, async (page) => {
            await page.goto(await world.link('track', { order: 'KG-1004' },
                                             'en'));

            const times = await page.evaluate(() =>
                [ ...document.querySelectorAll('.timeline time') ]
                    .map((t) => Date.parse(t.dateTime)));

            ok(times.length >= 4, `${times.length} scans`);
            ok(times.every((t, i) => Number.isFinite(t)
                                     && (i === 0 || t <= times[i - 1])),
               `order of ${times}`);
            is(await page.locator('.scan.newest').count(), 1, 'newest');
        }));

    test('tracking: from the parcel into its return', () =>
        withPage(world, {}, async (page) => {
            await page.goto(await world.link('track', { order: 'KG-1011' },
                                             'en'));
            await press(page, 'main a.btn[href$="/return"]');
            await lawful(page, 'en');
            ok(/\/returns\/o\/v4\./.test(page.url()), 'on the order\'s page');
            ok(await page.locator('main input[type="checkbox"]').count() > 0,
               'something to choose');
        }));

    test('tracking: found by the order and the e-mail', () =>
        withPage(world, {}, async (page) => {
            await page.goto(`${world.url}/tr/track/`);
            await page.locator('#order').fill(world.number.toLowerCase());
            await page.locator('#contact').fill(world.email);
            await press(page, 'main form .btn >> nth=0');
            await lawful(page, 'tr');
            ok(/\/track\/t\/v4\./.test(page.url()), page.url());
        }));

    test('tracking: a wrong e-mail finds nothing and says nothing', () =>
        withPage(world, {}, async (page) => {
            const answers = [];

            for (const number of [ 'KG-1002', `KG-8${world.run}` ]) {
                await page.goto(`${world.url}/en/track/`);
                await page.locator('#order').fill(number);
                await page.locator('#contact').fill('nobody@example.com');
                await press(page, 'main form .btn >> nth=0');
                is(status(page), 404, `status for ${number}`);
                answers.push((await page.locator('main').innerHTML())
                                 .replaceAll(number, '-'));
            }

            is(answers[0], answers[1], 'the answer for an order that exists');
        }));

    test('tracking: by the number alone, nothing personal is shown', () =>
        withPage(world, {}, async (page) => {
            const order = await world.api('GET', '/orders/KG-1004');

            await page.goto(`${world.url}/en/track/`);
            await page.locator('#number').fill(order.shipments[0].number);
            await press(page, 'main form .btn >> nth=1');
            await lawful(page, 'en');

            const text = await page.locator('body').innerText();

            for (const secret of [ order.person.name, order.person.email,
                                   order.lines[0].title, order.number,
                                   order.ship_to.address ])
            {
                ok(!text.includes(secret), `"${secret}" is shown`);
            }

            is(await page.locator('a[href*="/returns/o/"]').count(), 0,
               'no way into the order');
        }));
}
