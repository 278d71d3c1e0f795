import { dirname, join, resolve } from 'node:path'
import { Unreadable } from '../../../../providers/files/file-error.js'
import type { Compiled } from '../../../../records/compile.js'
import { MailsyncError } from '../../../../records/error.js'
import type { Finding } from '../../../../records/finding.js'
import { RAMP_FILE } from '../../../dmarc/ramp/ramp-file.js'
import { isMoving } from '../../../move/is-moving.js'
import { SpecErrors } from '../../../problem.js'
import { type OpenOptions, openSession, type Session } from '../../../session.js'
import { type SourceTree, workingTree } from '../../../source-tree.js'
import { LOCK_FILE } from '../../../spf/lock.js'
import { type GitPlace, GitRefusal } from '../git.js'
import { frame } from '../meaning.js'
import { type Opened, openedAgain } from '../opened.js'
import type { Revision } from '../revision.js'
import { isSame } from '../same.js'
import { comparisonWith, type Since } from '../since.js'
import { changedKeys } from './changed-keys.js'
import { anchored, differing, domainsAbove, domainsNaming, unclearDomains } from './entries.js'
import { type KeptParts, keepParts, type TextSide } from './kept.js'
import { bare, withoutServices } from './names-in.js'
import { readSpecText, type SpecText } from './spec-text.js'

/**
 * Opens a spec without most of what is as it was in a revision: the texts of its entries are compared before any is parsed. What stays:
 * the domains that differ, all that may have a record in a zone where something differs, and the zones that these may be in.
 *
 * Undefined where more than zones and domains differs, or cannot be seen by their text alone not to: then the whole spec has to be
 * opened; also where it has errors, to tell all of them.
 */
export async function openChanged(
  revision: Revision,
  past: SourceTree,
  options: OpenOptions,
  place: Omit<GitPlace, 'folder'>,
): Promise<Opened | undefined> {
  try {
    return await new Comparison(revision, past, options, place).open()
  } catch (error) {
    if (isTold(error)) return undefined
    throw error
  }
}

/** Whether it is something wrong with the spec or the revision, which opening all of it tells. */
function isTold(error: unknown): boolean {
  if (error instanceof MailsyncError) return error.code !== 'cancelled'
  const isOfFile = error instanceof Unreadable || (error instanceof Error && 'syscall' in error)
  return error instanceof SpecErrors || error instanceof GitRefusal || isOfFile
}

class Comparison {
  readonly #revision: Revision
  readonly #past: SourceTree
  readonly #options: OpenOptions
  readonly #place: GitPlace

  constructor(revision: Revision, past: SourceTree, options: OpenOptions, place: Omit<GitPlace, 'folder'>) {
    this.#revision = revision
    this.#past = past
    this.#options = options
    this.#place = { ...place, folder: dirname(resolve(options.file)) }
  }

  async open(): Promise<Opened | undefined> {
    const sides = await this.#sides()
    if (sides === undefined || !(await this.#isSameBeside(sides))) return undefined
    const [{ text }, then] = sides
    const { watch: _, ...quiet } = this.#options
    let changed = new Set(differing(text.domains, then.text.domains))
    let domains = new Set([...changed, ...unclearDomains(text)])
    let isFirst = true
    for (;;) {
      const parts = await keepParts({ domains, changed }, this.#options.file, sides)
      const keyed = parts && isFirst ? await this.#withOtherKeys(parts, text) : []
      if (parts === undefined || keyed === undefined) return undefined
      isFirst = false
      changed = new Set([...parts.changed, ...keyed])
      const before = await this.#openedThen(parts)
      const session = await openSession({ ...quiet, online: false, tree: parts.trees[0] })
      if (!isSameAround(session, before)) return undefined
      const compare = await comparisonWith(before, this.#revision, parts.trees[1], parts.unread)
      const needed = dependent({ session, since: compare(session) }, before, { ...parts, changed }, text)
      if (needed === undefined) return undefined
      const more = [...keyed, ...needed].filter((key) => !domains.has(key))
      if (more.length > 0) {
        domains = new Set([...domains, ...more])
        continue
      }
      const open = opener(parts, changed)
      return openedAgain({ session: await open(this.#options), open, compare }, this.#options)
    }
  }

  async #sides(): Promise<readonly [TextSide, TextSide] | undefined> {
    const { file, within } = this.#options
    const tree = workingTree(within)
    const now = await readSpecText(file, tree)
    const then = now && (await readSpecText(file, this.#past, now))
    return (
      now &&
      then && [
        { tree, text: now },
        { tree: this.#past, text: then },
      ]
    )
  }

  /** Whether what many domains may depend on is the same: anchors, and the files beside the spec. */
  async #isSameBeside([now, then]: readonly [TextSide, TextSide]): Promise<boolean> {
    if (anchored(now.text) !== anchored(then.text)) return false
    for (const file of [LOCK_FILE, RAMP_FILE]) {
      const path = join(this.#place.folder, file)
      const [one, other] = [await octetsOf(path, now.tree), await octetsOf(path, then.tree)]
      if (one === undefined ? other !== undefined : !other || Buffer.compare(one, other) !== 0) return false
    }
    return true
  }

  /** The domains whose keys are not as they were; undefined where names that have no text do have such keys. */
  async #withOtherKeys({ keysDirectory }: KeptParts, { domains }: SpecText): Promise<string[] | undefined> {
    const { within } = this.#options
    const directory = resolve(this.#place.folder, keysDirectory)
    const folders = await changedKeys(directory, this.#revision, { ...this.#place, within })
    const found = folders.size === 0 ? [] : [...domains.keys()].filter((key) => folders.has(bare(key)))
    return found.length === folders.size ? found : undefined
  }

  #openedThen({ trees: [, tree] }: KeptParts): Promise<Session> {
    return openSession({ file: this.#options.file, env: {}, online: false, tree })
  }
}

/** Whether both sides say the same besides their domains and zones, and no move says more. */
function isSameAround(now: Session, then: Session): boolean {
  return !isMoving(now) && !isMoving(then) && isSame(frame(now.spec), frame(then.spec))
}

/** The domains that may have a record in a zone where something differs, or name what does; undefined where that may be any. */
function dependent(
  { session, since }: { readonly session: Session; readonly since: Since },
  before: Session,
  { changed, changedZones, shared, named }: KeptParts,
  text: SpecText,
): string[] | undefined {
  const { isLooked } = since.difference(session.compiled)
  const looked = [...session.spec.zones, ...before.spec.zones].flatMap(([zone, { targets }]) =>
    targets.some((provider) => isLooked({ zone, provider })) ? [zone] : [],
  )
  const zones = [...new Set([...looked, ...changedZones].map(bare))]
  const names = [...new Set([...zones, ...zones.map(withoutServices)])]
  if (names.some((name) => shared.covering.has(name))) return undefined
  return [...named, ...domainsAbove(text, zones), ...domainsNaming(text, [...names, ...[...changed].map(bare)])]
}

/**
 * Opens what is kept. Only errors and findings about changed domains are told of it: what is missing may be what another finding is about.
 */
function opener({ trees: [tree] }: KeptParts, changed: ReadonlySet<string>): typeof openSession {
  const isTold = ({ severity, from: [part, key] }: Finding): boolean =>
    severity === 'error' || (part === 'domains' && changed.has(String(key)))
  const told = (compiled: Compiled): Compiled => ({ ...compiled, findings: compiled.findings.filter(isTold) })
  return async (options) => {
    const session = await openSession({ ...options, tree })
    const compile: Session['compile'] = (...input) => told(session.compile(...input))
    return { ...session, isPart: true, compile, compiled: told(session.compiled) }
  }
}

async function octetsOf(path: string, tree: SourceTree): Promise<Uint8Array | undefined> {
  try {
    return await tree.read(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
