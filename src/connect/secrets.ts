import querystring from 'node:querystring'
import type { ProviderPlugin } from '../../providers/provider.js'
import type { SpecPath } from '../../records/finding.js'

/** Variables of SDKs with secrets, which an adapter may read although no option names them (2026-11). */
const SDK_SECRETS = ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']
/** Variables with an address to call, which may have a password in it: `https://user:password@proxy.example` (2026-11). */
const ADDRESSES = [
  'CLOUDFLARE_BASE_URL',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_ROUTE_53',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
]

/** What of the options of a provider, and of the variables that it may read, must not be seen. */
export function secretsOf(
  { optionDocs }: ProviderPlugin,
  options: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): unknown[] {
  const declared = optionDocs.filter(({ name, secret }) => secret === true && Object.hasOwn(options, name))
  const addresses = [...Object.values(options), ...ADDRESSES.map((name) => env[name])]
  return [
    ...declared.map(({ name }) => options[name]),
    ...SDK_SECRETS.map((name) => env[name]),
    ...addresses.flatMap(passwordsIn),
  ]
}

/** Whether a path of the options is in one that is declared `secret`. */
export function isSecret({ optionDocs }: ProviderPlugin, [option]: SpecPath): boolean {
  return optionDocs.some(({ name, secret }) => name === option && secret === true)
}

/** The password of an address: as it is written, as a URL writes it, and as it is meant. */
function passwordsIn(address: unknown): string[] {
  if (typeof address !== 'string' || !URL.canParse(address)) return []
  const { password } = new URL(address)
  const [, written = ''] = /^[^/]*\/\/[^/?#@:]*:([^/?#]*)@/.exec(address) ?? []
  return [written, password, querystring.unescape(password)]
}
