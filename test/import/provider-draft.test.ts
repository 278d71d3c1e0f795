import { expect, test } from 'vitest'
import { draftProvider, newVariables } from '../../src/import/source/provider-draft.js'

test('names and places of a provider are written, its secrets are not', () => {
  const draft = draftProvider('dns', 'rfc2136', {
    host: '192.0.2.53',
    port: 5353,
    key_name: 'mailsync.',
    key_secret: 'aHVudGVyMg==',
    key_algorithm: 'hmac-sha512',
  })
  expect(draft.options).toEqual({
    host: '192.0.2.53',
    port: 5353,
    key_name: 'mailsync.',
    key_secret: 'env/TSIG_SECRET',
    key_algorithm: 'hmac-sha512',
  })
  expect(newVariables(draft)).toEqual(['TSIG_SECRET'])
})

test.each([
  ['cloudflare', { token: 'x', account_id: 'a1' }, { token: 'env/CLOUDFLARE_API_TOKEN', account_id: 'a1' }],
  ['cloudflare', { token: 'env/MINE/x' }, { token: 'env/MINE' }],
  [
    'route53',
    { secret_access_key: 'x', profile: 'p' },
    { secret_access_key: 'env/AWS_SECRET_ACCESS_KEY', profile: 'p' },
  ],
  ['./my-adapter.js', { api_key: 12 }, { api_key: 'env/MY_ADAPTER_JS_API_KEY' }],
  ['my-dns', { url: 'https://me:x@dns.example/' }, { url: 'env/MY_DNS_URL' }],
  ['my-dns', { url: 'https://dns.example/@x' }, { url: 'https://dns.example/@x' }],
])('%s %j', (type, options, written) => {
  expect(draftProvider('dns', type, options).options).toEqual(written)
})
