import { type Certificate, casesOf, certificates, groundOf } from '../../../conformance/certificates.js'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { builtInClasses, loadBuiltIn } from '../../../providers/index.js'
import type { OptionDoc, ProviderPlugin } from '../../../providers/provider.js'
import { checkZones } from '../../connect/check/check-zones.js'
import type { ZoneReport } from '../../connect/check/zone-report.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { inert } from '../../render/inert.js'
import { inertLines } from '../../render/inert-lines.js'
import { jsonText } from '../../render/json/json-text.js'
import { print } from '../../render/text/print.js'
import { closeAll, openSession } from '../../session.js'
import { onlineOptions } from '../options/open-options.js'

export interface ProvidersOptions {
  readonly config: string
  /** Try the credentials of the spec, read-only. */
  readonly check: boolean
  /** For the delegation; `address[:port]`, or `root` to ask none; the system's without it. */
  readonly resolver?: string | undefined
  readonly parallel: number
  readonly format: 'text' | 'json'
}

/** `mailsync providers`: the adapters there are; with `--check`, whether those of the spec can do their work. */
export async function providersCommand(options: ProvidersOptions, io: Io): Promise<ExitCode> {
  return options.check ? checkProviders(options, io) : listProviders(options, io)
}

async function listProviders({ format }: ProvidersOptions, { out }: Io): Promise<ExitCode> {
  const plugins = (await Promise.all(builtInClasses.map(loadBuiltIn))).flatMap((plugin) =>
    plugin ? sidesOf(plugin) : [],
  )
  const of = (kind: Side['kind']): string[] => plugins.filter((plugin) => plugin.kind === kind).map(describe)
  if (format === 'json')
    out.write(jsonText({ format: 'mailsync-providers', version: 1, providers: plugins.map(dataOf) }))
  else
    print(
      out,
      [
        'DNS providers, for the `targets` of a zone:\n',
        ...of('dns-provider'),
        'Address owners, for `reverse` of a host; they keep the PTRs of their own addresses:\n',
        ...of('address-owner'),
        'An adapter of your own: class: ./my-adapter.js, or the name of an installed package.\n',
      ].join('\n'),
    )
  return 0
}

/** A class as one of the two things that it may be. */
type Side = Pick<ProviderPlugin, 'type' | 'description' | 'optionDocs' | 'permissions' | 'traits' | 'limits'> & {
  readonly kind: 'dns-provider' | 'address-owner'
}

function sidesOf(plugin: ProviderPlugin): Side[] {
  const { addressOwner } = plugin
  const own: Side = { ...plugin, kind: plugin.traits.serves === 'addresses' ? 'address-owner' : 'dns-provider' }
  return addressOwner ? [own, { ...plugin, ...addressOwner, kind: 'address-owner' }] : [own]
}

function dataOf(side: Side): object {
  const { type, kind, description, optionDocs, permissions, traits, limits = [] } = side
  const certificates = certificatesOf(side)
  return { class: type, kind, description, options: optionDocs, permissions, traits, limits, certificates }
}

function describe(side: Side): string {
  const { type, kind, description, optionDocs, permissions, traits, limits = [] } = side
  const width = Math.max(...optionDocs.map(({ name }) => name.length))
  const atomic = {
    atomic: 'a zone at once, all or nothing',
    'per-rrset': 'RRset by RRset',
    'per-record': 'record by record',
    'by-hand': 'by hand: it says what a person has to enter',
  }[traits.write]
  const swap = traits.compareAndSwap
    ? 'the server refuses what somebody changed meanwhile'
    : 'compared right before the write'
  const ttl = kind === 'address-owner' ? 'the TTL is its own' : `TTL ${traits.ttl.min} to ${traits.ttl.max}`
  return [
    `${type}  ${description}`,
    ...optionDocs.map((option) => `  ${option.name.padEnd(width)}  ${describeOption(option)}`),
    ...(permissions === undefined ? [] : [`  needs ${permissions}`]),
    `  holds ${traits.types.join(', ')}; ${ttl}; writes ${atomic}; ${swap}`,
    ...limits.map((limit) => `  ! ${limit}`),
    ...certificatesOf(side).map((certificate) => `  ${describeCertificate(certificate)}`),
    '',
  ].join('\n')
}

function certificatesOf({ type, kind }: Side): Certificate[] {
  const isSide = ({ serves }: Certificate): boolean => (serves === 'addresses') === (kind === 'address-owner')
  return certificates.filter((certificate) => certificate.class === type && isSide(certificate))
}

/** What came of the conformance suite when this build was made. */
function describeCertificate(certificate: Certificate): string {
  const { passed, rejected, skipped, date } = certificate
  const others = [
    [Object.keys(rejected).length, 'it cannot hold'],
    [Object.keys(skipped).length, 'left out'],
  ].flatMap(([count, what]) => (count === 0 ? [] : `${count} ${what}`))
  const cases = [`${passed} of ${casesOf(certificate)} conformance cases passed`, ...others].join(', ')
  return `certified on ${groundOf(certificate)}, ${date}: ${cases}`
}

function describeOption({ description, required, default: fallback }: OptionDoc): string {
  if (required) return `${description} (required)`
  return fallback === undefined ? description : `${description} (default: ${fallback})`
}

async function checkProviders(
  { config, resolver: named, parallel, format }: ProvidersOptions,
  io: Io,
): Promise<ExitCode> {
  const { resolver, close } = publicDns({ resolver: named })
  const session = await openSession(onlineOptions({ config }, io))
  const attempted = await session.tryConnect()
  try {
    const reports = await checkZones(session, attempted, { resolver, parallel, signal: io.signal })
    if (format === 'json') io.out.write(jsonText({ format: 'mailsync-zones', version: 1, zones: reports }))
    else for (const report of reports) print(io.out, renderReport(report))
    if (reports.length === 0)
      print(io.err, 'No zone was checked: none is declared, and the spec has no record in any other.\n')
    return exitCode(reports)
  } finally {
    await closeAll(attempted.providers)
    close()
  }
}

/** How a zone is delegated is told, and is no error: it may be about to move here. */
function exitCode(reports: readonly ZoneReport[]): ExitCode {
  return exitCodeOf(
    reports.flatMap(({ failure, writable }) => failure ?? (writable === 'no' ? [{ code: 'permission' }] : [])),
  )
}

function renderReport({ zone, provider, addressOwner, failure, writable, delegation, remarks }: ZoneReport): string {
  if (failure) {
    const what = zone === '*' ? 'what else it serves cannot be listed' : 'cannot be read'
    const hint = failure.hint === undefined ? [] : [inert(failure.hint)]
    return `${zone}  ${provider}\n  ${what}: ${[...inertLines(failure.message), ...hint].join('\n    ')}\n`
  }
  const write = {
    yes: 'writable',
    no: 'NOT writable with these credentials',
    unknown: 'whether it can be written is only seen at the first write',
    'by-hand': 'written by hand: apply says what to enter',
  }[writable]
  const what = addressOwner
    ? 'PTRs of its addresses; whether they can be set is only seen at the first write'
    : `served; ${write}`
  return [
    `${zone}  ${provider}`,
    `  ${what}`,
    ...(delegation === '' ? [] : [`  ${inert(delegation)}`]),
    ...remarks.map((remark) => `  ${inert(remark)}`),
    '',
  ].join('\n')
}
