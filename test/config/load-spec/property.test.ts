import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../../records/compile.js'
import { load, told } from '../load.js'

type Tree = { [key: string]: unknown }

const domain = {
  mx: ['mail.example.com', { host: 'nat.example.com', preference: 20 }],
  spf: { hosts: ['nat.example.com'], addresses: ['198.51.100.0/24'], include: ['_spf.example.org'], all: 'fail' },
  dkim: { algorithms: ['ed25519'], selector: 's%Y%m' },
  dmarc: { policy: 'reject', subdomains: 'none', rua: ['dmarc@example.com'], fo: '1:d', testing: true },
  ttl: 300,
}
const sections: Tree = {
  providers: { dns: { class: 'yaml', directory: 'zones' } },
  zones: { 'example.com': { targets: ['dns'] } },
  ownership: { owner: 'me' },
  defaults: { ttl: 60, spf: { all: 'neutral' }, dmarc: { rua: ['d@example.com'] } },
  hosts: {
    'mail.example.com': { addresses: ['192.0.2.1', '2001:db8::1'], reverse: 'auto' },
    'nat.example.com': { egress: ['192.0.2.2'], helo_spf: false, ttl: 5 },
  },
}

/** One line a section and domain, so that a change in one moves nothing in another. */
function asYaml({ domains, ...rest }: Tree): string {
  const head = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
  const body = Object.entries(domains as Tree).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`)
  return `${head.join('')}domains:\n${body.join('')}`
}

const specWith = (domains: Tree): string => asYaml({ ...sections, domains })

const junk = fc.oneof(
  fc.constantFrom(null, true, -1, 1.5, '', '?', 'a b', '192.0.2.1', '-all', 'none', [], {}, [[]], [{}], { host: 7 }),
  fc.string({ maxLength: 4 }),
)
const mutation = fc.record({
  steps: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  how: fc.constantFrom('replace', 'delete', 'add'),
  junk,
})
type Mutation = { steps: number[]; how: string; junk: unknown }

/** The tree with one value replaced, removed or added: each step goes to one of the keys there are. */
function mutate<T>(tree: T, { steps, how, junk: value }: Mutation): T {
  const copy = structuredClone(tree)
  let at = copy as Tree
  let key = ''
  for (const step of steps) {
    const next: unknown = key === '' ? at : at[key]
    if (typeof next !== 'object' || next === null || Object.keys(next).length === 0) break
    at = next as Tree
    key = Object.keys(at)[step % Object.keys(at).length] as string
  }
  if (how === 'add') at[`${key}x`] = value
  else if (how === 'replace') at[key] = value
  else if (Array.isArray(at)) at.splice(Number(key), 1)
  else delete at[key]
  return copy
}

test('whatever is wrong in one domain, it hides nothing of what is wrong in another', async () => {
  const problemsIn = async (a: unknown, b: unknown): Promise<string[]> =>
    (await load(specWith({ 'a.example.com': a, 'b.example.com': b }))).problems.map(told)
  await fc.assert(
    fc.asyncProperty(mutation, mutation, async (one, other) => {
      const [a, b] = [mutate(domain, one), mutate(domain, other)]
      expect(await problemsIn(a, b)).toEqual([...(await problemsIn(a, domain)), ...(await problemsIn(domain, b))])
    }),
    { numRuns: 120 },
  )
})

test('however a spec is damaged, it is read, compiled, and nothing is told twice', async () => {
  const whole = { ...sections, domains: { 'a.example.com': domain, 'b.example.com': { mail: 'none' } } }
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const damaged = mutations.reduce<Tree>(mutate, whole)
      const text = `${JSON.stringify(damaged)}\n`
      const { spec, problems, isFollowUp } = await load(text)
      const lines = problems.map(told)
      expect(lines).toEqual([...new Set(lines)])
      for (const { where } of problems) expect(where?.column).toBeLessThanOrEqual(text.length)
      if (!spec) return expect(problems).not.toEqual([])
      const zones = new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets]))
      expect(compile(spec, [], zones).findings.filter(isFollowUp)).toBeInstanceOf(Array)
    }),
    { numRuns: 250 },
  )
})
