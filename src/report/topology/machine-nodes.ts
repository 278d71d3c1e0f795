import type { Compiled } from '../../../records/compile.js'
import { families } from '../../../records/families/index.js'
import type { Purpose } from '../../../records/families/mail-record.js'
import type { SpecPath } from '../../../records/finding.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { keyOf } from '../../../records/rr/rrset.js'
import type { Host, MailSpec } from '../../../records/spec.js'
import type { AddressLine, Link, MachineNode } from './graph.js'
import { markOf, partMark } from './mark.js'
import type { Subject } from './subjects.js'

/** The hosts of the spec, those that leave it, and whatever else the links lead to. */
export function machineNodes(
  spec: MailSpec,
  compiled: Compiled,
  subjects: ReadonlyMap<Name, Subject>,
  links: readonly Link[],
): MachineNode[] {
  const reverse = reverseNotes(compiled)
  const domains = new Set(spec.domains.map(({ name }) => name))
  const hosts = spec.hosts.map((host) => hostNode(host, domains.has(host.name), reverse, subjects.get(host.name)))
  const known = new Set(spec.hosts.map(({ name }) => name))
  const gone = [...subjects].flatMap(([name, subject]) => (known.has(name) ? [] : goneHost(name, subject)))
  const drawn = new Set([...hosts, ...gone].map(({ id }) => id))
  const others = new Map(
    links.filter(({ machine }) => !drawn.has(machine)).map((link) => [link.machine, otherNode(link)]),
  )
  for (const { machine, mark } of links) {
    const other = others.get(machine)
    if (other && mark !== other.mark) others.set(machine, { ...other, mark: 'same' })
  }
  return [...hosts, ...gone, ...others.values()]
}

function hostNode(host: Host, isDomain: boolean, reverse: ReverseNotes, subject: Subject | undefined): MachineNode {
  const isOwn = ({ purpose }: { purpose: Purpose }): boolean =>
    families[purpose].words.about === 'host' || (purpose === 'spf' && !isDomain)
  const records = subject?.records.filter(isOwn) ?? []
  const edits = subject?.edits.filter(isOwn) ?? []
  const line = (value: string, from: SpecPath): AddressLine => {
    const { note, key } = reverse.get(JSON.stringify(from)) ?? NO_PTR
    const own = partMark(edits, (text) => text === value)
    const ptrMoves = edits.some((edit) => edit.purpose === 'ptr' && edit.key === key)
    return { address: value, note, mark: own === 'same' && ptrMoves ? 'changed' : own }
  }
  const leaving = edits
    .flatMap(({ purpose, before, after }) =>
      purpose === 'host' ? before.filter((value) => !after.includes(value)) : [],
    )
    .filter((value) => host.addresses.every((address) => address.value !== value))
  return {
    id: displayName(host.name),
    kind: 'host',
    mark: markOf(records, edits),
    addresses: [
      ...host.addresses.map(({ value, from }) => line(value, from)),
      ...host.egress.map(({ value }): AddressLine => ({ address: value, note: 'sends only', mark: 'same' })),
      ...goneAddresses(leaving),
    ],
  }
}

function goneHost(name: Name, { records, edits }: Subject): MachineNode[] {
  const own = edits.filter(({ purpose }) => purpose === 'host')
  if (
    own.length === 0 ||
    own.some(({ after }) => after.length > 0) ||
    records.some(({ purpose }) => purpose === 'host')
  )
    return []
  const addresses = goneAddresses(own.flatMap(({ before }) => before))
  return [{ id: displayName(name), kind: 'host', mark: 'gone', addresses }]
}

function goneAddresses(values: readonly string[]): AddressLine[] {
  return [...new Set(values)].map((address) => ({ address, note: 'goes', mark: 'gone' }))
}

function otherNode({ machine, kind, mark }: Link): MachineNode {
  const isTerm = kind === 'sends'
  return {
    id: machine,
    kind: isTerm ? (machine.startsWith('include:') ? 'include' : 'network') : 'elsewhere',
    mark: mark === 'changed' ? 'same' : mark,
    addresses: [],
  }
}

interface ReverseNote {
  readonly note: string
  readonly key?: string
}

type ReverseNotes = ReadonlyMap<string, ReverseNote>

const NO_PTR: ReverseNote = { note: 'no PTR' }

/** What becomes of the PTR of an address, by its place in the spec. */
function reverseNotes({ zones, addressOwners, manual }: Compiled): ReverseNotes {
  const records = [...zones.values(), ...addressOwners.values()].flat().filter(({ purpose }) => purpose === 'ptr')
  return new Map<string, ReverseNote>([
    ...manual
      .filter(({ reverse }) => reverse?.kind !== 'delegation')
      .map(({ from }) => [JSON.stringify(from), { note: 'PTR by hand' }] as const),
    ...records.map(({ from, rrset }) => [JSON.stringify(from), { note: 'PTR', key: keyOf(rrset) }] as const),
  ])
}
