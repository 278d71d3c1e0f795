import { describe, expect, test } from 'vitest'
import { plugin } from '../../../providers/rfc2136/index.js'

const secret = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')
const valid = { host: '192.0.2.53', key_name: 'mailsync.example.com', key_secret: secret }

/** `path: message` of everything that is wrong. */
function issuesOf(input: unknown): string[] {
  try {
    plugin.options(input)
  } catch (error) {
    const { issues } = error as { issues: { path: (string | number)[]; message: string }[] }
    return issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  }
  return []
}

describe('the options of rfc2136', () => {
  test('have the defaults of octoDNS, and a strong algorithm', () => {
    expect(plugin.options(valid)).toEqual({
      host: '192.0.2.53',
      port: 53,
      ipv6: false,
      timeout: 15,
      key: {
        name: 'mailsync.example.com.',
        algorithm: 'hmac-sha256',
        secret: Buffer.from('0123456789abcdef0123456789abcdef'),
      },
    })
  })

  test('may come from the environment, where everything is text', () => {
    const text = { ...valid, port: '5353', timeout: '2.5', ipv6: 'true', key_algorithm: ' HMAC-SHA512. ' }
    expect(plugin.options(text)).toMatchObject({
      port: 5353,
      timeout: 2.5,
      ipv6: true,
      key: { algorithm: 'hmac-sha512' },
    })
  })

  test('may leave out the key', () => {
    expect(plugin.options({ host: '::1' })).toEqual({ host: '::1', port: 53, ipv6: false, timeout: 15 })
  })

  for (const [what, change, problem] of [
    ['no host', { host: undefined }, /^host: host is missing/],
    ['an empty host', { host: ' ' }, /^host: host is empty/],
    ['a URL as host', { host: 'tls://ns1.example.com' }, /^host: write the host alone, without a scheme/],
    ['a port in the host', { host: 'ns1.example.com:5353' }, /^host: write the host alone, and the port in `port`/],
    ['brackets around an address', { host: '[::1]:53' }, /^host: write the host alone/],
    ['a port that is none', { port: 'dns' }, /^port: port is not a number/],
    ['port 0', { port: 0 }, /^port: port is 1 to 65535/],
    ['a timeout of 0', { timeout: '0' }, /^timeout: timeout is more than 0 seconds/],
    ['a secret that is not base64', { key_secret: 'not base64!' }, /^key_secret: key_secret is not base64; copy/],
    ['an empty secret', { key_secret: '' }, /^key_secret: key_secret is empty; is the environment variable set/],
    ['a name without a secret', { key_secret: undefined }, /^key_secret: key_secret is missing: a TSIG key is a name/],
    ['a secret without a name', { key_name: undefined }, /^key_name: key_name is missing/],
    ['a name that is none', { key_name: 'a..b' }, /^key_name: key_name: "a..b"/],
    ['HMAC-MD5', { key_algorithm: 'hmac-md5' }, /^key_algorithm: hmac-md5 is too weak.*RFC 8945 §6.*hmac-sha256/],
    ['HMAC-SHA1', { key_algorithm: 'HMAC-SHA1' }, /^key_algorithm: hmac-sha1 is too weak/],
    [
      'an unknown algorithm',
      { key_algorithm: 'gss-tsig' },
      /^key_algorithm: "gss-tsig" is no TSIG algorithm known here/,
    ],
    ['an unknown key', { key_secrets: secret }, /key_secrets/],
  ] as const)
    test(`say what is wrong with ${what}`, () => {
      const issues = issuesOf({ ...valid, ...change })
      expect(issues).toHaveLength(1)
      expect(issues[0]).toMatch(problem)
      expect(issues[0]).not.toContain('not base64!')
    })

  test('are all checked at once', () => {
    expect(issuesOf({ host: '', port: 0, key_secret: '%', key_algorithm: 'x' })).toHaveLength(4)
  })

  test('are documented, each once', () => {
    const documented = plugin.optionDocs.map(({ name }) => name)
    const known = { ...valid, port: 1, timeout: 1, ipv6: true, key_algorithm: 'hmac-sha256', cache: 'c' }
    expect(documented.sort()).toEqual(Object.keys(known).sort())
    expect(issuesOf(known)).toEqual([])
  })
})
