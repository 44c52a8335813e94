/*
 * Checks a v4.public token with nothing but Node's own Ed25519, as a warehouse
 * without a PASETO library would: that what the module signs is what the
 * specification says, and not merely what the module itself accepts.
 *
 *     node verify-label.mjs <token> <public key> <implicit assertion>
 *
 * The public key is "k4.public...." or the bare base64url of 32 bytes (a JWK's
 * "x").  Prints {"footer":...,"payload":...} and ends with 0 when the token
 * holds, with 1 when it does not, with 2 when the arguments make no sense.
 */

import { createPublicKey, verify } from 'node:crypto';

const HEAD = 'v4.public.';
const SIGNATURE = 64;

function fail(code, why) {
    process.stderr.write(`verify-label: ${why}\n`);
    process.exit(code);
}

/* strict: one text for one value, so no padding, stray bit or other alphabet */
function unbase64(text) {
    const bytes = Buffer.from(text, 'base64url');

    return bytes.toString('base64url') === text ? bytes : null;
}

function preAuth(pieces) {
    const number = (n) => {
        const out = Buffer.alloc(8);

        out.writeBigUInt64LE(BigInt(n));
        return out;
    };

    return Buffer.concat([
        number(pieces.length),
        ...pieces.flatMap((p) => [number(p.length), p]),
    ]);
}

const [token, key, assertion] = process.argv.slice(2);

if (assertion === undefined) {
    fail(2, 'usage: verify-label.mjs <token> <public key> <assertion>');
}

const x = key.replace(/^k4\.public\./, '');

if (unbase64(x)?.length !== 32) {
    fail(2, 'the public key is not 32 bytes of base64url');
}

const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x },
    format: 'jwk',
});

if (!token.startsWith(HEAD)) {
    fail(1, 'not a v4.public token');
}

const parts = token.slice(HEAD.length).split('.');
const body = unbase64(parts[0]);
const footer = parts.length > 1 ? unbase64(parts[1]) : Buffer.alloc(0);

if (parts.length > 2 || !body || !footer || body.length < SIGNATURE) {
    fail(1, 'malformed token');
}

const payload = body.subarray(0, body.length - SIGNATURE);
const signature = body.subarray(body.length - SIGNATURE);
const message = preAuth([
    Buffer.from(HEAD), payload, footer, Buffer.from(assertion),
]);

if (!verify(null, message, publicKey, signature)) {
    fail(1, 'the signature does not hold');
}

process.stdout.write(JSON.stringify({
    footer: footer.toString(),
    payload: JSON.parse(payload.toString()),
}) + '\n');
