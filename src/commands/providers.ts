import { builtInClasses, loadBuiltIn } from '../../providers/index.js'
import type { OptionDoc, ProviderPlugin } from '../../providers/provider.js'
import type { ExitCode, Io } from '../cli/io.js'
import { checkZones, type ZoneReport } from '../connect/check-zones.js'
import { inert } from '../render/inert.js'
import { closeAll, openSession } from '../session.js'

export interface ProvidersOptions {
  readonly config: string
  /** Try the credentials of the spec, read-only. */
  readonly check: boolean
  /** `address[:port]` of a recursive resolver, for the delegation; the system's without it. */
  readonly resolver?: string | undefined
  readonly parallel: number
}

/** `mailsync providers`: the adapters there are; with `--check`, whether those of the spec can do their work. */
export async function providersCommand(options: ProvidersOptions, io: Io): Promise<ExitCode> {
  return options.check ? checkProviders(options, io) : listProviders(io)
}

async function listProviders({ out }: Io): Promise<ExitCode> {
  for (const type of builtInClasses) {
    const plugin = await loadBuiltIn(type)
    if (plugin) out.write(`${describe(plugin)}\n`)
  }
  out.write('An adapter of your own: class: ./my-adapter.js, or the name of an installed package.\n')
  return 0
}

function describe({ type, description, optionDocs, traits, limits = [] }: ProviderPlugin): string {
  const width = Math.max(...optionDocs.map(({ name }) => name.length))
  const atomic = {
    atomic: 'a zone at once, all or nothing',
    'per-rrset': 'RRset by RRset',
    'per-record': 'record by record',
  }[traits.write]
  const swap = traits.compareAndSwap
    ? 'the server refuses what somebody changed meanwhile'
    : 'compared right before the write'
  return [
    `${type}  ${description}`,
    ...optionDocs.map((option) => `  ${option.name.padEnd(width)}  ${describeOption(option)}`),
    `  holds ${traits.types.join(', ')}; TTL ${traits.ttl.min} to ${traits.ttl.max}; writes ${atomic}; ${swap}`,
    ...limits.map((limit) => `  ! ${limit}`),
    '',
  ].join('\n')
}

function describeOption({ description, required, default: fallback }: OptionDoc): string {
  if (required) return `${description} (required)`
  return fallback === undefined ? description : `${description} (default: ${fallback})`
}

async function checkProviders({ config, resolver, parallel }: ProvidersOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: config, env: io.env, online: true })
  const providers = await session.connect()
  try {
    const reports = await checkZones(session.spec, providers, { resolver, parallel, signal: io.signal })
    for (const report of reports) io.out.write(renderReport(report))
    return reports.some(({ failure }) => failure) ? 1 : 0
  } finally {
    await closeAll(providers)
  }
}

function renderReport({ zone, provider, failure, writable, delegation, remarks }: ZoneReport): string {
  if (failure)
    return `${zone}  ${provider}\n  not served: ${inert(failure.message)}\n${failure.hint ? `    ${inert(failure.hint)}\n` : ''}`
  const write = {
    yes: 'writable',
    no: 'NOT writable with these credentials',
    unknown: 'whether it can be written is only seen at the first write',
  }[writable]
  return [
    `${zone}  ${provider}`,
    `  served; ${write}`,
    `  ${delegation}`,
    ...remarks.map((remark) => `  ${inert(remark)}`),
    '',
  ].join('\n')
}
