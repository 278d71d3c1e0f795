import { describe, expect, test } from 'vitest'
import { optionDocs, parseOptions } from '../../../providers/powerdns/options.js'
import { serverFacts } from '../../../providers/powerdns/server-facts.js'

const least = { host: '127.0.0.1', api_key: 'secret' }

test('a host and a key are enough', () => {
  expect(parseOptions(least)).toEqual({
    host: '127.0.0.1',
    port: 8081,
    scheme: 'http',
    apiKey: 'secret',
    serverId: 'localhost',
    verifyCertificate: true,
    timeout: 30,
  })
})

test.each([
  [{ ...least, port: '8443', timeout: '5', ssl_verify: 'false', scheme: 'https', server_id: 'pdns-1' }],
  [{ ...least, host: '::1' }],
  [{ ...least, host: 'localhost' }],
  [{ ...least, host: 'ns1.example.net', scheme: 'https' }],
  [{ ...least, host: '2001:db8::1', scheme: 'https' }],
])('%j are taken', (input) => expect(() => parseOptions(input)).not.toThrow())

test.each([
  [{}, ['host', 'api_key']],
  [undefined, ['host', 'api_key']],
  [{ ...least, host: 'http://127.0.0.1' }, ['host']],
  [{ ...least, host: '127.0.0.1:8081' }, ['host']],
  [{ ...least, host: 'a@127.0.0.1' }, ['host']],
  [{ ...least, port: 0 }, ['port']],
  [{ ...least, api_key: 'two words' }, ['api_key']],
  [{ ...least, api_key: '' }, ['api_key']],
  [{ ...least, scheme: 'ftp' }, ['scheme']],
  [{ ...least, ssl_verify: 'ca.pem' }, ['ssl_verify']],
  [{ ...least, timeout: 'soon' }, ['timeout']],
  [{ ...least, server_id: 'a/b' }, ['server_id']],
  [{ ...least, host: '192.0.2.1' }, ['scheme']],
  [{ ...least, host: 'localhost.example' }, ['scheme']],
])('%j are wrong at %j, and the key is never told', (input, paths) => {
  const thrown = catchOf(() => parseOptions(input))
  expect(thrown.issues.map(({ path }) => path[0])).toEqual(paths)
  expect(JSON.stringify(thrown.issues)).not.toMatch(/secret|two words/)
})

test('an unknown one is an error, and every known one is documented', () => {
  expect(() => parseOptions({ ...least, apikey: 'x' })).toThrow(/apikey/)
  for (const { name } of optionDocs)
    expect(() => parseOptions({ [name]: undefined, ...least })).not.toThrow(/Unrecognized/)
})

function catchOf(run: () => unknown): { readonly issues: readonly { readonly path: readonly unknown[] }[] } {
  try {
    run()
  } catch (error) {
    return error as ReturnType<typeof catchOf>
  }
  throw new Error('nothing was thrown')
}

describe('what a server can do by its version', () => {
  test.each([
    ['4.7.3', false, false],
    ['4.9.11', false, false],
    ['4.9.12', true, false],
    ['4.9.12-1pdns.bookworm', true, false],
    ['4.10.0', true, false],
    ['5.0.0', false, false],
    ['5.0.1', false, false],
    ['5.0.2', true, false],
    ['5.1.0-alpha1', true, true],
    ['5.1.5', true, true],
    ['6.0.0', true, true],
    ['0.0.1764-master', false, false],
    ['git-2f1c', false, false],
  ])('%s: value by value %j, maybe escapes written twice %j', (version, knowsValues, mayDecodeTwice) => {
    expect(serverFacts(version)).toEqual({ knowsValues, mayDecodeTwice })
  })
})
