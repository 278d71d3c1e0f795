import { writeFile } from 'node:fs/promises'
import { fileError } from '../../providers/files/file-error.js'
import type { Compiled } from '../../records/compile.js'
import { MailsyncError } from '../../records/error.js'
import { observeHosts } from '../addresses/observe-hosts.js'
import { brokenMail, isUnsound } from '../apply/guards.js'
import { type ExitCode, exitCodeOf } from '../exit-code.js'
import type { Io } from '../io.js'
import { hasChanges, type Plan } from '../plan/plan.js'
import { readSelection } from '../plan/select.js'
import { renderPlanText } from '../render/text/plan-text.js'
import { print } from '../render/text/print.js'
import { unbrokenLines } from '../render/text/steps-text.js'
import { closeAll, openSession, type Session } from '../session.js'
import { type ProofOptions, planFor, provenFor, type RunOptions, verifiedFor } from './options.js'

export interface PlanOptions extends RunOptions, ProofOptions {
  readonly format: 'text' | 'json' | 'markdown' | 'html'
  /** File the plan is saved to, for `apply FILE`. */
  readonly out?: string | undefined
  readonly detailedExitcode: boolean
  /** Show what receivers see now. */
  readonly verify: boolean
  /** Ask DNS for the SPF of others, and whether zones with TLSA are signed. */
  readonly online: boolean
  /** Long values in full, and values that stay. */
  readonly verbose: boolean
}

/** `mailsync plan`: reads, compares, shows. Writes nothing but the file that `--out` names. */
export async function planCommand(options: PlanOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({
    file: options.config,
    env: io.env,
    online: true,
    onSecret: io.redaction.add,
    watch: io.watch,
    observe: observeHosts({
      file: options.config,
      env: io.env,
      onSecret: io.redaction.add,
      resolver: options.resolver,
      watch: io.watch,
      signal: io.signal,
    }),
  })
  const providers = await session.connect()
  try {
    const found = await planFor(session, providers, options, io)
    const { compiled } = found
    const costed = options.online || options.verbose ? await budgeted(found, session, options, io) : found.plan
    const proven = options.prove ? await provenFor({ ...found, plan: costed }, session, providers, options, io) : costed
    const plan = options.verify ? await verifiedFor(proven, session, options, io) : proven
    if (io.signal.aborted && plan.failures.length > 0)
      throw new MailsyncError('cancelled', 'the run was stopped before every zone was read; nothing was changed')
    if (options.format === 'text')
      print(
        io.out,
        renderPlanText(plan, { ...io.out, width: io.out.columns, verbose: options.verbose }),
        unbrokenLines(plan),
      )
    else io.out.write(await render(plan, compiled, session, options.format))
    if (options.out !== undefined) {
      const { renderPlanJson } = await import('../render/json/plan-json.js')
      await save(options.out, io.redaction.text(renderPlanJson(plan)))
      print(io.err, `The plan is saved in ${options.out}; carry it out with: mailsync apply ${options.out}\n`)
    }
    return exitCode(plan, options.detailedExitcode)
  } finally {
    await closeAll(providers)
  }
}

/** The plan with what the SPF of each domain costs receivers; with `--online`, the SPF of others and the DS of zones are asked for. */
async function budgeted(
  { plan, compiled }: { readonly plan: Plan; readonly compiled: Compiled },
  { spec, locate }: Session,
  { online, resolver: named, domain }: PlanOptions,
  io: Io,
): Promise<Plan> {
  const { spfBudgets, withBudgets } = await import('../spf/budgets.js')
  const { domains } = readSelection(spec, [], domain)
  if (!online) {
    const { notAsked } = await import('../spf/spec-dns.js')
    return withBudgets(plan, await spfBudgets(compiled, domains, notAsked), compiled, locate)
  }
  const { publicDns } = await import('../../providers/dns/client/public-dns.js')
  const { resolvedDns } = await import('../spf/resolved-dns.js')
  const { withSignedZones } = await import('../dnssec/with-signed-zones.js')
  const { resolver, close } = publicDns({ resolver: named })
  try {
    const budgets = await spfBudgets(compiled, domains, resolvedDns(resolver, io.signal))
    const signed = await withSignedZones(plan, compiled, resolver, { locate, signal: io.signal })
    return withBudgets(signed, budgets, compiled, locate)
  } finally {
    close()
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw fileError(error, file)
  }
}

async function render(
  plan: Plan,
  compiled: Compiled,
  { spec, locate }: Session,
  format: 'json' | 'markdown' | 'html',
): Promise<string> {
  if (format === 'json') return (await import('../render/json/plan-json.js')).renderPlanJson(plan)
  if (format === 'markdown') return (await import('../render/markdown/plan-markdown.js')).renderPlanMarkdown(plan)
  const { renderPlanHtml } = await import('../report/report.js')
  return renderPlanHtml({ plan, spec, compiled, locate })
}

function exitCode(plan: Plan, detailed: boolean): ExitCode {
  const failed = exitCodeOf([
    ...plan.failures,
    ...(isUnsound(plan) ? [{ code: 'spec' }] : []),
    ...brokenMail(plan).map(() => ({ code: 'guard' })),
  ])
  return failed === 0 && detailed && hasChanges(plan) ? 2 : failed
}
