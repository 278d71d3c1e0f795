import * as z from 'zod'
import type { ProviderPlugin } from '../../../providers/provider.js'
import { MailsyncError } from '../../../records/error.js'
import type { Finding, SpecPath } from '../../../records/finding.js'
import { explain } from '../../config/faults/explain.js'
import type { MissingVariable } from '../env-values.js'

/** What was given to an adapter as its options. */
interface Given {
  readonly plugin: ProviderPlugin
  readonly input: unknown
  /** Variables that are not set, so that the options which need them have no value. */
  readonly missing: readonly MissingVariable[]
  /** Where the provider stands in the spec. */
  readonly from: SpecPath
}

/**
 * What an adapter's `options` has thrown, as findings. Where variables are missing, nothing is said that may only follow
 * from that. Throws what is no word about options.
 */
export function optionFindings(error: unknown, given: Given): Finding[] {
  if (error instanceof z.ZodError) return zodFindings(error.issues, given)
  const found = (error as { issues?: readonly { path: SpecPath; message: string; hint?: string }[] }).issues
  const issues = found ?? (error instanceof MailsyncError ? [{ ...withoutCode(error), path: [] }] : undefined)
  if (issues === undefined) throw error
  if (given.missing.length > 0) return []
  return issues.map(({ path, message, hint }) => ({
    rule: 'provider-option',
    severity: 'error',
    from: [...given.from, ...path],
    message,
    ...(hint === undefined ? {} : { hint }),
  }))
}

function withoutCode({ message, hint }: MailsyncError): { message: string; hint?: string } {
  return { message, ...(hint === undefined ? {} : { hint }) }
}

function zodFindings(issues: readonly z.core.$ZodIssue[], { plugin, input, missing, from }: Given): Finding[] {
  const unset = new Set(missing.map(({ path }) => JSON.stringify(path)))
  const told = issues
    .filter(({ code, path }) => missing.length === 0 || (code !== 'custom' && !unset.has(JSON.stringify(path))))
    .map((issue) => (valueAt(input, issue.path) === undefined ? { ...issue, input: undefined } : issue))
  const known = plugin.optionDocs.map(({ name }) => name)
  return (told as z.core.$ZodIssue[]).flatMap((issue) => {
    const found = explain([issue], () => known, from)
    return isOwnText(issue) ? found.map((one) => ({ ...one, message: withSubject(issue) })) : found
  })
}

/** What zod 4 says where an adapter says nothing itself. */
const ZOD_TEXT = /^(Invalid (input|option|string|number|key|element)|Too (small|big)|Unrecognized key)\b/

/** Whether the adapter says itself what is wrong with a value. With a type it has one text, also for an option that is not there. */
function isOwnText({ code, message }: z.core.$ZodIssue): boolean {
  return code !== 'unrecognized_keys' && code !== 'invalid_type' && !ZOD_TEXT.test(message)
}

function withSubject({ path, message }: z.core.$ZodIssue): string {
  const option = path.findLast((key) => typeof key === 'string')
  return option !== undefined && /^is\b/.test(message) ? `${option} ${message}` : message
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), input)
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}
