import { displayName } from '../../../records/rr/name.js'
import { dmarcMeaning } from './dmarc-tags.js'
import { draftTerms } from './spf-terms.js'

/** What is written for a whole SPF record that stands where its keys are wanted. */
export function spfHint(record: string): string {
  const terms = draftTerms(record)
  const hosts = terms.flatMap((term) => (term.kind === 'a' && term.name !== undefined ? [displayName(term.name)] : []))
  const addresses = terms.flatMap((term) => (term.kind === 'address' ? [term.network] : []))
  const all = terms.flatMap((term) => (term.kind === 'all' ? [term.all] : []))
  const include = terms.flatMap((term) => (term.kind === 'include' ? [displayName(term.name)] : []))
  // A redirect counts only where there is no all (RFC 7208 §6.1).
  const redirect = terms.flatMap((term) => (term.kind === 'redirect' && all.length === 0 ? [term.domain] : []))
  const further = terms.flatMap((term) => {
    if (term.kind === 'term') return [term.written]
    return (term.kind === 'a' && term.name === undefined) || (term.kind === 'mx' && term.name) ? [term.text] : []
  })
  const exp = terms.flatMap((term) => (term.kind === 'exp' ? [term.domain] : []))
  const unsupported = terms.filter(({ kind }) => kind === 'unsupported' || kind === 'wrong')
  const keys = [
    ...list('hosts', hosts),
    ...(terms.some((term) => term.kind === 'mx' && term.name === undefined) ? [] : ['mx: false']),
    ...list('addresses', addresses),
    ...list('terms', further.map(quoted)),
    ...list('include', include),
    ...redirect.slice(0, 1).map((domain) => `redirect: ${quoted(domain)}`),
    ...exp.slice(0, 1).map((domain) => `exp: ${quoted(domain)}`),
    ...all.slice(0, 1).map((word) => `all: ${word}`),
  ]
  return written(
    'spf',
    keys,
    unsupported.map(({ text }) => text),
  )
}

/** What is written for a whole DMARC record that stands where its keys are wanted. */
export function dmarcHint(record: string): string {
  const { dmarc, unsupported } = dmarcMeaning(record)
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
  return written('dmarc', keys, unsupported)
}

/** A text as YAML takes it inside a list. */
function quoted(text: string): string {
  return /^[a-z_][\w.:/-]*$/i.test(text) ? text : JSON.stringify(text)
}

function list(key: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`${key}: [${values.join(', ')}]`]
}

function written(key: string, keys: readonly string[], unsupported: readonly string[]): string {
  const rest = unsupported.length === 0 ? '' : `; what has no key: ${unsupported.join(', ')}`
  return `write its keys: ${key}: ${keys.length === 0 ? '{}' : `{ ${keys.join(', ')} }`}${rest}`
}
