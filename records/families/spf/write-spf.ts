import { hasAll, networkText, type SpfDirective, type SpfRecord } from './read-spf.js'

/** The text of an SPF record, without what receivers would not heed. */
export function writeSpf(record: SpfRecord): string {
  const { directives, redirect, explanation, unknown } = record
  return [
    'v=spf1',
    ...directives.map(writeDirective),
    ...(redirect === undefined || hasAll(record) ? [] : [`redirect=${redirect}`]),
    ...(explanation === undefined ? [] : [`exp=${explanation}`]),
    ...unknown,
  ].join(' ')
}

/** One directive, without what it does not need to say. */
export function writeDirective(directive: SpfDirective): string {
  const head = `${directive.qualifier === '+' ? '' : directive.qualifier}${directive.kind}`
  if (directive.kind === 'all') return head
  if ('network' in directive) return `${head}:${networkText(directive)}`
  const { domain, bits4 = 32, bits6 = 128 } = directive
  const lengths = `${bits4 < 32 ? `/${bits4}` : ''}${bits6 < 128 ? `//${bits6}` : ''}`
  return `${head}${domain === undefined ? '' : `:${domain}`}${lengths}`
}
