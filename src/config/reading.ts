import { cut, hintOf } from '../../records/cut.js'
import type { Finding, SpecPath } from '../../records/finding.js'
import { parseNetwork } from '../../records/rr/address.js'
import { isWildcard, type Name, parseHostname, parseName } from '../../records/rr/name.js'
import type { Located, TtlBy } from '../../records/spec.js'
import { parseDomain } from './domain-name.js'

/** Reads one text of the spec: what it means, or why it cannot be read. */
export type Parse<R extends string | Problem> = (text: string) => R

/** Why a text cannot be read, and the rule it breaks. */
export interface Problem {
  readonly rule: string
  readonly error: string
  readonly hint?: string
}

/** Reads the name of a zone, which people of reverse zones know by its network. */
function parseZoneName(text: string): Name | Problem {
  const network = text.includes('/') ? parseNetwork(text) : undefined
  if (typeof network === 'string')
    return {
      rule: 'name',
      error: `${cut(text)} is a network, and a zone has a name`,
      hint: 'write that of its reverse zone, such as 2.0.192.in-addr.arpa for 192.0.2.0/24',
    }
  const name = parseName(text)
  if (typeof name !== 'string' || !isWildcard(name)) return name
  return {
    rule: 'name',
    error: `${cut(text)} is no zone`,
    hint: "write the zone itself; '*' alone stands for all others",
  }
}

/** Collects findings while a spec is read, so that one bad name does not hide the next. What defaults hold is told once. */
export class Reading {
  readonly findings: Finding[] = []
  readonly #told = new Set<string>()
  readonly #ofDefaults = new Map<string, unknown>()

  report(rule: string, path: SpecPath, message: string, hint?: string, more: Partial<Finding> = {}): void {
    const place = JSON.stringify([rule, path])
    if (this.#told.has(place)) return
    this.#told.add(place)
    this.findings.push({
      rule,
      severity: 'error',
      from: path,
      message,
      ...hintOf(hint),
      ...more,
    })
  }

  /** The name that is the key at `path`, or undefined after reporting why it is none. */
  hostKey(text: string, path: SpecPath): Name | undefined {
    return this.#accept(parseHostname(text), path, true)
  }

  /** What the key at `path` says, or undefined after reporting why it says nothing. */
  key<R extends string | Problem>(text: string, path: SpecPath, parse: Parse<R>): Extract<R, string> | undefined {
    return this.#accept(parse(text), path, true)
  }

  domainKey(text: string, path: SpecPath): Name | undefined {
    return this.#accept(parseDomain(text), path, true)
  }

  zoneKey(text: string, path: SpecPath): Name | undefined {
    return this.#accept(parseZoneName(text), path, true)
  }

  hostname(text: string, path: SpecPath): Name | undefined {
    return this.#accept(parseHostname(text), path)
  }

  /** The items of a list that can be read, each with its place. */
  list<R extends string | Problem>(
    texts: readonly string[] | undefined,
    path: SpecPath,
    parse: Parse<R>,
  ): readonly Located<Extract<R, string>>[] {
    if (texts === undefined) return []
    return this.once(path, () =>
      texts.flatMap((text, index) => {
        const value = this.#accept(parse(text), [...path, index])
        return value === undefined ? [] : [{ value, from: [...path, index] }]
      }),
    )
  }

  /** What is read at a path. Of the defaults it is the same for all domains, and read for the first. */
  once<T>(path: SpecPath, read: () => T): T {
    if (path[0] !== 'defaults') return read()
    const key = path.join('.')
    if (!this.#ofDefaults.has(key)) this.#ofDefaults.set(key, read())
    return this.#ofDefaults.get(key) as T
  }

  /** What a single text says, or undefined after reporting why it says nothing. */
  text<R extends string | Problem>(text: string, path: SpecPath, parse: Parse<R>): Extract<R, string> | undefined {
    return this.#accept(parse(text), path)
  }

  #accept<R extends string | Problem>(parsed: R, path: SpecPath, atKey = false): Extract<R, string> | undefined {
    if (typeof parsed === 'string') return parsed as Extract<R, string>
    this.report(parsed.rule, path, parsed.error, parsed.hint, { atKey })
    return undefined
  }
}

/** Where the keys of a section are written: in the domain, or in the defaults. */
export function placesOf(raw: object | undefined, path: SpecPath): (key: string) => SpecPath {
  return (key) => (raw && Object.hasOwn(raw, key) ? [...path, key] : ['defaults', ...path.slice(-1), key])
}

/** TTLs in seconds by record, as a spec has them: `default` stands for the others. */
type WrittenTtls<Part extends string> = { readonly [P in Part | 'default']?: number | undefined }

/** The TTL of each record: what is written of it or of all, else the `default` beside it, else what is inherited. */
export function ttlsOf<Part extends string>(
  parts: readonly Part[],
  raw: number | WrittenTtls<Part> | undefined,
  inherited: number,
): TtlBy<Part> {
  if (typeof raw !== 'object') return sameTtls(parts, raw ?? inherited)
  return Object.fromEntries(parts.map((part) => [part, raw[part] ?? raw.default ?? inherited])) as Record<Part, number>
}

/** By the parts: most hosts and domains of a spec have one for all, and share it. */
const alike = new WeakMap<readonly string[], Map<number, TtlBy<string>>>()

function sameTtls<Part extends string>(parts: readonly Part[], ttl: number): TtlBy<Part> {
  const known = alike.get(parts) ?? new Map<number, TtlBy<string>>()
  alike.set(parts, known)
  const ttls = known.get(ttl) ?? Object.fromEntries(parts.map((part) => [part, ttl]))
  known.set(ttl, ttls)
  return ttls as TtlBy<Part>
}
