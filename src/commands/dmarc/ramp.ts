import { MailsyncError } from '../../../records/error.js'
import { type RampDomain, ramp } from '../../dmarc/ramp/ramp.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { readSelection } from '../../plan/select.js'
import { renderRampJson } from '../../render/json/dmarc-ramp-json.js'
import { renderRamp } from '../../render/text/dmarc/ramp-text.js'
import { print } from '../../render/text/print.js'
import { openSession } from '../../session.js'
import { summarise } from './report.js'

export interface DmarcRampOptions {
  readonly config: string
  /** Files and folders with reports; `-` is standard input. */
  readonly files?: readonly string[] | undefined
  /** All that have a ramp where none is named. */
  readonly domain: readonly string[]
  /** Domains that go one stage back. */
  readonly back: readonly string[]
  readonly dryRun: boolean
  readonly format: 'text' | 'json'
}

/**
 * `mailsync dmarc ramp`: makes the policy of each domain one step stricter where reports show that little fails, in the file beside
 * the spec; DNS is not touched. Ends with 1 where a report cannot be read, as it may be the one that tells of failures.
 */
export async function dmarcRamp(options: DmarcRampOptions, io: Io): Promise<ExitCode> {
  const { config, files = [], domain, back, dryRun, format } = options
  const session = await openSession({ file: config, env: io.env, online: false })
  const { spec } = session
  const [only, backwards] = [domain, back].map((names) => new Set(readSelection(spec, [], names).domains))
  const ramping = spec.domains.filter(({ dmarc, mail }) => mail === 'normal' && dmarc !== false && dmarc.ramp)
  const known = new Set(ramping.map(({ name }) => name))
  for (const text of [...domain, ...back])
    if (!readSelection(spec, [], [text]).domains.every((name) => known.has(name)))
      throw new MailsyncError('usage', `${text} has no ramp`, {
        hint: 'write ramp: {} below its dmarc, with the policy it leads to',
      })
  if (files.length === 0 && back.length === 0)
    throw new MailsyncError('usage', 'the reports are missing', {
      hint: 'name them, or the folder they are in: mailsync dmarc ramp reports/',
    })
  const { domains, read } = await summarise(session, files, io, (report) => known.has(report.domain))
  const days = new Map(domains.map((summary) => [summary.domain, summary.days]))
  const chosen = ramping.filter(
    ({ name }) => backwards?.has(name) || (files.length > 0 && (only?.size === 0 || only?.has(name))),
  )
  const ramped = await ramp({
    file: config,
    domains: chosen.flatMap(({ name, dmarc }): RampDomain[] =>
      dmarc === false || dmarc.ramp === undefined
        ? []
        : [{ name, policy: dmarc.ramp, days: days.get(name) ?? [], back: backwards?.has(name) === true }],
    ),
    known,
    now: io.now(),
    dryRun,
    signal: io.signal,
  })
  if (format === 'json') io.out.write(renderRampJson(ramped, read.faults, dryRun))
  else print(io.out, renderRamp(ramped, read.faults, { colour: io.out.colour, dryRun }))
  return read.faults.length > 0 ? 1 : 0
}
