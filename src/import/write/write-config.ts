import type { Name } from '../../../records/rr/name.js'
import { DEFAULT_TTL } from '../../config/build.js'
import type { Draft } from '../draft/draft.js'
import type { Remark } from '../draft/remark.js'
import { plainDomain, plainHost, written } from './plain-config.js'
import { commentLines, flow, keyLines, type Plain } from './yaml-text.js'

/** What is said around a spec: paragraphs at its beginning and its end. */
export interface Around {
  /** The path of the JSON Schema from the spec; undefined where there is none. */
  readonly schema: string | undefined
  readonly head: readonly string[]
  readonly tail: (draft: Draft) => readonly string[]
}

/** The text of the spec: its sections in README's order, every remark before the key it is about. */
export function writeSpec(draft: Draft, zones: readonly Name[], { schema, head, tail }: Around): string {
  const { provider, several, owner, ttl, hosts, domains } = draft
  const targetsOf = (zone: Name): readonly string[] => several?.targetsOf(zone) ?? [provider.name]
  const used = new Set(zones.flatMap(targetsOf))
  const providers = several?.drafts.filter(({ name }) => used.has(name)) ?? [provider]
  const comment = (text: string): string[] => ['#', ...commentLines(text, [], 0)]
  const sections = [
    [...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]), ...head.flatMap(comment)],
    [
      'providers:',
      ...providers.flatMap(({ name, class: type, options, remarks }) => [
        `  ${flow(name)}:`,
        ...part({ class: type, ...options } as Plain, remarks, 4),
      ]),
    ],
    ['zones:', ...zones.flatMap((zone) => keyLines(zone, { targets: targetsOf(zone) }, 2))],
    owner === undefined || owner === 'default' ? [] : keyLines('ownership', { owner }, 0),
    ttl === DEFAULT_TTL ? [] : keyLines('defaults', { ttl }, 0),
    hosts.size === 0 ? [] : ['hosts:', ...named(hosts, plainHost)],
    ['domains:', ...named(domains, plainDomain)],
    tail(draft).flatMap((text) => commentLines(text, [], 0)),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function named<T extends { readonly remarks: readonly Remark[] }>(
  parts: ReadonlyMap<Name, T>,
  plain: (item: T) => Plain,
): string[] {
  const entries = [...parts].map(([name, item]) => [`  ${flow(written(name))}:`, ...part(plain(item), item.remarks, 4)])
  const areLong = entries.some(({ length }) => length > 4)
  return entries.flatMap((lines, index) => (areLong && index > 0 ? ['', ...lines] : lines))
}

/** The keys of a mapping, each after what is said about it; keys without a value only have that. */
function part(keys: Plain, remarks: readonly Remark[], indent: number): string[] {
  return Object.entries(keys).flatMap(([key, value]: [string, Plain | undefined]) => [
    ...remarks.filter((remark) => remark.key === key).flatMap(({ text, lines }) => commentLines(text, lines, indent)),
    ...(value === undefined ? [] : keyLines(key, value, indent)),
  ])
}
