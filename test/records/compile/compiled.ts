import { expect } from 'vitest'
import { type Compiled, compile } from '../../../records/compile.js'
import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import type { Finding } from '../../../records/finding.js'
import type { Name } from '../../../records/rr/name.js'
import { rdataText } from '../../../records/rr/rdata.js'
import type { MailSpec } from '../../../records/spec.js'
import { load } from '../../config/load.js'

/** A spec compiled, with what tests ask of it in short texts. */
export interface Read extends Compiled {
  /** Every record as `name type rdata`, zone after zone; with a type or purpose, only those. */
  records(only?: string): string[]
  /** `rule` of every finding. */
  readonly rules: readonly string[]
  finding(rule: string): Finding | undefined
}

/** Compiles a spec without errors of its own; its zones are the declared ones. */
export async function compiled(
  text: string,
  keys: readonly DkimPublicKey[] = [],
  led?: NonNullable<MailSpec['led']>,
): Promise<Read> {
  const { spec, problems } = await load(text)
  expect(problems).toEqual([])
  if (!spec) throw new Error('there is no spec')
  const seen = led === undefined ? spec : { ...spec, led }
  const result = compile(seen, keys, new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets])))
  return {
    ...result,
    records: (only) =>
      [...result.zones.values()]
        .flat()
        .filter(({ rrset, purpose }) => only === undefined || rrset.type === only || purpose === only)
        .flatMap(({ rrset }) =>
          rrset.rdata.map((rdata) => `${rrset.name} ${rrset.type} ${rdataText(rrset.type, rdata)}`),
        ),
    rules: result.findings.map(({ rule }) => rule),
    finding: (rule) => result.findings.find((one) => one.rule === rule),
  }
}

/** Providers and zones to put before hosts and domains. */
export function serving(...zones: string[]): string {
  const lines = zones.map((zone) => `  ${zone}: { targets: [dns] }\n`)
  return `providers: { dns: { class: yaml }, other: { class: yaml } }\nzones:\n${lines.join('')}`
}

/** A public key for a domain; what it holds is no real key. */
export function keyOf(domain: string, selector: string, more: Partial<DkimPublicKey> = {}): DkimPublicKey {
  return { domain: domain as Name, selector, algorithm: 'rsa-2048', state: 'signing', publicKey: 'MIIB', ...more }
}
