import { describe, expect, test } from 'vitest'
import type { ApplyResult, ZoneOutcome } from '../../src/apply/result.js'
import { renderApplyText } from '../../src/render/text/apply-text.js'
import { changeOf, editOf, manifestOf } from './plan/plans.js'

const a = changeOf(['A', 'mail.example.com.'], editOf('host', [[], ['192.0.2.10']]))
const mx = changeOf(['MX', 'example.com.'], editOf('mx', [['10 old.example.'], ['10 mail.example.com.']]))
const old = changeOf(['AAAA', 'old.example.com.'], editOf('host', [['2001:db8::1'], []]))
const manifest = manifestOf('v=mailsync1; owner=default; host.A=mail')

function outcome(parts: Partial<ZoneOutcome>): ZoneOutcome {
  return { zone: 'example.com.', provider: 'cloudflare', applied: [], uncertain: [], pending: [], ...parts }
}

function shown(zones: readonly ZoneOutcome[], parts: Partial<ApplyResult> = {}): string {
  return renderApplyText({ zones, keys: [], cancelled: false, ...parts }, { colour: false })
}

describe('an apply', () => {
  test('that did everything has a line for each zone; the manifest does not count', () => {
    const other = { zone: 'xn--bcher-kva.example.', provider: 'bind', applied: [a] }
    expect(
      shown([outcome({ applied: [a, mx, old, manifest] }), outcome(other)]),
    ).toBe(`example.com.  cloudflare  1 created, 1 updated, 1 deleted
xn--bcher-kva.example. (bücher.example)  bind  1 created, 0 updated, 0 deleted
2 created, 1 updated, 1 deleted in 2 zones.
`)
  })

  test('that failed in a zone before anything was written says so', () => {
    const failure = {
      code: 'authentication',
      message: 'the token is not valid',
      hint: 'set CLOUDFLARE_API_TOKEN',
      apiCode: '10000',
    }
    expect(
      shown([outcome({ applied: [a] }), outcome({ zone: 'example.net.', pending: [mx], failure })]),
    ).toBe(`example.com.  cloudflare  1 created, 0 updated, 0 deleted
example.net.  cloudflare
  authentication  the token is not valid (code 10000)
    set CLOUDFLARE_API_TOKEN
  ~ example.com.  MX  not written
1 created, 0 updated, 0 deleted in 1 zone; 1 zone failed: nothing of it was written; run again.
`)
  })

  test('that failed midway says of every change what became of it', () => {
    const failure = { code: 'unavailable', message: 'the connection was cut', record: 'example.com. MX' }
    expect(shown([outcome({ applied: [a], uncertain: [mx], pending: [old, manifest], failure })])).toBe(
      `example.com.  cloudflare
  unavailable  the connection was cut (example.com. MX)
  + mail.example.com.       A     created
  ~ example.com.            MX    not known: the reply was lost
  - old.example.com.        AAAA  not written
  · _mailsync.example.com.  TXT   not written
1 created, 0 updated, 0 deleted in 1 zone; 1 zone failed: 1 of its 4 changes was written; 1 change may or may not have been written; run again.
`,
    )
  })

  test('that failed in several zones says how many have a part', () => {
    const failure = { code: 'timeout', message: 'no answer' }
    const zones = [
      outcome({ applied: [a], pending: [mx], failure }),
      outcome({ zone: 'example.net.', pending: [mx], failure }),
    ]
    expect(shown(zones)).toMatch(/; 2 zones failed: 1 of them in part; run again\.\n$/)
    expect(shown(zones.slice(1).concat(zones.slice(1)))).toMatch(
      /; 2 zones failed: nothing of them was written; run again\.\n$/,
    )
  })

  test('that was stopped names what was not begun, up to a few', () => {
    const failure = { code: 'cancelled', message: 'stopped' }
    const zones = Array.from({ length: 12 }, (_, index) =>
      outcome({ zone: `z${index}.example.`, pending: [a], failure }),
    )
    const text = shown([outcome({ applied: [a] }), ...zones], { cancelled: true })
    expect(text).toContain(
      'Not begun, because the run was stopped: z0.example. at cloudflare, z1.example. at cloudflare,',
    )
    expect(text).toContain('z9.example. at cloudflare and 2 more\n')
    expect(text).toMatch(/1 created, 0 updated, 0 deleted in 1 zone; stopped before 12 zones; run again\.\n$/)
  })

  test('that was stopped within a zone shows what is left of it', () => {
    const failure = { code: 'cancelled', message: 'the run was stopped' }
    expect(shown([outcome({ applied: [a], pending: [mx], failure })], { cancelled: true })).toContain(
      '  + mail.example.com.  A   created\n  ~ example.com.       MX  not written\n',
    )
  })

  test('that only made keys names them', () => {
    const keys = [{ domain: 'example.com.', selector: 's202611', algorithm: 'rsa-2048' }]
    expect(shown([], { keys })).toBe('s202611._domainkey.example.com.  rsa-2048 key generated\nNothing was changed.\n')
    expect(shown([], { keys: keys.map((key) => ({ ...key, domain: 'xn--h32bq4v.example.' })) })).toContain(
      's202611._domainkey.xn--h32bq4v.example. (s202611._domainkey.메일.example)  rsa-2048 key generated\n',
    )
  })
})
