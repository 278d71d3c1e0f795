import * as z from 'zod'
import { MAX_TTL } from '../../records/rr/rrset.js'
import type { OptionDoc } from '../provider.js'
import { CLASS_PATH } from './plugins.js'

export interface OctodnsOptions {
  /** Dotted path of the class in Python. */
  readonly className: string
  /** What its constructor takes. */
  readonly provider: Readonly<Record<string, unknown>>
  readonly python?: string
  /** Seconds for one read or write of a zone. */
  readonly timeout: number
  /** Seconds. */
  readonly minTtl?: number
}

const TIMEOUT = 300

export const optionDocs: readonly OptionDoc[] = [
  {
    name: 'provider',
    required: true,
    secret: 'env',
    description: 'the block of an octoDNS config, unchanged: `class: octodns_gandi.GandiProvider` and what it takes',
  },
  {
    name: 'python',
    default: '.venv/bin/python beside the spec, then python3',
    description: 'the interpreter that has octoDNS and the plugin: a path, or a name in PATH',
  },
  { name: 'timeout', default: String(TIMEOUT), description: 'seconds for one read or write of a zone' },
  {
    name: 'min_ttl',
    description: 'the lowest TTL the provider takes, seconds, where neither octoDNS nor mailsync knows it',
  },
]

/** Files of whole zones: octoDNS writes them anew, without what it was not given. */
const WHOLE_ZONE = /^octodns\.provider\.yaml\.|\.(ZoneFileProvider|ZoneFileSource)$/
/** Options that are numbers in the constructors of the plugins, which octoDNS makes of an `env/NAME` of digits (2026-11). */
const NUMERIC =
  /^(port|timeout|retries|backoff|max_sleep|default_ttl|min_ttl|update_batch_size|\w+_(count|period|page|threshold))$/

const provider = z
  .looseObject({
    class: z
      .string('write the class: `class: octodns_gandi.GandiProvider`')
      .regex(CLASS_PATH, 'is the dotted path of a Python class, for example octodns_gandi.GandiProvider')
      .refine(
        (name) => !WHOLE_ZONE.test(name),
        'it writes files of whole zones; zone files are for `class: yaml` of mailsync',
      ),
  })
  .transform(({ class: className, ...given }) => ({
    className,
    provider: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, asOctodns(key, value)])),
  }))

function asOctodns(key: string, value: unknown): unknown {
  return typeof value === 'string' && NUMERIC.test(key) && /^\d{1,9}$/.test(value) ? Number(value) : value
}

const seconds = z.coerce.number('is not a number of seconds')

const schema = z.strictObject({
  provider,
  python: z.string().trim().min(1, 'is empty').optional(),
  timeout: seconds.positive('is more than 0').max(86_400, 'is at most 86400').default(TIMEOUT),
  min_ttl: seconds.int().min(0, 'is 0 or more').max(MAX_TTL, `is at most ${MAX_TTL}`).optional(),
})

/** Throws a ZodError that names everything that is wrong. */
export function parseOptions(input: unknown): OctodnsOptions {
  const { provider: given, python, timeout, min_ttl: minTtl } = schema.parse(input ?? {})
  return {
    ...given,
    timeout,
    ...(python === undefined ? {} : { python }),
    ...(minTtl === undefined ? {} : { minTtl }),
  }
}
