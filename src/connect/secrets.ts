import querystring from 'node:querystring'
import type { ProviderPlugin } from '../../providers/provider.js'
import type { SpecPath } from '../../records/finding.js'
import type { FoundValue } from './env-values.js'

/** Variables of SDKs with secrets, which an adapter may read although no option names them (2026-11). */
const SDK_SECRETS = ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']
/** Variables with an address to call, which may have a password in it: `https://user:password@proxy.example` (2026-11). */
const ADDRESSES = [
  'CLOUDFLARE_BASE_URL',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_ROUTE_53',
  'AWS_ENDPOINT_URL_EC2',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
]

/** Options of any provider that hold a secret, by their names. */
export const SECRET_NAME = /secret|token|passw|passphrase|credential|api_?key|private_?key|access_key|^key$/i
/** Options of octoDNS's plugins that hold none, though their values may come from the environment (2026-11). */
const PLAIN_NAME =
  /^(host|hostname|server|server_id|port|scheme|region|endpoint|backend|directory|domain|timeout|ttl|ssl_verify)$/

/** What of the options of a provider, and of the variables that it may read, must not be seen. */
export function secretsOf(
  { optionDocs }: ProviderPlugin,
  options: Readonly<Record<string, unknown>>,
  { env, found }: { readonly env: Readonly<Record<string, string | undefined>>; readonly found: readonly FoundValue[] },
): unknown[] {
  const declared = optionDocs.filter(({ name, secret }) => secret === true && Object.hasOwn(options, name))
  const blocks = optionDocs.flatMap(({ name, secret }) => (secret === 'env' ? name : []))
  const fromEnv = found.filter(({ path }) => blocks.includes(String(path[0])) && !PLAIN_NAME.test(String(path.at(-1))))
  const addresses = [...leavesOf(options).map(([, value]) => value), ...ADDRESSES.map((name) => env[name])]
  return [
    ...declared.map(({ name }) => options[name]),
    ...fromEnv.map(({ value }) => value),
    ...blocks.flatMap((name) =>
      leavesOf(options[name]).flatMap(([key, value]) => (SECRET_NAME.test(key) ? value : [])),
    ),
    ...SDK_SECRETS.map((name) => env[name]),
    ...addresses.flatMap(passwordsIn),
  ]
}

/** What is no list or mapping in a value, each with the nearest key above it. */
function leavesOf(value: unknown, key = ''): [key: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[key, value]]
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, Array.isArray(value) ? key : name))
}

/** Whether a path of the options is in one that is declared `secret`. */
export function isSecret({ optionDocs }: ProviderPlugin, path: SpecPath): boolean {
  const [option] = path
  return optionDocs.some(
    ({ name, secret }) =>
      name === option && (secret === true || (secret === 'env' && !PLAIN_NAME.test(String(path.at(-1))))),
  )
}

/** The password of an address: as it is written, as a URL writes it, and as it is meant. */
function passwordsIn(address: unknown): string[] {
  if (typeof address !== 'string' || !URL.canParse(address)) return []
  const { password } = new URL(address)
  const [, written = ''] = /^[^/]*\/\/[^/?#@:]*:([^/?#]*)@/.exec(address) ?? []
  return [written, password, querystring.unescape(password)]
}
