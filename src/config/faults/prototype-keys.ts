import type { Finding, SpecPath } from '../../../records/finding.js'

const KEY = '__proto__'

/**
 * The keys `__proto__` of a raw spec. Most libraries pass over such a key without a word, as to write it into an object
 * would change what that object is; so it is told here, and nothing else looks at it.
 */
export function prototypeKeys(raw: unknown): Finding[] {
  const findings: Finding[] = []
  const seen = new Set<unknown>()
  const path: (string | number)[] = []
  const visit = (step: string | number, value: unknown): void => {
    if (typeof value !== 'object' && step !== KEY) return
    path.push(step)
    if (step === KEY) findings.push(findingAt([...path]))
    else walk(value)
    path.pop()
  }
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(index, item)
    else for (const key of Object.keys(value)) visit(key, (value as Readonly<Record<string, unknown>>)[key])
  }
  walk(raw)
  return findings
}

function findingAt(from: SpecPath): Finding {
  return {
    rule: 'spec-unknown-key',
    severity: 'error',
    from,
    message: `unknown key ${JSON.stringify(KEY)}`,
    hint: 'it is no name either: choose another word',
    atKey: true,
  }
}
