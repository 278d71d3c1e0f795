import type { Name } from '../../../rr/name.js'
import { readExplanation, readMacros } from '../domain-spec.js'
import { ask, type Evaluation } from './evaluation.js'
import { expand } from './expand.js'
import { fitName, targetName } from './target-name.js'
import { macroValues } from './validated-names.js'

/** Characters of an explanation that are kept, so that an SMTP reply has room for the rest (RFC 7208 §6.2, RFC 5321 §4.5.3.1.5). */
const MOST_CHARACTERS = 400
const PRINTABLE = /^[ -~]*$/

/** What `exp` says, undefined where it cannot be had: it then counts as not there (RFC 7208 §6.2). It costs none of the ten look-ups. */
export async function explain(spec: string, domain: Name, evaluation: Evaluation): Promise<string | undefined> {
  const pieces = readMacros(spec)
  if ('fault' in pieces) return undefined
  const values = macroValues(domain, evaluation)
  const target = targetName(fitName(await expand(pieces, values)))
  const answer = target === undefined ? undefined : await ask(evaluation.dns, target, 'TXT')
  if (answer?.kind !== 'answer' || answer.records.length !== 1) return undefined
  const text = readExplanation(answer.records[0] as string)
  if ('fault' in text) return undefined
  const explanation = await expand(text, values)
  return PRINTABLE.test(explanation) ? explanation.slice(0, MOST_CHARACTERS) : undefined
}
