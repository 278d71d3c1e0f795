import { dirname, resolve } from 'node:path'
import { type Compiled, compile, type Targets } from '../records/compile.js'
import type { DkimPublicKey } from '../records/families/dkim/dkim-key.js'
import { keyZonesOf } from '../records/families/dkim/key-zone.js'
import type { RingKey } from '../records/families/dkim/rotation/ring-key.js'
import type { Finding } from '../records/finding.js'
import { once } from '../records/once.js'
import type { Name } from '../records/rr/name.js'
import type { ReverseAliases } from '../records/rr/reverse.js'
import type { Domain, MailSpec } from '../records/spec.js'
import { kindOfDomain } from './config/domain-name.js'
import { loadSpec, type ObserveHosts } from './config/load-config.js'
import type { Written } from './config/without-known.js'
import { withAddressOwners } from './connect/address-owners.js'
import { type OnSecret, prepareProviders } from './connect/connect.js'
import { type Connections, connections } from './connect/connections.js'
import type { KeyFinding } from './dkim/keystore/key-finding.js'
import { readKeys } from './dkim/keystore/read-keys.js'
import { withLedDomains } from './dkim/keystore/with-led-domains.js'
import { sourcedDomains, unsourcedDomains } from './dkim/sources/sourced-domains.js'
import { moveFileOf, readMove } from './move/move-file.js'
import { hasErrors, inTextOrder, type Locate, type Problem, SpecErrors, toProblem } from './problem.js'
import { type SourceTree, workingTree } from './source-tree.js'
import type { Watch } from './watch/watch.js'

export { type Attempted, closeAll } from './connect/connections.js'

/** A spec that was read and checked, with its keys and the adapters it names. */
export interface Session extends Connections {
  /** The spec file, as it was named. */
  readonly file: string
  /** Only what differs from a revision was read of it, and what goes with that. */
  readonly isPart?: true
  readonly spec: MailSpec
  /** Its text as plain data, whole and file by file. */
  readonly value: unknown
  readonly composed: Written['composed']
  readonly keys: readonly RingKey[]
  /** What they mean for the declared zones: all there are, unless the spec has the zone `'*'`. */
  readonly compiled: Compiled
  /** Whose MTA-STS policies are to be served, where these are not the domains of the spec. */
  readonly policyDomains?: readonly Domain[]
  /** What the spec means with these keys, where these zones are served; during a move, what its stage means. */
  readonly compile: (
    keys: readonly DkimPublicKey[],
    zones: Targets,
    mayServeMore?: boolean,
    aliases?: ReverseAliases,
  ) => Compiled
  /** Absolute. */
  readonly keysDirectory: string
  readonly locate: Locate
  /** Of the spec's text and shape, the key store and the adapters' options; none of them an error. */
  readonly problems: readonly Problem[]
  /** What happens with it is told to this. */
  readonly watch?: Watch | undefined
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
  /** Where all of it is read; default: the files as they are, `within` that folder. */
  readonly tree?: SourceTree
  /** What was read of the same file in another tree. */
  readonly known?: Written
  /** Observes the addresses of hosts that the spec does not list; without it they are not known. */
  readonly observe?: ObserveHosts
  /** What happens is told to it. */
  readonly watch?: Watch | undefined
}

/**
 * Reads a spec and everything that belongs to it; where it moves to another one, what the stage of that move means. Throws {@link SpecErrors}
 * with every problem, and `io` when the file is missing.
 */
export async function openSession(options: OpenOptions): Promise<Session> {
  const file = moveFileOf(options.file)
  const { read } = treeOf(options)
  const state = await readMove(file, read)
  if (state === undefined) return openSpec(options)
  const { openStage } = await import('./move/open-stage.js')
  return openStage({ options, file, state, openSpec, read })
}

/** Reads a spec as it is, whatever moves. */
export async function openSpec(options: OpenOptions): Promise<Session> {
  const { file, env, online, onSecret, within, observe, known, watch } = options
  const start = watch?.clock() ?? 0
  const directory = dirname(resolve(file))
  const tree = treeOf(options)
  const loaded = await loadSpec(file, tree.read, observe, known)
  const { locate } = loaded
  if (!loaded.spec) throw new SpecErrors(loaded.problems)
  const sourced = tree.isPast
    ? unsourcedDomains(loaded.spec.domains)
    : await sourcedDomains(loaded.spec.domains, {
        directory,
        env,
        online: online || observe !== undefined,
        onSecret,
        within,
      })
  const owned = await withAddressOwners({ ...loaded.spec, domains: sourced.domains }, { directory, within }, tree)

  const keysDirectory = resolve(directory, owned.keysDirectory)
  const spec = await withLedDomains(owned, keysDirectory, tree)
  const stored = await readKeys(
    keysDirectory,
    keyedNames(spec).filter((name) => kindOfDomain(name) === 'mail'),
    tree,
  )
  const { prepared, problems } = online
    ? await prepareProviders(spec, {
        directory,
        env,
        locate,
        watch,
        isFollowUp: loaded.isFollowUp,
        ...(onSecret && { onSecret }),
        ...(within && { within }),
      })
    : { prepared: [], problems: [] }
  const told = sourced.findings.map((finding) => toProblem(finding, locate))
  const own = inTextOrder([...loaded.problems, ...told, ...problems, ...stored.findings.map(keyProblem)])
  const declared = new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets]))
  const compileSpec: Session['compile'] = (...input) => compile(spec, ...input)
  const compiled = once(() => compileSpec(stored.keys, declared, spec.otherZones !== undefined))
  const errors = tree.isPast ? own : [...own, ...ruleErrors(compiled(), loaded.isFollowUp, locate)]
  if (hasErrors(errors)) throw new SpecErrors(inTextOrder(errors))
  const { connect, tryConnect } = connections(prepared)
  watch?.tell({
    event: 'spec.loaded',
    config: file,
    zones: spec.zones.size,
    domains: spec.domains.length,
    hosts: spec.hosts.length,
    seconds: (watch.clock() - start) / 1000,
  })
  return {
    file,
    spec,
    value: loaded.value,
    composed: loaded.composed,
    keys: stored.keys,
    get compiled() {
      return compiled()
    },
    compile: compileSpec,
    keysDirectory,
    locate,
    problems: own,
    connect,
    tryConnect,
    watch,
  }
}

function treeOf({ tree, within }: OpenOptions): SourceTree {
  return tree ?? workingTree(within)
}

/** The names that keys lie below: those of the domains, and of the key zones they lead to. */
export function keyedNames({ domains }: Pick<MailSpec, 'domains'>): Name[] {
  return [...new Set([...domains, ...keyZonesOf(domains)].map(({ name }) => name))]
}

/** Reads a file of the spec; with `within` none outside of that folder. */
export function specReader(within: string | undefined): (path: string) => Promise<Uint8Array> {
  return workingTree(within).read
}

/** Reads a file of a spec, where it is one and of a spec's size. */
export async function readSpecFile(path: string): Promise<Uint8Array> {
  return workingTree().read(path)
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
