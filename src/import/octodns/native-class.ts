import { builtInClasses, loadBuiltIn } from '../../../providers/index.js'
import { moduleOf } from '../../../providers/octodns/plugins.js'

/** A provider of an octoDNS config, as a spec of mailsync names it. */
export interface TakenProvider {
  readonly class: string
  readonly options: Readonly<Record<string, unknown>>
  /** Options that have no meaning here. */
  readonly left: readonly string[]
}

interface NativeClass {
  readonly class: string
  /** What the native adapter has no word for and could not do without, so that the class of octoDNS stays. */
  readonly needs?: (options: Readonly<Record<string, unknown>>) => boolean
}

/** Classes of octoDNS with an adapter here, whose options have the same names (2026-11). */
const NATIVE: Readonly<Record<string, NativeClass>> = {
  'octodns.provider.yaml.YamlProvider': { class: 'yaml' },
  'octodns_bind.Rfc2136Provider': { class: 'rfc2136', needs: ({ ipv6 }) => ipv6 === true },
  'octodns_bind.BindProvider': { class: 'rfc2136', needs: ({ ipv6 }) => ipv6 === true },
  'octodns_cloudflare.CloudflareProvider': { class: 'cloudflare', needs: ({ email }) => email !== undefined },
  'octodns_route53.Route53Provider': { class: 'route53' },
  'octodns_powerdns.PowerDnsProvider': { class: 'powerdns' },
  'octodns_hetzner.HetznerProvider': { class: 'hetzner' },
}

/** The adapter here that takes the options of a class of octoDNS; undefined where there is none. */
export function nativeClass(className: string): string | undefined {
  return Object.hasOwn(NATIVE, className) ? NATIVE[className]?.class : undefined
}

/** Says what mailsync takes over for an octoDNS class: its own adapter where it has one that takes the same options. */
export async function takeProvider(
  className: string,
  options: Readonly<Record<string, unknown>>,
  python: string | undefined,
): Promise<TakenProvider> {
  const native = Object.hasOwn(NATIVE, className) ? NATIVE[className] : undefined
  const isOurs = native !== undefined && builtInClasses.includes(native.class) && !native.needs?.(options)
  const plugin = isOurs ? await loadBuiltIn(native.class) : undefined
  if (plugin === undefined)
    return {
      class: 'octodns',
      options: { ...(python === undefined ? {} : { python }), provider: { class: className, ...options } },
      left: [],
    }
  const known = new Set(plugin.optionDocs.map(({ name }) => name))
  const entries = Object.entries(options)
  return {
    class: plugin.type,
    options: Object.fromEntries(entries.filter(([key]) => known.has(key))),
    left: entries.flatMap(([key]) => (known.has(key) ? [] : key)),
  }
}

/** What environment variables of a class of octoDNS begin with. */
export function variablePrefix(className: string): string {
  return moduleOf(className).replace(/^octodns_/, '')
}
