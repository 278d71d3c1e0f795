import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Provider } from '../../providers/provider.js'
import { diffZone, type ZoneDiff } from '../../records/diff.js'
import type { MailRecord } from '../../records/families/mail-record.js'
import { isManifestName } from '../../records/manifest.js'
import type { Address } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { ARPA, reverseName } from '../../records/rr/reverse.js'
import { type AnyRRset, afterOf, type Change, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { type Place, zoneWith } from '../../records/rr/zone.js'
import { changesBetween } from '../rrsets.js'
import { assertHolds, assertWritten, type ConformanceSubject, never, type Story, withZone } from '../subject.js'

/** Of the account that an address owner is tried on; see `open` of the subject. */
export const OWNED = ['192.0.2.10', '192.0.2.11', '192.0.2.12', '2001:db8:0:1::10', '2001:db8:0:1::11'] as Address[]
/** Nobody's. */
const FOREIGN = '203.0.113.99' as Address

/** The PTR of an address, with the TTL that all address owners show. */
export function ptrOf(address: string, target: string): RRset {
  return { type: 'PTR', name: reverseName(address as Address), ttl: 0, rdata: [target as Name] }
}

/** The provider's default instead of a PTR, for `edit`. */
export function unset(address: string): RRset {
  return { type: 'PTR', name: reverseName(address as Address), ttl: 0, rdata: [] }
}

function placesOf(addresses: readonly string[]): Place[] {
  return addresses.map((address) => ({ name: reverseName(address as Address), type: 'PTR' }))
}

/** The PTRs of some addresses, by name. */
export async function ptrsOf(provider: Provider, addresses: readonly string[]): Promise<RRset[]> {
  return (await provider.read(ARPA, never, placesOf(addresses))) as RRset[]
}

const ONE = '192.0.2.10'
const mail = ptrOf(ONE, 'mail.example.com.')
const smtp = ptrOf(ONE, 'smtp.example.com.')
const six = (target: string): RRset => ptrOf('2001:db8:0:1::10', target)

interface Transition {
  readonly title: string
  readonly addresses: readonly string[]
  /** The account holds the first state, then is taken to each of the others in turn. */
  readonly states: readonly (readonly RRset[])[]
}

const transitions: readonly Transition[] = [
  {
    title: 'the PTR of an IPv4 address is set, changed and given back',
    addresses: [ONE],
    states: [[], [mail], [smtp], []],
  },
  {
    title: 'the PTR of one IPv6 address of a network is set, changed and given back',
    addresses: ['2001:db8:0:1::10', '2001:db8:0:1::11'],
    states: [
      [],
      [six('mail.example.com.')],
      [six('smtp.example.com.'), ptrOf('2001:db8:0:1::11', 'b.example.com.')],
      [],
    ],
  },
  {
    title: 'several addresses in one write, set, changed and given back at once',
    addresses: ['192.0.2.10', '192.0.2.11', '192.0.2.12'],
    states: [
      [ptrOf('192.0.2.11', 'old.example.com.'), ptrOf('192.0.2.12', 'gone.example.com.')],
      [mail, ptrOf('192.0.2.11', 'new.example.com.')],
    ],
  },
  {
    title: 'one name is the PTR of several addresses',
    addresses: ['192.0.2.10', '192.0.2.11'],
    states: [[], [mail, ptrOf('192.0.2.11', 'mail.example.com.')], [mail]],
  },
  {
    title: 'a host moves to another address: the new one is set, and the old one given back',
    addresses: ['192.0.2.10', '192.0.2.11'],
    states: [[mail], [ptrOf('192.0.2.11', 'mail.example.com.')]],
  },
]

export function addressCases(subject: ConformanceSubject): Story[] {
  return [
    ...transitions.map((transition) => ({
      title: transition.title,
      rrsets: transition.states.flat(),
      run: () => runTransition(subject, transition),
    })),
    { title: 'a name with capitals is read in lower case', rrsets: [mail], run: () => readCapitals(subject) },
    { title: 'the provider’s default is no record, and is told', rrsets: [mail], run: () => readDefault(subject) },
    {
      title: 'an address of nobody here is locked, and never written',
      rrsets: [mail],
      run: () => foreignAddress(subject),
    },
    {
      title: 'only the addresses that are asked for are shown',
      rrsets: [mail, ptrOf('192.0.2.11', 'b.example.com.')],
      run: () => readSome(subject),
    },
    { title: 'a zone that is none of reverse names is told apart', rrsets: [], run: () => readZone(subject) },
    { title: 'a stranger’s PTR is adopted before it is changed', rrsets: [mail, smtp], run: () => adopt(subject) },
    {
      title: 'what was there and only claimed stays when its host leaves the spec',
      rrsets: [mail],
      run: () => claim(subject),
    },
    {
      title: 'the PTR that mailsync set is given back when its host leaves the spec',
      rrsets: [mail],
      run: () => release(subject),
    },
  ]
}

async function runTransition(subject: ConformanceSubject, { addresses, states }: Transition): Promise<void> {
  const [first = [], ...others] = states
  await withZone(subject, ARPA, first, async ({ provider }) => {
    let current = await ptrsOf(provider, addresses)
    assertHolds(current, first, 'the account as it was made is read back')
    for (const wanted of others) {
      const changes = changesBetween(current, wanted)
      const result = await provider.write(ARPA, changes, never)
      assertWritten(result)
      deepStrictEqual([...result.applied], changes, 'every change is reported as applied')
      current = await ptrsOf(provider, addresses)
      assertHolds(current, wanted, 'what is read back equals what was written')
    }
  })
}

async function readCapitals(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider, edit }) => {
    await edit([ptrOf(ONE, 'Mail.Example.COM.')])
    assertHolds(await ptrsOf(provider, [ONE]), [mail], 'names are in lower case, with the dot at the end')
  })
}

async function readDefault(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [mail], async ({ provider }) => {
    assertWritten(await provider.write(ARPA, [{ kind: 'delete', before: mail }], never))
    deepStrictEqual(await ptrsOf(provider, [ONE]), [])
    const told = provider.providerDefault?.(mail.name)
    ok(told === undefined || (told.endsWith('.') && told === told.toLowerCase()), 'the default is a name')
  })
}

async function foreignAddress(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider }) => {
    const [set] = await ptrsOf(provider, [FOREIGN])
    deepStrictEqual([set?.name, set?.rdata], [reverseName(FOREIGN), []])
    ok(set?.locked?.includes(FOREIGN), 'it says which address is not the account’s')
    const change: Change = { kind: 'create', after: ptrOf(FOREIGN, 'mail.example.com.') }
    const own: Change = { kind: 'create', after: mail }
    const { applied, failure } = await provider.write(ARPA, [own, change], never)
    deepStrictEqual([[...applied], failure?.code], [[], 'stale'])
    deepStrictEqual(await ptrsOf(provider, [ONE]), [], 'nothing was written')
  })
}

async function readSome(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [mail, ptrOf('192.0.2.11', 'b.example.com.')], async ({ provider }) => {
    assertHolds(await ptrsOf(provider, [ONE]), [mail], 'the others are left out')
    deepStrictEqual(await provider.read(ARPA, never, []), [])
    deepStrictEqual(await provider.zones(never), [ARPA])
  })
}

async function readZone(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider }) => {
    const told = await provider.read('example.com.' as Name, never, []).then(
      () => 'it was read',
      ({ code }: { code?: string }) => code,
    )
    deepStrictEqual(told, 'zone-not-found')
  })
}

const wanted: MailRecord = { rrset: mail, purpose: 'ptr', from: ['hosts', 'mail.example.com', 'addresses', 0] }

/** Plans and writes, with what is owned remembered in this list, as mailsync remembers it in a file. */
async function reconcile(provider: Provider, desired: readonly MailRecord[], memory: RRset[]): Promise<ZoneDiff> {
  const read = await provider.read(ARPA, never, placesOf(OWNED.filter((address) => !address.includes(':'))))
  const zone = zoneWith(ARPA, [...(read as AnyRRset[]), ...memory])
  const diff = diffZone({ zone, desired, owner: 'default', manifestTtl: 0 })
  const changes = diff.edits.map(({ change }) => change)
  const isMemory = (change: Change): boolean => isManifestName(ARPA, subjectOf(change).name)
  const own = changes.filter((change) => !isMemory(change))
  if (own.length > 0) assertWritten(await provider.write(ARPA, own, never))
  const kept = changes.filter(isMemory)
  const gone = new Set(kept.map((change) => subjectOf(change).name))
  memory.splice(
    0,
    memory.length,
    ...memory.filter(({ name }) => !gone.has(name)),
    ...kept.flatMap((change) => afterOf(change) ?? []),
  )
  return diff
}

async function adopt(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [smtp], async ({ provider }) => {
    const { edits } = await reconcile(provider, [wanted], [])
    deepStrictEqual(edits[0]?.edits[0]?.adopts, true)
    assertHolds(await ptrsOf(provider, [ONE]), [mail], 'it is changed all the same, where that was agreed to')
  })
}

async function claim(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [mail], async ({ provider }) => {
    const memory: RRset[] = []
    deepStrictEqual((await reconcile(provider, [wanted], memory)).claimed, [wanted])
    deepStrictEqual((await reconcile(provider, [wanted], memory)).edits, [], 'planning again finds nothing to do')
    deepStrictEqual(
      (await reconcile(provider, [], memory)).left.map(({ name }) => name),
      [mail.name],
    )
    assertHolds(await ptrsOf(provider, [ONE]), [mail], 'it is left as it is')
    deepStrictEqual(memory, [])
  })
}

async function release(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider }) => {
    const memory: RRset[] = []
    await reconcile(provider, [wanted], memory)
    assertHolds(await ptrsOf(provider, [ONE]), [mail], 'it is set where the provider’s default was')
    deepStrictEqual((await reconcile(provider, [wanted], memory)).edits, [], 'planning again finds nothing to do')
    deepStrictEqual((await reconcile(provider, [], memory)).removed.length, 1)
    deepStrictEqual([await ptrsOf(provider, [ONE]), memory], [[], []])
  })
}
