import type { Address } from '../../records/rr/address.js'
import { type Name, parseName } from '../../records/rr/name.js'
import type { Problem } from './reading.js'

/** A source of addresses, as it is written: `dns:NAME`, `interface:NAME`, `http:URL` or `exec:COMMAND`. */
export type SourceText = `${SourceKind}:${string}`
export type SourceKind = 'dns' | 'interface' | 'http' | 'exec'

/** What the sources of one host told: the addresses, or why they are not known. */
export type Observation = { readonly addresses: readonly Address[]; readonly by: string } | { readonly failure: string }

/** By the key of the host in the spec. */
export type Observations = ReadonlyMap<string, Observation>

const KINDS: readonly string[] = ['dns', 'interface', 'http', 'exec']
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Reads a source. What it leads to is not looked at. */
export function parseSource(text: string): SourceText | Problem {
  const { kind, rest } = splitSource(text)
  const problem = (error: string, hint?: string): Problem => ({
    rule: 'address-source',
    error: `${JSON.stringify(text)}: ${error}`,
    ...(hint !== undefined && { hint }),
  })
  if (!KINDS.includes(kind) || rest === '')
    return problem(
      'it is no source of addresses',
      'write dns:NAME, interface:NAME, http:URL or exec:COMMAND, such as dns:home.dyn.example.net',
    )
  if (kind === 'dns' && typeof parseName(rest) !== 'string') return problem('it names no name to look up')
  if (kind === 'http') {
    const url = URL.canParse(rest) ? new URL(rest) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol))
      return problem('it has no URL', 'write the whole URL after http:, such as http:https://ip.example.net/')
    if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
      return problem('an answer over plain http may be anybody’s', `write https:${rest.slice('http:'.length)}`)
  }
  return text as SourceText
}

/** The kind of a source, and what follows it. */
export function splitSource(text: string): { kind: string; rest: string } {
  const colon = text.indexOf(':')
  return { kind: text.slice(0, Math.max(colon, 0)), rest: text.slice(colon + 1).trim() }
}

/** The name that a `dns:` source looks up. */
export function nameOfSource(rest: string): Name {
  return parseName(rest) as Name
}
