import { dirname, resolve } from 'node:path'
import { assertInside } from '../providers/files/inside.js'
import { readRegularFile } from '../providers/files/read-file.js'
import { type Compiled, compile } from '../records/compile.js'
import { keyZonesOf } from '../records/families/dkim/key-zone.js'
import type { RingKey } from '../records/families/dkim/rotation/ring-key.js'
import type { Finding } from '../records/finding.js'
import { type Name, parentOf, zoneOf } from '../records/rr/name.js'
import type { Domain, MailSpec } from '../records/spec.js'
import { YAML_LIMITS } from '../yaml/limits.js'
import { kindOfDomain } from './config/domain-name.js'
import { loadSpec, type ObserveHosts } from './config/load-config.js'
import { withAddressOwners } from './connect/address-owners.js'
import { type Connected, type OnSecret, type Prepared, prepareProviders } from './connect/connect.js'
import type { KeySourceOptions } from './dkim-sources/read-key-sources.js'
import type { KeyFinding } from './keystore/key-finding.js'
import { readKeys } from './keystore/read-keys.js'
import { hasErrors, inTextOrder, type Locate, type Problem, SpecErrors, toProblem } from './problem.js'

/** A spec that was read and checked, with its keys and the adapters it names. */
export interface Session {
  /** The spec file, as it was named. */
  readonly file: string
  readonly spec: MailSpec
  readonly keys: readonly RingKey[]
  /** What they mean for the declared zones: all there are, unless the spec has the zone `'*'`. */
  readonly compiled: Compiled
  /** Absolute. */
  readonly keysDirectory: string
  readonly locate: Locate
  /** Of the spec's text and shape, the key store and the adapters' options; none of them an error. */
  readonly problems: readonly Problem[]
  /** Throws what the first provider throws that cannot connect; the others are let go of. */
  connect(): Promise<ReadonlyMap<string, Connected>>
  /** Each provider on its own. */
  tryConnect(): Promise<Attempted>
}

/** The providers of a spec, and those that cannot connect with what they throw. */
export interface Attempted {
  readonly providers: ReadonlyMap<string, Connected>
  readonly failures: ReadonlyMap<string, unknown>
}

export interface OpenOptions {
  /** Path of the spec, relative to the working directory. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** False for what works offline: the adapters are not looked at. */
  readonly online: boolean
  /** Told the value of every secret option, before an adapter is. */
  readonly onSecret?: OnSecret
  /**
   * Absolute folder. With it the spec is somebody else's text: no file outside of it is read or loaded, whatever leads there,
   * be it an `!include`, a folder of keys, an adapter or a symbolic link.
   */
  readonly within?: string
  /** Observes the addresses of hosts that the spec does not list; without it they are not known. */
  readonly observe?: ObserveHosts
}

/** Reads a spec and everything that belongs to it. Throws {@link SpecErrors} with every problem, and `io` when the file is missing. */
export async function openSession({ file, env, online, onSecret, within, observe }: OpenOptions): Promise<Session> {
  const directory = dirname(resolve(file))
  const loaded = await loadSpec(file, specReader(within), observe)
  const { locate } = loaded
  if (!loaded.spec) throw new SpecErrors(loaded.problems)
  const sourced = await sourcedDomains(loaded.spec.domains, {
    directory,
    env,
    online: online || observe !== undefined,
    onSecret,
    within,
    signal: AbortSignal.timeout(SOURCES_LIMIT),
  })
  const spec = await withAddressOwners({ ...loaded.spec, domains: sourced.domains }, { directory, within })

  const keysDirectory = resolve(directory, spec.keysDirectory)
  const stored = await readKeys(
    keysDirectory,
    keyedNames(spec).filter((name) => kindOfDomain(name) === 'mail'),
    within,
  )
  const { prepared, problems } = online
    ? await prepareProviders(spec, { directory, env, locate, ...(onSecret && { onSecret }), ...(within && { within }) })
    : { prepared: [], problems: [] }
  const told = sourced.findings.map((finding) => toProblem(finding, locate))
  const own = inTextOrder([...loaded.problems, ...told, ...problems, ...stored.findings.map(keyProblem)])
  const declared = new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets]))
  const compiled = compile(spec, stored.keys, declared, spec.otherZones !== undefined)
  const errors = [...own, ...ruleErrors(compiled, loaded.isFollowUp, locate)]
  if (hasErrors(errors)) throw new SpecErrors(inTextOrder(errors))
  const tryConnect = (): Promise<Attempted> => connectEach(prepared)
  const connect = (): ReturnType<Session['connect']> => connectAll(prepared)
  return { file, spec, keys: stored.keys, compiled, keysDirectory, locate, problems: own, connect, tryConnect }
}

/** Milliseconds that all keepers of DKIM keys together have to tell them. */
const SOURCES_LIMIT = 60_000

/** The domains with the keys that mail servers tell; what asks those is loaded where a spec names one. */
async function sourcedDomains(
  domains: readonly Domain[],
  options: KeySourceOptions,
): Promise<{ readonly domains: readonly Domain[]; readonly findings: readonly Finding[] }> {
  if (domains.every(({ keySource }) => keySource === undefined)) return { domains, findings: [] }
  return (await import('./dkim-sources/read-key-sources.js')).readKeySources(domains, options)
}

/** The names that keys lie below: those of the domains, and of the key zones they lead to. */
export function keyedNames({ domains }: Pick<MailSpec, 'domains'>): Name[] {
  return [...new Set([...domains, ...keyZonesOf(domains)].map(({ name }) => name))]
}

/** Reads a file of the spec; with `within` none outside of that folder. */
export function specReader(within: string | undefined): (path: string) => Promise<Uint8Array> {
  return async (path) => {
    if (within !== undefined) assertInside(within, path)
    return readSpecFile(path)
  }
}

/** What a spec means, offline: with `'*'`, which is not asked, the topmost domains in no declared zone count as zones. */
export function compiledOffline({ spec, keys, compiled }: Pick<Session, 'spec' | 'keys' | 'compiled'>): Compiled {
  const { zones, otherZones, domains } = spec
  if (!otherZones) return compiled
  const names = [...domains.map(({ name }) => mailNameOf(name)), ...keyZonesOf(domains).map(({ name }) => name)]
  const loose = new Set(names.filter((name) => zoneOf(name, zones) === undefined))
  const known = new Map([...loose].map((name) => [name, true]))
  const tops = [...loose].filter((name) => zoneOf(parentOf(name), known) === undefined)
  const declared = [...zones].map(([zone, { targets }]): [Name, readonly string[]] => [zone, targets])
  return compile(spec, keys, new Map([...declared, ...tops.map((name) => [name, otherZones.targets] as const)]))
}

/** The name itself, or the nearest above it that can be a mail domain: a wildcard is no zone. */
function mailNameOf(name: Name): Name {
  return kindOfDomain(name) === 'mail' ? name : mailNameOf(parentOf(name))
}

/** Reads a file of a spec, where it is one and of a spec's size. */
export async function readSpecFile(path: string): Promise<Uint8Array> {
  return readRegularFile(path, YAML_LIMITS.fileBytes)
}

/** The rules' errors that do not just follow from what is wrong with the text; the rest of their findings belongs to the plan. */
function ruleErrors({ findings }: Compiled, isFollowUp: (finding: Finding) => boolean, locate: Locate): Problem[] {
  return findings
    .filter((finding) => finding.severity === 'error' && !isFollowUp(finding))
    .map((finding) => toProblem(finding, locate))
}

/** What is wrong with a file of a key, as a problem. */
export function keyProblem({ rule, severity, file, message, hint }: KeyFinding): Problem {
  return { rule, severity, message, hint, where: { file, line: 1, column: 1 } }
}

async function connectAll(prepared: readonly Prepared[]): Promise<ReadonlyMap<string, Connected>> {
  const { providers, failures } = await connectEach(prepared)
  for (const error of failures.values()) {
    await closeAll(providers)
    throw error
  }
  return providers
}

async function connectEach(prepared: readonly Prepared[]): Promise<Attempted> {
  const providers = new Map<string, Connected>()
  const failures = new Map<string, unknown>()
  const attempts = await Promise.allSettled(prepared.map((one) => one.connect()))
  for (const [index, attempt] of attempts.entries()) {
    const { name } = prepared[index] as Prepared
    if (attempt.status === 'fulfilled') providers.set(name, attempt.value)
    else failures.set(name, attempt.reason)
  }
  return { providers, failures }
}

/** Lets go of all connections. */
export async function closeAll(providers: ReadonlyMap<string, Connected>): Promise<void> {
  const both = [...providers.values()].flatMap(({ provider, addressOwner }) => [provider, addressOwner?.provider])
  await Promise.all(both.map((provider) => provider?.close?.()))
}
