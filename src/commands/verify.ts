import { existsSync } from 'node:fs'
import { dnsClient } from '../../providers/dns/client/client.js'
import { type PublicDns, publicDns } from '../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../records/error.js'
import { displayName, type Name, parseHostname } from '../../records/rr/name.js'
import { observeHosts } from '../addresses/observe-hosts.js'
import { didYouMean } from '../config/suggest.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { progressLine } from '../progress.js'
import { print } from '../render/text/print.js'
import { zoneServers } from '../rotation/zone-servers.js'
import { compiledOffline, openSession, type Session } from '../session.js'
import { renderVerifyJson } from '../verify/render/verify-json.js'
import { renderVerifyText } from '../verify/render/verify-text.js'
import { hasFailed, reportOf } from '../verify/report.js'
import { runChecks } from '../verify/run-checks.js'
import type { Scope } from '../verify/scope.js'
import { foundScope } from '../verify/subjects/found-scope.js'
import { privateHalves } from '../verify/subjects/private-halves.js'
import { specScope } from '../verify/subjects/spec-scope.js'
import { dnsView } from '../verify/view/dns-view.js'
import { rememberingClient } from '../verify/view/remembering-client.js'

export interface VerifyOptions {
  readonly config: string
  /** Of the spec; all of them where neither is given. */
  readonly domains?: readonly string[] | undefined
  /** Any domains: those in no spec are looked at as DNS shows them. */
  readonly domain: readonly string[]
  /** `address[:port]` of the resolver that finds servers, or `root`; the system's without it. */
  readonly resolver?: string | undefined
  readonly format: 'text' | 'json'
  readonly verbose: boolean
}

/** How DNS is asked: tests have servers of their own. */
export type OpenDns = (options: Pick<VerifyOptions, 'resolver'>) => PublicDns

const openDns: OpenDns = ({ resolver }) => publicDns({ resolver, client: rememberingClient(dnsClient(), dnsClient()) })

/** `mailsync verify`: asks as a receiver would, and says whether DNS is as the spec says. */
export async function verifyCommand(options: VerifyOptions, io: Io, open: OpenDns = openDns): Promise<ExitCode> {
  const { ofSpec, foreign, session } = await subjectsOf(options, io)
  const dns = open(options)
  const progress = progressLine(io.err, 'checking')
  try {
    const compiled = session && compiledOffline(session)
    const ours = new Map([...(compiled?.zones.keys() ?? []), ...foreign].map((name) => [name, true]))
    const servers = zoneServers(session?.spec ?? { zones: new Map() }, dns)
    const world = { dns: dnsView({ dns, ours, servers, signal: io.signal }), now: io.now(), signal: io.signal }
    const scopes: Scope[] = []
    if (session && compiled && (ofSpec.length > 0 || foreign.length === 0)) {
      const privateHalfOf = await privateHalves(session.keysDirectory, session.keys)
      scopes.push(specScope({ spec: session.spec, compiled, chosen: ofSpec, privateHalfOf }))
    }
    if (foreign.length > 0) scopes.push(await foundScope(foreign, world.dns, io.today))
    const scope = joined(scopes)
    const report = reportOf(scope, await runChecks(scope, world, progress.update))
    progress.end()
    if (options.format === 'json') io.out.write(renderVerifyJson(report))
    else print(io.out, renderVerifyText(report, { colour: io.out.colour, verbose: options.verbose }))
    return hasFailed(report.checks) ? 1 : 0
  } finally {
    progress.end()
    dns.close()
  }
}

interface Subjects {
  readonly session: Session | undefined
  /** Chosen domains of the spec. */
  readonly ofSpec: readonly Name[]
  /** Domains that are in no spec. */
  readonly foreign: readonly Name[]
}

/** Without a spec file, what is named with `--domain` is looked at as DNS shows it. */
async function subjectsOf({ config, domains = [], domain, resolver }: VerifyOptions, io: Io): Promise<Subjects> {
  const named = domain.map((text) => readDomain('--domain ', text))
  const wanted = domains.map((text) => readDomain('', text))
  if (named.length > 0 && wanted.length === 0 && !existsSync(config))
    return { session: undefined, ofSpec: [], foreign: [...new Set(named)] }
  const session = await openSession({
    file: config,
    env: io.env,
    online: false,
    observe: observeHosts({ file: config, env: io.env, resolver, signal: io.signal }),
  })
  const known = new Set(session.spec.domains.map(({ name }) => name))
  const missing = wanted.find((name) => !known.has(name))
  if (missing !== undefined)
    throw new MailsyncError('usage', `${displayName(missing)} is no domain of ${config}`, {
      hint:
        didYouMean(displayName(missing), [...known].slice(0, 1000).map(displayName)) ??
        `to look at a domain that is in no spec: mailsync verify --domain ${displayName(missing)}`,
    })
  return {
    session,
    ofSpec: [...new Set([...wanted, ...named.filter((name) => known.has(name))])],
    foreign: [...new Set(named.filter((name) => !known.has(name)))],
  }
}

function readDomain(option: string, text: string): Name {
  const name = parseHostname(text)
  if (typeof name === 'string') return name
  throw new MailsyncError('usage', `${option}${name.error}`, { hint: name.hint ?? 'write a domain: example.com' })
}

function joined(scopes: readonly Scope[]): Scope {
  const zones = scopes.flatMap((scope) => scope.zones)
  return {
    domains: scopes.flatMap((scope) => scope.domains),
    hosts: scopes.flatMap((scope) => scope.hosts),
    zones: zones.filter((zone, index) => zones.findIndex(({ name }) => name === zone.name) === index),
    records: new Map(scopes.flatMap((scope) => [...scope.records])),
  }
}
