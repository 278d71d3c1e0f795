import { variableIn } from '../../connect/env-values.js'
import { SECRET_NAME } from '../../connect/secrets.js'
import { remark } from '../draft/remark.js'
import type { ProviderDraft } from './source.js'

const WITH_USER = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]+@/i

/** The variables people have these in already. */
const USUAL: Readonly<Record<string, string>> = {
  'rfc2136 key_secret': 'TSIG_SECRET',
  'cloudflare token': 'CLOUDFLARE_API_TOKEN',
  'hetzner token': 'HCLOUD_TOKEN',
  'powerdns api_key': 'POWERDNS_API_KEY',
  'route53 access_key_id': 'AWS_ACCESS_KEY_ID',
  'route53 secret_access_key': 'AWS_SECRET_ACCESS_KEY',
  'route53 session_token': 'AWS_SESSION_TOKEN',
}

/**
 * A provider as a spec may show it: no secret stands in it, but the environment variable that is to hold it.
 *
 * @param declared names of the options that the adapter declares `secret`; others count by their name
 */
export function draftProvider(
  name: string,
  type: string,
  options: Readonly<Record<string, unknown>>,
  declared: readonly string[] = [],
): ProviderDraft {
  const shown = Object.entries(options).map(([key, value]) => ({
    key,
    value,
    ...publicValue(type, key, value, declared.includes(key)),
  }))
  return {
    name,
    class: type,
    variables: shown.flatMap(({ variable }) => variable ?? []),
    options: Object.fromEntries(shown.map(({ key, written }) => [key, written])),
    remarks: shown.flatMap(({ key, variable }) =>
      variable === undefined
        ? []
        : [remark(key, `A secret has no place in this file: set the environment variable ${variable} to it.`)],
    ),
  }
}

/** The variables that have to be set before the spec works, because secrets were given otherwise. */
export function newVariables({ variables = [] }: ProviderDraft): readonly string[] {
  return variables
}

interface PublicValue {
  readonly written: unknown
  /** Set where the secret was given in the open. */
  readonly variable?: string
}

function publicValue(type: string, key: string, value: unknown, isDeclared: boolean): PublicValue {
  const isSecret = isDeclared || SECRET_NAME.test(key) || (typeof value === 'string' && WITH_USER.test(value))
  if (!isSecret) return { written: value }
  const named = variableIn(value)
  if (named) return { written: `env/${named.name}` }
  const variable = variableFor(type, key)
  return { written: `env/${variable}`, variable }
}

/** The environment variable for a secret option. */
export function variableFor(type: string, key: string): string {
  const own = `${type}_${key}`.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_/, '')
  return USUAL[`${type} ${key}`] ?? own.toUpperCase()
}
