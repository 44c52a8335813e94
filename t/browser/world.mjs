/*
 * The demo shop as the tests see it: where it is, its API, and orders and RMAs
 * of the tests' own, so that no test stands in another's way.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const DAY = 86400000;

const GOODS = {
    'ETH-YIRG-250-FIL': {
        product: 'ETH-YIRG', unit_price: 42000, picture: 'beans-light',
        tr: [ 'Etiyopya Yirgacheffe', '250 g / Filtre' ],
        en: [ 'Ethiopia Yirgacheffe', '250 g / Filter' ],
    },
    'GRINDER-BLK': {
        product: 'GRINDER', unit_price: 289000, picture: 'grinder',
        tr: [ 'El Değirmeni', 'Siyah' ], en: [ 'Hand grinder', 'Black' ],
    },
    'V60-01': {
        product: 'V60', unit_price: 16500, picture: 'filter',
        tr: [ 'Filtre Kâğıdı', '01 / 100 adet' ],
        en: [ 'Paper filters', '01 / 100 pieces' ],
    },
    'V60-02': {
        product: 'V60', unit_price: 18500, picture: 'filter',
        tr: [ 'Filtre Kâğıdı', '02 / 100 adet' ],
        en: [ 'Paper filters', '02 / 100 pieces' ],
    },
};

export class World {

    constructor(file) {
        const facts = Object.fromEntries(
            readFileSync(file, 'utf8').trim().split('\n')
                .map((l) => /^(\w+)='(.*)'$/.exec(l)?.slice(1) ?? []));

        this.dir = dirname(file);
        this.url = facts.CX_URL;
        this.number = facts.CX_ORDER;
        this.email = facts.CX_EMAIL;
        this.trackLink = facts.CX_TRACK_LINK;
        this.languages = (facts.CX_LANGUAGES ?? 'tr en').split(' ');
        this.user = facts.CX_STAFF_USER;
        this.password = facts.CX_STAFF_PASSWORD;
        this.run = Date.now().toString(36).toUpperCase();
        this.made = 0;
    }

    speaks(...langs) {
        return langs.every((l) => this.languages.includes(l));
    }

    async api(method, path, body, expected = null) {
        const res = await fetch(`${this.url}/api/v1${path}`, {
            method,
            headers: {
                authorization: 'Basic '
                    + Buffer.from(`${this.user}:${this.password}`)
                            .toString('base64'),
                ...(body ? { 'content-type': 'application/json' } : {}),
            },
            body: body ? JSON.stringify(body) : undefined,
        });
        const text = await res.text();

        if (expected !== null ? res.status !== expected : !res.ok) {
            throw new Error(`${method} ${path}: ${res.status} ${text}`);
        }

        return JSON.parse(text);
    }

    /* An order that was placed a week ago: taken as delivered, open for return. */
    async order({ lang = 'tr', lines = { 'ETH-YIRG-250-FIL': 2,
                                         'GRINDER-BLK': 1, 'V60-02': 1 },
                  days = 7 } = {})
    {
        const number = `BT-${this.run}-${++this.made}`;
        const email = `${number.toLowerCase()}@example.com`;

        await this.api('PUT', `/orders/${number}`, {
            number, currency: 'TRY', locale: lang,
            placed_at: new Date(Date.now() - days * DAY)
                           .toISOString().replace(/\.\d+Z/, 'Z'),
            person: { name: lang === 'tr' ? 'Iğdır Çağlayan Şükrü'
                                          : 'Margaret Ashworth', email },
            ship_to: lang === 'tr'
                ? { country: 'TR', postcode: '34394', city: 'Şişli',
                    region: 'İstanbul', address: 'Halaskargazi Caddesi No: 7' }
                : { country: 'GB', postcode: 'BS7 8AE', city: 'Bristol',
                    address: '18 Gloucester Road' },
            lines: Object.entries(lines).map(([ sku, quantity ], i) => {
                const g = GOODS[sku];
                const [ title, variant ] = g[lang] ?? g.en;

                return {
                    line: `${i + 1}`, sku, quantity, title, variant, unit_price: g.unit_price,
                    discount: 0, product: g.product, tags: [],
                    tax: Math.floor(g.unit_price * quantity / 11),
                    image: `/assets/demo/${g.picture}.svg`,
                    final_sale: false,
                };
            }),
        });

        return { number, email };
    }

    /* Who ordered is forgotten. */
    erase(order) {
        execFileSync(resolve('build/release/cx-returns'), [ 'person', 'erase',
            '--store', `${this.dir}/store`, '--keys', `${this.dir}/keys`,
            '--shop', `${this.dir}/shops/kahve-gurusu.json`,
            '--by', 'staff:test', order ], { stdio: 'pipe' });
    }

    /* An RMA of a new order, or of the given one; returns it as the API does. */
    async rma({ lang = 'tr', order = null, reason = 'changed_mind',
                outcome = 'refund', note, line = '1', quantity = 1,
                exchange_sku } = {})
    {
        order ??= (await this.order({ lang })).number;

        return (await this.api('POST', '/rmas', {
            order, lines: [ { line, quantity, reason, outcome,
                              ...(note ? { note } : {}),
                              ...(exchange_sku ? { exchange_sku } : {}) } ],
        })).rma;
    }

    act(rma, action, body = {}) {
        return this.api('POST', `/rmas/${rma.id}/${action}`, body);
    }

    async rmas(order) {
        return (await this.api('GET', `/rmas?order=${order}`)).rmas;
    }

    /* A capability link, in a language. */
    async link(purpose, what, lang) {
        const { url } = await this.api('POST', '/links', { purpose, ...what });

        return this.in(lang, url);
    }

    /* A carrier's document; returns the answer. */
    async feed(carrier, document) {
        const res = await fetch(`${this.url}/feeds/${carrier}`, {
            method: 'POST', body: document,
            headers: {
                authorization: 'Basic '
                    + Buffer.from(`${this.user}:${this.password}`)
                            .toString('base64'),
                'content-type': 'application/xml',
                accept: 'application/json',
            },
        });

        return { status: res.status, json: await res.json() };
    }

    /* A parcel whose last scan has a code that no rule maps, and a text that
       would be markup; and a document that breaks off. */
    async misunderstood() {
        const number = `7${Date.now()}${++this.made}`;
        const code = `Q${this.run.slice(-4)}${this.made}`;
        const parcel = (end) => '<ShippingDeliveryVO><shippingDeliveryDetailVO>'
            + `<cargoKey>K${number}</cargoKey><docId>${number}</docId>`
            + '<shippingDeliveryItemDetailVO>'
            + '<invDocCargoVOArray><eventDate>20261104</eventDate>'
            + `<eventTime>90507</eventTime><eventId>${code}</eventId>`
            + '<eventName>&lt;b onclick="x"&gt;Çözüm masası&lt;/b&gt;'
            + `</eventName>${end}`;
        const whole = await this.feed('yurtici', parcel('</invDocCargoVOArray>'
            + '</shippingDeliveryItemDetailVO></shippingDeliveryDetailVO>'
            + '</ShippingDeliveryVO>'));
        const broken = await this.feed('yurtici', parcel(''));

        return { number, code, whole, broken };
    }

    /* A scan of a parcel, in Yurtiçi's words. */
    async scan(number, text) {
        const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
        const { json } = await this.feed('yurtici', '<ShippingDeliveryVO>'
            + `<shippingDeliveryDetailVO><cargoKey>${number}</cargoKey>`
            + `<docId>${number}</docId><shippingDeliveryItemDetailVO>`
            + `<invDocCargoVOArray><eventDate>${day}</eventDate>`
            + '<eventTime>000100</eventTime><eventId>TX</eventId>'
            + `<eventName>${text}</eventName></invDocCargoVOArray>`
            + '</shippingDeliveryItemDetailVO></shippingDeliveryDetailVO>'
            + '</ShippingDeliveryVO>');

        if (json.records !== 1 || json.refused) {
            throw new Error(`scan: ${JSON.stringify(json)}`);
        }
    }

    in(lang, url) {
        const path = url.startsWith(this.url) ? url.slice(this.url.length)
                                              : url;

        return `${this.url}/${lang}${path}`;
    }
}
