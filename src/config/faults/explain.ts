import type * as z from 'zod'
import { hintOf, quoted } from '../../../records/cut.js'
import type { Finding, SpecPath } from '../../../records/finding.js'
import { relayHint } from '../relays/relay-hint.js'
import { hintAt } from './hints.js'
import { didYouMean, suggest } from './suggest.js'

type Issue = z.core.$ZodIssue
type KnownKeys = (path: SpecPath) => readonly string[]

/** Words of older standards and of other tools, and what is written here instead. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    pct: 'RFC 9989 removed pct; use testing: true, which makes receivers apply the policy one level weaker',
    rf: 'RFC 9989 removed rf; leave it out',
    ri: 'RFC 9989 removed ri; leave it out',
    p: 'write policy',
    sp: 'write subdomains',
    np: 'write nonexistent',
    t: 'write testing: true',
    includes: 'write include',
    priority: 'write preference',
    ptr: 'write reverse',
    ip: 'write addresses: [...]',
    ip4: 'write addresses: [...]',
    ip6: 'write addresses: [...]',
    bits: 'write algorithms: [rsa-2048]',
    autoconfig: 'it is a key of clients',
    autodiscover: 'it is a key of clients',
    target: 'write targets: [...]',
    sources: 'mailsync has no sources: this file is the source; write targets only',
  }),
)

/**
 * What zod found, in the user's words: one finding a problem, at the deepest place that is known. What was written is named
 * only where the input was parsed with `reportInput`, so that the options of a provider, with their secrets, stay unsaid.
 *
 * @param knownKeys the keys that are allowed at a path, for "did you mean".
 */
export function explain(issues: readonly Issue[], knownKeys: KnownKeys, base: SpecPath = []): Finding[] {
  return issues.flatMap((issue) => explainIssue(issue, knownKeys, [...base, ...(issue.path as SpecPath)]))
}

function explainIssue(issue: Issue, knownKeys: KnownKeys, path: SpecPath): Finding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, knownKeys(path)))
    case 'invalid_union':
      return explainUnion(issue, knownKeys, path)
    case 'invalid_value': {
      if ('input' in issue && issue.input === undefined) return [missingKey(path)]
      const known = issue.values.map(String)
      const given = typeof issue.input === 'string' ? issue.input : undefined
      const message = `expected ${listed(known)}${'input' in issue ? `, found ${given === undefined ? describe(issue.input) : quoted(given)}` : ''}`
      const hint = 'input' in issue ? (hintAt(path, known, issue.input) ?? commentHint(issue.input, known)) : undefined
      return [error('spec-value', path, message, hint ?? (given === undefined ? undefined : didYouMean(given, known)))]
    }
    case 'invalid_type':
      return ['input' in issue && issue.input === undefined ? missingKey(path) : wrongType(issue, path)]
    case 'too_small':
    case 'too_big':
      return [error('spec-value', path, wrongSize(issue))]
    default:
      return [error('spec-value', path, issue.message, 'input' in issue ? hintAt(path, [], issue.input) : undefined)]
  }
}

/** For `none#parked`: YAML takes a `#` without a space before it for text. */
function commentHint(input: unknown, known: readonly string[]): string | undefined {
  const [word = '', ...comment] = typeof input === 'string' ? input.split('#') : []
  return comment.length > 0 && known.includes(word.trim()) ? 'a comment begins with a space and #' : undefined
}

function wrongSize(issue: Issue & { code: 'too_small' | 'too_big' }): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum
  if (limit === 1 && issue.code === 'too_small' && issue.origin === 'array') return 'the list is empty'
  if (limit === 1 && issue.code === 'too_small' && issue.origin === 'string') return 'the text is empty'
  if (issue.origin !== 'number' && issue.origin !== 'int') return issue.message
  const found = typeof issue.input === 'number' ? `, found ${issue.input}` : ''
  return `expected ${limit} or ${issue.code === 'too_small' ? 'more' : 'less'}${found}`
}

/** The branch of a union the user had in mind: the one that got furthest; where none did, what all of them expect. */
function explainUnion(
  { errors: branches, input }: Issue & { code: 'invalid_union' },
  knownKeys: KnownKeys,
  path: SpecPath,
): Finding[] {
  const inside =
    branches.find((issues) =>
      issues.some(({ path: deeper, code }) => deeper.length > 0 || code === 'unrecognized_keys'),
    ) ?? branches.find((issues) => issues.every(({ code }) => code === 'too_small' || code === 'too_big'))
  if (inside) return explain(inside, knownKeys, path)
  const expected = branches.flatMap((issues) =>
    issues.flatMap((issue) =>
      issue.code === 'invalid_value'
        ? issue.values.map(String)
        : issue.code === 'invalid_type'
          ? [typeName(issue.expected)]
          : [],
    ),
  )
  const found = input === undefined ? '' : `, found ${describe(input)}`
  const hint = input === undefined ? undefined : (hintAt(path, expected, input) ?? nearWord(branches, input))
  return [error('spec-type', path, `expected ${listed([...new Set(expected)])}${found}`, hint)]
}

/** The word of a union that was probably meant. */
function nearWord(branches: readonly (readonly Issue[])[], input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined
  const words = branches.flat().flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []))
  const near = suggest(input, words)
  return near && `did you mean ${near}?`
}

function unknownKey(key: string, path: SpecPath, known: readonly string[]): Finding {
  const isAnchors = path.length === 0 && /^(?:x-|\.)/.test(key)
  const hint = isAnchors
    ? 'there are no keys for anchors alone: write &name where the value is first used'
    : path.at(-1) === 'relays'
      ? relayHint(key)
      : (ELSEWHERE.get(key) ?? didYouMean(key, known))
  return { ...error('spec-unknown-key', [...path, key], `unknown key ${quoted(key)}`, hint), atKey: true }
}

function missingKey(path: SpecPath): Finding {
  return error('spec-missing-key', path, `the key ${quoted(String(path.at(-1)))} is missing`)
}

function wrongType(issue: Issue & { code: 'invalid_type' }, path: SpecPath): Finding {
  const found = 'input' in issue ? `, found ${describe(issue.input)}` : ''
  const hint = 'input' in issue ? hintAt(path, [typeName(issue.expected)], issue.input) : undefined
  return error('spec-type', path, `expected ${typeName(issue.expected)}${found}`, hint)
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['array', 'a list'],
  ['string', 'text'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
])

function typeName(expected: string): string {
  return TYPE_NAMES.get(expected) ?? expected
}

function describe(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'a mapping'
    : typeof value === 'string'
      ? `text ${quoted(value)}`
      : `the ${typeof value} ${JSON.stringify(value)}`
}

function listed(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), ...values.slice(-1)].filter(Boolean).join(' or ')
}

function error(rule: string, path: SpecPath, message: string, hint?: string): Finding {
  return { rule, severity: 'error', from: path, message, ...hintOf(hint) }
}
