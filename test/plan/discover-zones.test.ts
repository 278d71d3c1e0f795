import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import { renderFailures } from '../../src/render/text/faults/failures-text.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { type WorldOptions, worldOf } from '../worlds/world.js'

const SPEC = `providers: { one: { class: memory }, two: { class: memory } }
zones:
  example.com: { targets: [one] }
  '*': { targets: [one, two] }
hosts:
  mail.example.net: { addresses: [192.0.2.1], helo_spf: false }
domains:
  example.com: { mx: none, spf: false, dmarc: false }
  eu.example.com: { mx: none, spf: false, dmarc: false }
  example.org: { mx: none, spf: false, dmarc: false }
`
const seed = {
  one: { 'example.com.': [], 'eu.example.com.': [], '2.0.192.in-addr.arpa.': [], 'unused.example.': [] },
  two: { 'example.net.': [], 'eu.example.com.': [], 'example.com.': [] },
}

async function planWith(options: WorldOptions = {}, zone: readonly string[] = []) {
  const reads: string[] = []
  const world = await worldOf(seed, {
    wrap: (provider, name) => {
      const wrapped = options.wrap?.(provider, name) ?? provider
      return {
        ...wrapped,
        read: (zone, signal) => {
          reads.push(`${name} ${zone}`)
          return wrapped.read(zone, signal)
        },
      }
    },
  })
  return { plan: await planText(world, SPEC, { zone }), reads }
}

describe("the zone '*'", () => {
  test('is whatever else its targets serve and a name falls into; the longest zone wins, the declared one stays with its target', async () => {
    const { plan } = await planWith()
    expect(planned(plan)).toEqual([
      'one: + 1.2.0.192.in-addr.arpa. PTR 3600 mail.example.net.',
      'one: + eu.example.com. MX 3600 0 .',
      'two: + eu.example.com. MX 3600 0 .',
      'one: + example.com. MX 3600 0 .',
      'two: + mail.example.net. A 3600 192.0.2.1',
    ])
    expect(plan.manual).toEqual([])
  })

  test('is not read where nothing falls into it', async () => {
    const { reads } = await planWith()
    expect(reads.sort()).toEqual([
      'one 2.0.192.in-addr.arpa.',
      'one eu.example.com.',
      'one example.com.',
      'two eu.example.com.',
      'two example.net.',
    ])
  })

  test('tells a domain that none of them serves', async () => {
    const { plan } = await planWith()
    expect(problemLines(plan).filter((line) => line.includes('domain-outside-zones'))).toEqual([
      'mailsync.yaml:10:3 domain-outside-zones: example.org is in no zone of this spec',
    ])
  })

  test('has no zone that nobody serves: --zone says so', async () => {
    await expect(planWith({}, ['example.nte'])).rejects.toMatchObject({
      code: 'usage',
      message: "--zone example.nte: no provider of the zone '*' serves such a zone",
      hint: 'did you mean example.net?',
    })
    expect((await planWith({}, ['unused.example'])).plan.zones).toEqual([])
  })

  test('that a provider cannot list stops all: a name may belong into a zone nobody knows of', async () => {
    const { plan, reads } = await planWith({
      wrap: (provider, name) =>
        name === 'one'
          ? provider
          : { ...provider, zones: () => Promise.reject(new MailsyncError('rejected', 'no list')) },
    })
    expect(reads).toEqual([])
    expect(plan).toMatchObject({ zones: [], unchanged: 0, keys: [], manual: [], problems: [] })
    expect(plan.failures).toEqual([{ zone: '*', provider: 'two', code: 'rejected', message: 'no list' }])
    expect(renderFailures(plan.failures, { colour: false })).toContain('\n  *  two\n')
  })
})
