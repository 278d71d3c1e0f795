import { displayName, type Name, parseName } from '../../rr/name.js'
import { joinedTxt } from '../../rr/txt.js'
import type { CompileInput, Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { none, type Reading } from '../reading.js'
import { memberName } from './member.js'
import { observeCatalog } from './observe.js'

/** The member zones of catalog zones (RFC 9432): what secondary servers read to know which zones to serve. */
export const catalog: Family<'catalog', string> = {
  purpose: 'catalog',
  types: ['PTR', 'TXT'],
  // A zone has its records before secondaries are told of it, and loses them after that.
  rank: 8,
  read: (text): Reading<string> =>
    text === '' ? none([{ section: 'RFC 9432 §4.1', message: 'it is empty' }]) : { value: text, faults: [] },
  write: (value) => value,
  same: (a, b) => a === b,
  compile: (input) => ({ records: [...input.spec.zones.keys()].flatMap((zone) => membersOf(zone, input)) }),
  rules: [],
  observe: observeCatalog,
  words: {
    noun: 'catalog entry',
    topic: 'Catalogs of zones',
    form: 'plain',
    about: 'domain',
    subjects: (_, values) => values.flatMap((value) => readMember(value) ?? []),
    effect({ name, step, before, after, listed }) {
      const values = step === 'ends' ? before : after
      if (name.startsWith('group.')) return `Secondaries that read the catalog treat a zone as ${listed(values)}`
      const zones = listed(values.map((value) => displayName(value as Name)))
      return `Secondaries that read the catalog ${step === 'ends' ? 'stop serving' : 'serve'} ${zones}`
    },
  },
}

/** What stands in a catalog: the other declared zones that one of its providers holds. */
function membersOf(zone: Name, { spec }: CompileInput): MailRecord[] {
  const declared = spec.zones.get(zone)
  if (declared?.catalog === undefined) return []
  const { group } = declared.catalog
  const { targets } = declared
  return [...spec.zones].flatMap(([member, { targets: own, catalog: other }]): MailRecord[] => {
    if (member === zone || other !== undefined || !own.some((target) => targets.includes(target))) return []
    const name = memberName(member, zone)
    const place = { purpose: 'catalog', from: [...declared.from, 'catalog'] } as const
    return [
      { ...place, rrset: { type: 'PTR', name, ttl: spec.ttl, rdata: [member] } },
      ...(group === undefined
        ? []
        : [
            { ...place, rrset: { type: 'TXT', name: `group.${name}` as Name, ttl: spec.ttl, rdata: [group] } } as const,
          ]),
    ]
  })
}

function readMember(value: string): Name | undefined {
  const name = value.endsWith('.') ? parseName(joinedTxt(value)) : undefined
  return typeof name === 'string' ? name : undefined
}
