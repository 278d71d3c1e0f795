import { MailsyncError } from '../../../records/error.js'
import { displayName, type Name, parseHostname } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import { didYouMean } from '../../config/faults/suggest.js'

/** The domains of a spec that are named; throws `usage` where one is not of it. */
export function domainsOf({ domains }: Pick<MailSpec, 'domains'>, file: string, named: readonly string[]): Name[] {
  const wanted = named.map((text) => readDomain('', text))
  const known = new Set(domains.map(({ name }) => name))
  const missing = wanted.find((name) => !known.has(name))
  if (missing === undefined) return [...new Set(wanted)]
  throw new MailsyncError('usage', `${displayName(missing)} is no domain of ${file}`, {
    hint:
      didYouMean(displayName(missing), [...known].slice(0, 1000).map(displayName)) ??
      `to look at a domain that is in no spec: mailsync verify --domain ${displayName(missing)}`,
  })
}

/** The name of a domain, as it was given with an option. */
export function readDomain(option: string, text: string): Name {
  const name = parseHostname(text)
  if (typeof name === 'string') return name
  throw new MailsyncError('usage', `${option}${name.error}`, { hint: name.hint ?? 'write a domain: example.com' })
}
