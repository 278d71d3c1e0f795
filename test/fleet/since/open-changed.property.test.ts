import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyPlan } from '../../../src/apply/apply-plan.js'
import { openSince } from '../../../src/fleet/since/open-since.js'
import type { Opened } from '../../../src/fleet/since/opened.js'
import { findRevision } from '../../../src/fleet/since/revision.js'
import type { Since } from '../../../src/fleet/since/since.js'
import { makePlan } from '../../../src/plan/make-plan.js'
import type { Plan } from '../../../src/plan/plan.js'
import { SpecErrors } from '../../../src/problem.js'
import { openSession, type Session } from '../../../src/session.js'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { type World, worldOf } from '../../worlds/world.js'

type Entries = Readonly<Record<string, object>>

/** A spec of a small hosting company, as plain data. */
interface Spec {
  readonly defaults: object
  readonly hosts: Entries
  readonly zones: Entries
  readonly domains: Entries
}

const CUSTOMERS = Array.from({ length: 12 }, (_, index) => `c${index}.example`)
/** Some customers have a domain in the zone of another one. */
const DOMAINS = [...CUSTOMERS, 'news.c1.example', 'a.shop.c2.example']
const ZONES = [...CUSTOMERS, 'shop.c2.example', 'hosting.example', '2.0.192.in-addr.arpa'].map((name) => `${name}.`)
const HOSTS = ['mx1.hosting.example', 'mx2.hosting.example', 'mail.c3.example']

const domain = fc.oneof(
  fc.constant({ mail: 'none' }),
  fc.record(
    {
      mx: fc.subarray(HOSTS, { minLength: 1 }),
      ttl: fc.constantFrom(60, 600),
      dmarc: fc.record({
        policy: fc.constant('reject'),
        rua: fc.subarray(['d@c1.example', 'd@C2.example', 'd@c5.example']),
      }),
      spf: fc.record({ include: fc.subarray(['c4.example', '_spf.example.net']) }),
      dkim: fc.constantFrom(false, { algorithms: ['ed25519'] }),
    },
    { requiredKeys: ['mx'] },
  ),
)
const zone = fc.constantFrom(...[['one'], ['two'], ['one', 'two']].map((targets) => ({ targets })))

const spec: fc.Arbitrary<Spec> = fc
  .tuple(
    fc.array(zone, { minLength: ZONES.length, maxLength: ZONES.length }),
    fc.array(domain, { minLength: DOMAINS.length, maxLength: DOMAINS.length }),
    fc.boolean(),
  )
  .map(([zones, domains, isReported]) => ({
    defaults: { dkim: false, dmarc: { policy: 'quarantine', ...(isReported && { rua: ['d@c0.example'] }) } },
    hosts: Object.fromEntries(HOSTS.map((name, index) => [name, { addresses: [`192.0.2.${index + 1}`] }])),
    zones: Object.fromEntries(ZONES.map((name, index) => [name, zones[index] as object])),
    domains: Object.fromEntries(DOMAINS.map((name, index) => [name, domains[index] as object])),
  }))

type Edit = (spec: Spec) => Spec

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...DOMAINS), domain).map(
      ([name, part]): Edit =>
        (one) => ({ ...one, domains: { ...one.domains, [name]: part } }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...DOMAINS).map(
      (name): Edit =>
        (one) => ({ ...one, domains: without(one.domains, name) }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('new.c6.example', 'www.shop.c2.example').map(
      (name): Edit =>
        (one) => ({ ...one, domains: { [name]: { mail: 'none' }, ...one.domains } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...ZONES), zone).map(
      ([name, part]): Edit =>
        (one) => ({ ...one, zones: { ...one.zones, [name]: part } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('shop.c2.example.', 'c7.example.').map(
      (name): Edit =>
        (one) => ({ ...one, zones: without(one.zones, name) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Edit>((one) => ({
      ...one,
      zones: { ...one.zones, 'news.c1.example.': { targets: ['one'] } },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Edit>((one) => ({
      ...one,
      hosts: { ...one.hosts, 'mx1.hosting.example': { addresses: ['192.0.2.77'] } },
    })),
  },
)

function without(entries: Entries, name: string): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name))
}

/** How specs are written: by hand, by a generator, in files of a few domains each. */
type Layout = (spec: Spec) => Readonly<Record<string, string>>

const PROVIDERS = { one: { class: 'memory' }, two: { class: 'memory' } }
const block = (entries: Entries, indent = '  '): string =>
  Object.entries(entries)
    .map(([name, part]) => {
      const lines = Object.entries(part).map(
        ([key, value]) => `${indent}  ${key}: ${JSON.stringify(value)} # of ${name}\n`,
      )
      return `${indent}${name}:\n${lines.join('')}`
    })
    .join('')
const head = ({ defaults, hosts }: Spec): string =>
  `providers: ${JSON.stringify(PROVIDERS)}\ndefaults: ${JSON.stringify(defaults)}\nhosts:\n${block(hosts)}`

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'one file': (one) => ({
    'mailsync.yaml': `---\n${head(one)}zones:\n${block(one.zones)}\n# Customers.\ndomains:\n${block(one.domains, '    ')}`,
  }),
  JSON: (one) => ({ 'mailsync.yaml': JSON.stringify({ providers: PROVIDERS, ...one }, null, 2) }),
  'JSON in one line': (one) => ({ 'mailsync.yaml': JSON.stringify({ providers: PROVIDERS, ...one }) }),
  'with anchors': (one) => {
    const names = new Map<string, string>()
    const lines = Object.entries(one.domains).map(([name, part]) => {
      const text = JSON.stringify(part)
      const anchor = names.get(text)
      if (anchor !== undefined) return `  ${name}: *${anchor}\n`
      names.set(text, `a${names.size}`)
      return `  ${name}: &${names.get(text)} ${text}\n`
    })
    return { 'mailsync.yaml': `${head(one)}zones:\n${block(one.zones)}domains:\n${lines.join('')}` }
  },
  'many files': (one) => {
    const names = Object.entries(one.domains)
    const [some, others] = [names.slice(0, 6), names.slice(6)].map((part) => Object.fromEntries(part)) as [
      Entries,
      Entries,
    ]
    return {
      'mailsync.yaml': `${head(one)}zones: !include zones.yaml\ndomains: !include\n  - some.yaml\n  - others.yaml\n`,
      'zones.yaml': block(one.zones, ''),
      'some.yaml': block(some),
      'others.yaml': JSON.stringify(others),
    }
  },
}

let space: Workspace
beforeAll(async () => {
  space = await workspace({})
  git('init', '--quiet')
})
afterAll(() => space.remove())

function git(...args: string[]): void {
  execFileSync('git', ['-C', space.directory, '-c', 'user.name=m', '-c', 'user.email=m@example.com', ...args])
}

async function write(files: ReturnType<Layout>): Promise<void> {
  for (const [file, text] of Object.entries(files)) await space.write(file, text)
}

async function unlessErrors<T>(opened: Promise<T>): Promise<T | undefined> {
  try {
    return await opened
  } catch (error) {
    if (error instanceof SpecErrors) return undefined
    throw error
  }
}

const signal = new AbortController().signal

function planOf(world: World, { session, since }: Pick<Opened, 'session' | 'since'>): Promise<Plan> {
  const { providers } = world
  const selection = { zones: [], domains: [] }
  return makePlan({
    ...session,
    providers,
    selection,
    since: since as Since | undefined,
    today: '2026-11-27',
    parallel: 3,
    signal,
  }).then(({ plan }) => plan)
}

/** What is told of the spec is another matter. */
function decided({ zones, unchanged, failures, keys, manual, narrowed, problems }: Plan): object {
  const left = problems.filter(({ rule }) => rule === 'zone-left')
  return { zones, unchanged, failures, keys, manual, narrowed, left }
}

test.each(Object.entries(LAYOUTS))(
  'a plan of what differs is the plan of the whole spec since then: %s',
  async (name, layout) => {
    let narrowed = 0
    let runs = 0
    await fc.assert(
      fc.asyncProperty(spec, fc.array(edit, { minLength: 1, maxLength: 2 }), async (before, edits) => {
        const now = edits.reduce((one, change) => change(one), before)
        await write(layout(before))
        git('add', '--all')
        git('commit', '--quiet', '--allow-empty', '--message', 'before')
        const options = { file: space.path('mailsync.yaml'), env: {}, online: false }
        const zones = Object.fromEntries([...ZONES, 'news.c1.example.'].map((name) => [name, []]))
        const world = await worldOf({ one: zones, two: zones })
        const first = await unlessErrors(openSession(options))
        fc.pre(first !== undefined)
        await applyPlan({
          plan: await planOf(world, { session: first as Session }),
          providers: world.providers,
          parallel: 2,
          signal,
        })
        await write(layout(now))
        const place = { env: { PATH: process.env.PATH ?? '' }, signal }
        const revision = await findRevision('HEAD', options.file, place)
        const [changed, all] = await Promise.all(
          [false, true].map((isWhole) => unlessErrors(openSince(revision, { ...options, isWhole }, place))),
        )
        expect(changed === undefined).toBe(all === undefined)
        if (changed === undefined || all === undefined) return
        runs++
        expect(all.since).not.toHaveProperty('everything')
        expect(decided(await planOf(world, changed))).toEqual(decided(await planOf(world, all)))
        expect(changed.session.spec.domains.length).toBeLessThanOrEqual(all.session.spec.domains.length)
        narrowed += all.session.spec.domains.length - changed.session.spec.domains.length
      }),
      { numRuns: 15 },
    )
    expect(narrowed).toBeGreaterThan(name === 'with anchors' ? 0 : runs * 2)
  },
)
