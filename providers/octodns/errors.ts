import { type ErrorCode, MailsyncError } from '../../records/error.js'
import { shortened } from '../http/reply.js'
import type { PluginError } from './bridge.js'
import { moduleOf, packageOf } from './plugins.js'
import { installLine, type Python } from './python.js'

/** What an error is about. */
export interface About {
  readonly python: Python
  /** The class of the provider in octoDNS. */
  readonly className: string
  readonly zone?: string
}

const AGAIN = 'run the same command again'

/**
 * By the names of the exception and the classes above it, in this order. Plugins name theirs as they like:
 * `GandiClientUnauthorized`, `CloudflareRateLimitError`, `DesecAPIMaxSleepExceeded` (read 2026-11).
 */
const BY_CLASS: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/RateLimit|Throttl|TooManyRequests|MaxSleep/i, 'rate-limited'],
  [/Unauthori[sz]ed|Authenticat|AuthError|NoCredentials|InvalidToken|PeerBad|InvalidCredential/i, 'authentication'],
  [/Forbidden|AccessDenied|NotGranted|Permission/i, 'permission'],
  [/NotFound|NoSuchHostedZone|UnknownDomain/i, 'zone-not-found'],
  [/Timeout|Timedout/i, 'timeout'],
  [/ConnectionError|ConnectionRefused|EndpointConnection|MaxRetries|5xx|^gaierror$|SSLError/i, 'unavailable'],
]

/** By what the exception says: dnspython puts the answer's code into the text, and some plugins have one class for all. */
const BY_TEXT: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/\bBAD(KEY|SIG|TIME)\b|peer didn't (know|like)|unauthori[sz]ed/i, 'authentication'],
  [/\bNOTAUTH\b|\bNOTZONE\b/, 'zone-not-found'],
  [/\bREFUSED\b/, 'permission'],
  [/\bSERVFAIL\b|Connection refused|Name or service not known/i, 'unavailable'],
  [/timed out/i, 'timeout'],
]

const HINTS: Partial<Record<ErrorCode, string>> = {
  authentication: 'check the credentials in `provider`',
  permission: 'check what these credentials may do',
  'zone-not-found': 'create the zone at the provider, or check whose credentials these are',
  'rate-limited': 'run the same command again later',
  unavailable: AGAIN,
  timeout: AGAIN,
}

/** What the status of an HTTP reply says is wrong. */
function codeOfStatus(status: number): ErrorCode | undefined {
  if (status === 401) return 'authentication'
  if (status === 403) return 'permission'
  if (status === 404) return 'zone-not-found'
  if (status === 408 || status === 504) return 'timeout'
  if (status === 429) return 'rate-limited'
  return status >= 500 ? 'unavailable' : undefined
}

/** An exception of Python in the user's words, with its own text. */
export function explain(error: PluginError, about: About): MailsyncError {
  if (error.kind !== 'exception') return ownWord(error, about)
  const { status, text, body = '' } = error
  const code = codeOf(error)
  const more = body.trim() !== '' && !text.includes(body.trim()) ? `; the API says: ${oneLine(body)}` : ''
  const wait = error.retryAfter ? `, and asks to wait ${error.retryAfter} s` : ''
  const http = status && !text.includes(String(status)) ? ` (HTTP ${status})` : ''
  const hint = HINTS[code]
  return new MailsyncError(
    code,
    `${packageOf(moduleOf(about.className)) ?? about.className} says: ${shortened(oneLine(text) || 'nothing')}${http}${wait}${shortened(more)}`,
    {
      ...(hint === undefined ? {} : { hint }),
      apiCode: error.class ?? 'exception',
    },
  )
}

function codeOf({ classes = [], status, text, phase }: PluginError): ErrorCode {
  // The zone was just read, so what is not there is something else.
  if (phase === 'apply' && status === 404) return 'rejected'
  const byClass = BY_CLASS.find(([pattern]) => classes.some((name) => pattern.test(name)))?.[1]
  const byStatus = status ? codeOfStatus(status) : undefined
  return byStatus ?? byClass ?? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? 'rejected'
}

/**
 * Whether an answer to the write itself came, so that nothing of it is still under way. A plugin that got none may have been
 * waiting for a write that is being carried out.
 */
export function isOver({ classes = [], status, text }: PluginError): boolean {
  if (status) return status !== 408 && status !== 504
  return (
    !classes.some((name) => /Timeout|Connection|OSError|EOFError|Incomplete|Chunked|Protocol/i.test(name)) &&
    !/timed out/i.test(text)
  )
}

/** What the bridge itself has to say. */
function ownWord({ kind, text, ...more }: PluginError, { python, className, zone }: About): MailsyncError {
  const told = (code: ErrorCode, message: string, hint: string): MailsyncError =>
    new MailsyncError(code, message, { hint, apiCode: kind, ...(zone === undefined ? {} : { where: { zone } }) })
  const module = String(more.module ?? moduleOf(className))
  const wanted = packageOf(module)
  const install = (packages: readonly string[]): string => installLine(python, packages)
  switch (kind) {
    case 'no-octodns':
      return told(
        'usage',
        `octoDNS is not installed for ${python.shown} (Python ${more.version}): ${oneLine(text)}`,
        install(['octodns>=1.22', ...(wanted === undefined || wanted === 'octodns' ? [] : [wanted])]),
      )
    case 'old-octodns':
      return told('usage', `octoDNS ${text} is too old; 1.22 is needed`, install(['octodns>=1.22']))
    case 'no-module':
      return told(
        'usage',
        `${python.shown} has no module ${module}`,
        wanted === undefined ? 'install the package that has it for that Python' : install([wanted]),
      )
    case 'no-class': {
      const names = Array.isArray(more.classes) ? more.classes.map((name) => `${module}.${name}`) : []
      return told(
        'usage',
        `${module} has no class ${text}`,
        names.length > 0 ? `it has ${names.join(', ')}` : 'it has no provider at all',
      )
    }
    case 'no-provider':
      return told(
        'usage',
        `${className} cannot be written to: it is no provider, only a source`,
        'name a provider class',
      )
    case 'options':
      return told('usage', `${className} does not take these options: ${oneLine(text)}`, 'see the README of the plugin')
    case 'no-list':
      return told('rejected', `${className} cannot list zones`, 'declare each zone by its name')
    case 'moved':
      return told('stale', `${recordText(more.record)} is not what the plan saw`, 'somebody changed it; plan again')
    case 'others':
      return told(
        'rejected',
        `${className} would also change ${listText(more.records)}, which is not asked for; nothing was written`,
        'this provider class rewrites what it reads; the zone cannot be written through it as it is',
      )
    case 'left':
      return told(
        'rejected',
        `${className} would leave ${listText(more.records)} as it is; nothing was written`,
        'it may move the TTL into what the provider allows: see `min_ttl`',
      )
    case 'meta':
      return told(
        'rejected',
        `${className} would also change settings of the zone: ${shortened(oneLine(text))}; nothing was written`,
        'take the option that asks for it out of `provider`',
      )
    case 'disabled':
      return told('rejected', 'apply_disabled is set, so nothing was written', 'take it out of `provider`')
    default:
      throw new Error(`bridge.py has no word ${kind}`)
  }
}

function recordText(record: unknown): string {
  const [name, type] = Array.isArray(record) ? record : []
  return `${name === '' ? '@' : name} ${type}`
}

function listText(records: unknown): string {
  const all = Array.isArray(records) ? records.map(recordText) : []
  return all.length > 5 ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} more` : all.join(', ')
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
