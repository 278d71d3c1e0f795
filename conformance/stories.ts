import { deepStrictEqual, ok } from 'node:assert/strict'
import { asHeld } from '../providers/as-held.js'
import type { MailRecord } from '../records/families/mail-record.js'
import type { RRset } from '../records/rr/rrset.js'
import { planOf, reconcile } from './planning.js'
import { a, mx, txt } from './rrsets.js'
import { type ConformanceSubject, contents, type Story, withZone, ZONE } from './subject.js'

const VERIFICATION = 'google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ'
const TENANT = 'MS=ms"1234\\5678"; kept '

interface ZoneStory {
  readonly title: string
  readonly seed: readonly RRset[]
  /** What the spec wants, step by step. */
  readonly steps: readonly (readonly MailRecord[])[]
  /** Values that strangers put there, which stay whatever happens. */
  readonly strangers: readonly RRset[]
}

function spf(value: string): MailRecord {
  return { rrset: txt('@', [value]), purpose: 'spf', from: ['domains', 'example.com', 'spf'] }
}

function host(address: string): MailRecord {
  return { rrset: a('mail', [address]), purpose: 'host', from: ['hosts', 'mail.example.com'] }
}

const strangers = txt('@', [VERIFICATION, TENANT], 1800)

const stories: readonly ZoneStory[] = [
  {
    title: 'the apex TXT story: an SPF is added, changed and removed between two strangers',
    seed: [strangers],
    steps: [[spf('v=spf1 ip4:192.0.2.10 ~all')], [spf('v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 -all')], []],
    strangers: [strangers],
  },
  {
    title: 'an SPF that only shares its name with A and MX comes and goes alone',
    seed: [a('@', ['192.0.2.80']), mx('@', [10, 'mail.example.net.'])],
    steps: [[spf('v=spf1 -all')], []],
    strangers: [a('@', ['192.0.2.80']), mx('@', [10, 'mail.example.net.'])],
  },
  {
    title: 'a stranger’s address beside ours is never touched',
    seed: [a('www', ['192.0.2.80'])],
    steps: [[host('192.0.2.10')], [host('192.0.2.11')], []],
    strangers: [a('www', ['192.0.2.80'])],
  },
]

export function storyCases(subject: ConformanceSubject): Story[] {
  return stories.map((story) => ({
    title: story.title,
    rrsets: [...story.seed, ...story.steps.flatMap((step) => step.map(({ rrset }) => rrset))],
    run: () => runStory(subject, story),
  }))
}

async function runStory(subject: ConformanceSubject, { seed, steps, strangers }: ZoneStory): Promise<void> {
  const held = (rrsets: readonly RRset[]): RRset[] => rrsets.map((rrset) => asHeld(subject.plugin, rrset))
  await withZone(subject, ZONE, held(seed), async ({ provider }) => {
    for (const step of steps) {
      const desired = step.map((record) => ({ ...record, rrset: asHeld(subject.plugin, record.rrset) }))
      await reconcile(provider, desired)
      const now = await contents(provider, ZONE)
      for (const stranger of held(strangers)) {
        const actual = now.find(({ name, type }) => name === stranger.name && type === stranger.type)
        ok(actual, `${stranger.name} ${stranger.type} is still there`)
        deepStrictEqual(
          stranger.rdata.filter((value) => !(actual.rdata as readonly unknown[]).some((kept) => isSame(kept, value))),
          [],
          'no stranger’s value is lost',
        )
        deepStrictEqual(actual.ttl, stranger.ttl, 'the TTL of a shared RRset stays')
      }
      deepStrictEqual((await planOf(provider, desired)).edits, [], 'planning again finds nothing to do')
    }
    deepStrictEqual(await contents(provider, ZONE), held(strangers), 'in the end only the strangers are left')
  })
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
