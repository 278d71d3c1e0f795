import { readMx } from '../../../records/families/mx/mx.js'
import { networkText, readSpf } from '../../../records/families/spf/read-spf.js'
import { sendingHosts } from '../../../records/families/spf/senders.js'
import { displayName, type Name, ROOT, withoutDot } from '../../../records/rr/name.js'
import type { Domain, Host } from '../../../records/spec.js'
import type { Link } from './graph.js'
import { partMark } from './mark.js'
import type { Edit } from './subjects.js'

/** Which machine an address belongs to, now or before. */
export interface Senders {
  readonly hosts: ReadonlyMap<Name, Host>
  /** The address as text → the id of its machine. */
  readonly machineOf: ReadonlyMap<string, string>
  /** The addresses of a machine, by its id. */
  readonly hostOf: (id: string) => readonly string[] | undefined
}

/** What a domain receives at and sends from: first what the spec says, then what is taken away. */
export function linksOf(domain: Domain | { readonly name: Name }, edits: readonly Edit[], senders: Senders): Link[] {
  const stated = 'mx' in domain ? [...receiving(domain, edits), ...sending(domain, edits, senders)] : []
  const seen = new Set(stated.map(({ kind, machine }) => `${kind} ${machine}`))
  const gone = [...goneExchanges(edits), ...goneSenders(edits, senders)]
  return [
    ...stated,
    ...gone.filter(({ kind, machine }) => !seen.has(`${kind} ${machine}`) && seen.add(`${kind} ${machine}`)),
  ]
}

function receiving({ mx, mail }: Domain, edits: readonly Edit[]): Link[] {
  if (!Array.isArray(mx) || mail === 'none') return []
  return mx.map(({ host, preference }) => {
    const holds = (value: string): boolean => value.endsWith(` ${host}`)
    return { kind: 'receives', machine: displayName(host), preference, mark: partMark(of('mx', edits), holds) }
  })
}

function sending(domain: Domain, edits: readonly Edit[], { hosts, hostOf }: Senders): Link[] {
  if (domain.spf === false || domain.mail === 'none') return []
  const { all } = domain.spf
  const link = (machine: string, sources: readonly string[]): Link => {
    const holds = (value: string): boolean => sourcesOf(value).some((source) => sources.includes(source))
    return { kind: 'sends', machine, mark: partMark(of('spf', edits), holds) }
  }
  return [
    ...sendingHosts(domain, hosts).map(({ name }) => {
      const id = displayName(name)
      return link(id, hostOf(id) ?? [])
    }),
    ...domain.spf.addresses.map((address) => link(address, [address])),
    ...domain.spf.include.map(({ value }) => link(`include:${displayName(value)}`, [`include:${withoutDot(value)}`])),
    ...domain.spf.terms.filter(({ value }) => value.startsWith('include:')).map(({ value }) => link(value, [value])),
    ...(typeof all === 'string' ? [] : [link(redirectSource(all.redirect), [redirectSource(all.redirect)])]),
  ]
}

function goneExchanges(edits: readonly Edit[]): Link[] {
  return goneParts(of('mx', edits), (value) => [value]).flatMap((value): Link[] => {
    const mx = readMx(value).value
    if (mx === undefined || mx.exchange === ROOT) return []
    return [{ kind: 'receives', machine: displayName(mx.exchange), preference: mx.preference, mark: 'gone' }]
  })
}

function goneSenders(edits: readonly Edit[], { machineOf }: Senders): Link[] {
  return goneParts(of('spf', edits), sourcesOf).map((source) => ({
    kind: 'sends',
    machine: machineOf.get(source) ?? source,
    mark: 'gone',
  }))
}

/** Whom an SPF lets send: addresses and networks, and `include:NAME`. */
function sourcesOf(value: string): string[] {
  const { directives = [], redirect } = readSpf(value).value ?? {}
  const led = redirect === undefined ? [] : [redirectSource(redirect)]
  const named = directives.flatMap((term) => {
    if (term.qualifier !== '+' || term.kind === 'all') return []
    if ('network' in term) return [networkText(term)]
    return term.kind === 'include' ? [`include:${term.domain}`] : []
  })
  return [...named, ...led]
}

/** Another domain's SPF, whether it is included or takes the place of this one, is one place on the map. */
function redirectSource(domain: string): string {
  return `include:${withoutDot(domain)}`
}

function goneParts(edits: readonly Edit[], partsOf: (value: string) => readonly string[]): string[] {
  return edits.flatMap(({ before, after }) => {
    const stay = new Set(after.flatMap(partsOf))
    return before.flatMap(partsOf).filter((part) => !stay.has(part))
  })
}

function of(purpose: Edit['purpose'], edits: readonly Edit[]): Edit[] {
  return edits.filter((edit) => edit.purpose === purpose)
}
