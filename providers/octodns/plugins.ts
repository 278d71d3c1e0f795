import type { RRType } from '../../records/rr/rdata.js'

/**
 * How a plugin hands TXT values over, and takes them. octoDNS has a text of its own for them, in which `;` is `\;`; what `"`
 * and `\` mean in it is left to each plugin, and many read and write them in two ways.
 *
 * - `raw`: they are themselves. `presentation`: they are escaped as in a zone file (RFC 1035 §5.1).
 * - `legacy` (`chunked_value` of octoDNS): `"` is itself, and `\` escapes.
 */
export interface TxtDialect {
  readonly read: 'raw' | 'presentation'
  readonly write: 'presentation' | 'legacy'
  /** Of the digits of `\ddd`; Route 53 has octal ones. */
  readonly radix: 8 | 10
}

/** What is known of a plugin and cannot be asked of its class. */
export interface KnownPlugin {
  /** Absent: values of plain characters only make the round trip. */
  readonly txt?: TxtDialect
  /** The lowest TTL that the provider takes, seconds. */
  readonly minTtl?: number
  /** A target without the dot at its end is absolute all the same. */
  readonly absolute?: boolean
  /** Types that it does not show as they are, so that none is written. */
  readonly mangles?: readonly RRType[]
}

const known = (
  read: TxtDialect['read'],
  write: TxtDialect['write'],
  { radix = 10, ...more }: Omit<KnownPlugin, 'txt'> & { readonly radix?: 8 | 10 } = {},
): KnownPlugin => ({ txt: { read, write, radix }, ...more })

/** By the top module of the class. Read from their sources, and tried, 2026-11. */
const KNOWN: Readonly<Record<string, KnownPlugin>> = {
  /** octodns-bind 1.1 */
  octodns_bind: known('raw', 'legacy'),
  /** octodns-powerdns 1.2 */
  octodns_powerdns: known('presentation', 'presentation'),
  /** octodns-hetzner 2.0, `backend: hcloud` */
  octodns_hetzner: known('presentation', 'legacy', { minTtl: 60 }),
  /** octodns-desec 1.3; a domain of deSEC has a `minimum_ttl` of its own, mostly this. It cuts the value of a CAA at its first blank. */
  octodns_desec: known('presentation', 'legacy', { minTtl: 3600, mangles: ['CAA'] }),
  /** octodns-route53 1.3 */
  octodns_route53: known('presentation', 'legacy', { radix: 8, absolute: true }),
  /** octodns-gandi 1.2 sends values without quotes. */
  octodns_gandi: { minTtl: 300 },
  /** octodns-ovh 1.2 */
  octodns_ovh: { minTtl: 60 },
}

/** The dotted path of a class in Python. */
export const CLASS_PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/

/** The module that has the class: `octodns_gandi` of `octodns_gandi.GandiProvider`. */
export function moduleOf(className: string): string {
  return className.slice(0, className.indexOf('.'))
}

export function knownPlugin(className: string): KnownPlugin {
  const module = moduleOf(className)
  return Object.hasOwn(KNOWN, module) ? (KNOWN[module] as KnownPlugin) : {}
}

/** The package on PyPI that most likely has the module; undefined where the name says nothing. */
export function packageOf(module: string): string | undefined {
  const [top = ''] = module.split('.')
  return /^octodns(_\w+)?$/.test(top) ? top.replaceAll('_', '-') : undefined
}
