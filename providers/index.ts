import type { ProviderPlugin } from './provider.js'

type Load = () => Promise<{ default: unknown }>

/** The adapters that come with mailsync. Each is loaded when a spec names it, so nobody waits for an SDK they do not use. */
const DNS_PROVIDERS: Readonly<Record<string, Load>> = {
  cloudflare: () => import('./cloudflare/index.js'),
  hetzner: () => import('./hetzner/index.js'),
  manual: () => import('./manual/index.js'),
  octodns: () => import('./octodns/index.js'),
  powerdns: () => import('./powerdns/index.js'),
  rfc2136: () => import('./rfc2136/index.js'),
  route53: () => import('./route53/index.js'),
  yaml: () => import('./yaml/index.js'),
}

/** Those that have no zones, but the PTRs of their addresses. */
const ADDRESS_OWNERS: Readonly<Record<string, Load>> = {
  azure: () => import('./azure/index.js'),
  digitalocean: () => import('./digitalocean/index.js'),
  ec2: () => import('./ec2/index.js'),
  gcp: () => import('./gcp/index.js'),
  'hetzner-robot': () => import('./hetzner-robot/index.js'),
  linode: () => import('./linode/index.js'),
  ovh: () => import('./ovh/index.js'),
  scaleway: () => import('./scaleway/index.js'),
  vultr: () => import('./vultr/index.js'),
}

const BUILT_IN = { ...DNS_PROVIDERS, ...ADDRESS_OWNERS }

/** The classes that hold zones. */
export const zoneClasses: readonly string[] = Object.keys(DNS_PROVIDERS)

/** The classes a spec may name without a file or package of its own. */
export const builtInClasses: readonly string[] = Object.keys(BUILT_IN)

/** Loads a built-in adapter; undefined for a class that is none. */
export async function loadBuiltIn(type: string): Promise<ProviderPlugin | undefined> {
  const load = Object.hasOwn(BUILT_IN, type) ? BUILT_IN[type] : undefined
  return load && ((await load()).default as ProviderPlugin)
}
