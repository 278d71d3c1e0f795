import type { Tag } from '../../providers/provider.js'
import { quoted } from '../../records/cut.js'
import type { Address } from '../../records/rr/address.js'
import { type Name, parseName } from '../../records/rr/name.js'
import type { Problem } from './reading.js'

/** A source of addresses, as it is written: `dns:NAME`, `interface:NAME`, `http:URL`, `exec:COMMAND` or `PROVIDER:TAG=VALUE`. */
export type SourceText = `${string}:${string}`
export type SourceKind = 'dns' | 'interface' | 'http' | 'exec'

/** What the sources of one host told, and why those before did not; or why the addresses are not known, which may be a mistake of the spec. */
export type Observation =
  | { readonly addresses: readonly Address[]; readonly by: string; readonly missed?: string }
  | { readonly failure: string; readonly isMistake?: boolean }

/** Sources that tell the addresses of a host together. */
export type SourceGroup = readonly SourceText[]

type Providers = Readonly<Record<string, { readonly class: string }>>

/** By the key of the host in the spec. */
export type Observations = ReadonlyMap<string, Observation>

const KINDS: readonly string[] = ['dns', 'interface', 'http', 'exec']
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Reads a source. What it leads to is not looked at. */
export function parseSource(text: string, providers: Providers): SourceText | Problem {
  const { kind, rest } = splitSource(text)
  const problem = (error: string, hint?: string): Problem => ({
    rule: 'address-source',
    error: `${quoted(text)}: ${error}`,
    ...(hint !== undefined && { hint }),
  })
  const named = KINDS.includes(kind) ? [] : providersOfSource(kind, providers)
  if (named.length > 1)
    return problem(
      `${named.length} providers are of class ${kind}`,
      `write the name of one in its place: ${named.map((name) => `${name}:${rest}`).join(' or ')}`,
    )
  if (rest === '' || (named.length === 0 && !KINDS.includes(kind)))
    return problem(
      'it is no source of addresses',
      'write dns:NAME, interface:NAME, http:URL or exec:COMMAND, such as dns:home.dyn.example.net; or PROVIDER:TAG=VALUE with a provider of this spec, such as ec2:Name=mail',
    )
  if (named.length === 1 && readTag(rest) === undefined)
    return problem('it names no tag with a value', `write ${kind}:TAG=VALUE, such as ${kind}:Name=mail`)
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

/** The providers that the kind of a source names: by their name, else by their class. */
export function providersOfSource(kind: string, providers: Providers): string[] {
  if (Object.hasOwn(providers, kind)) return [kind]
  return Object.keys(providers).filter((name) => providers[name]?.class === kind)
}

/** The tag that a source of a provider asks for. */
export function readTag(rest: string): Tag | undefined {
  const [, key, value] = /^([^=]+)=(.+)$/s.exec(rest) ?? []
  return key === undefined || value === undefined ? undefined : { key: key.trim(), value: value.trim() }
}

/** The name that a `dns:` source looks up. */
export function nameOfSource(rest: string): Name {
  return parseName(rest) as Name
}
