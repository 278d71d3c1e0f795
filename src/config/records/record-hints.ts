import { displayName } from '../../../records/rr/name.js'
import { dmarcMeaning } from './dmarc-tags.js'
import { draftTerms } from './spf-terms.js'

/** What is written for a whole SPF record that stands where its keys are wanted. */
export function spfHint(record: string): string {
  const terms = draftTerms(record)
  const hosts = terms.flatMap((term) => (term.kind === 'a' && term.name !== undefined ? [displayName(term.name)] : []))
  const addresses = terms.flatMap((term) => (term.kind === 'address' ? [term.network] : []))
  const include = terms.flatMap((term) => (term.kind === 'include' ? [displayName(term.name)] : []))
  const all = terms.flatMap((term) => (term.kind === 'all' ? [term.all] : []))
  const unsaid = terms.filter(
    (term) =>
      term.kind === 'unsaid' ||
      term.kind === 'redirect' ||
      (term.kind === 'a' && term.name === undefined) ||
      (term.kind === 'mx' && term.name),
  )
  const keys = [
    ...list('hosts', hosts),
    ...(terms.some(({ kind }) => kind === 'mx') ? [] : ['mx: false']),
    ...list('addresses', addresses),
    ...list('include', include),
    ...all.slice(0, 1).map((word) => `all: ${word}`),
  ]
  return written(
    'spf',
    keys,
    unsaid.map(({ text }) => text),
  )
}

/** What is written for a whole DMARC record that stands where its keys are wanted. */
export function dmarcHint(record: string): string {
  const { dmarc, unsaid } = dmarcMeaning(record)
  const { policy, subdomains, nonexistent, testing, adkim, aspf, fo, rua, ruf } = dmarc
  const keys = [
    `policy: ${policy}`,
    ...(subdomains === undefined ? [] : [`subdomains: ${subdomains}`]),
    ...(nonexistent === undefined ? [] : [`nonexistent: ${nonexistent}`]),
    ...(testing ? ['testing: true'] : []),
    ...(adkim === 'strict' ? ['adkim: strict'] : []),
    ...(aspf === 'strict' ? ['aspf: strict'] : []),
    ...(fo === undefined ? [] : [`fo: "${fo}"`]),
    ...list('rua', rua),
    ...list('ruf', ruf),
  ]
  return written('dmarc', keys, unsaid)
}

function list(key: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`${key}: [${values.join(', ')}]`]
}

function written(key: string, keys: readonly string[], unsaid: readonly string[]): string {
  const rest = unsaid.length === 0 ? '' : `; what has no key: ${unsaid.join(', ')}`
  return `write its keys: ${key}: ${keys.length === 0 ? '{}' : `{ ${keys.join(', ')} }`}${rest}`
}
