import { dirname, resolve } from 'node:path'
import type { SpecPath } from '../../../records/finding.js'
import { type Name, parseName } from '../../../records/rr/name.js'
import { readYaml } from '../../../yaml/read-yaml.js'
import { didYouMean } from '../../config/faults/suggest.js'
import { type Problem, SpecErrors } from '../../problem.js'
import { readSpecFile } from '../../session.js'
import { globMatcher } from './glob-matcher.js'

type Mapping = Readonly<Record<string, unknown>>

/** What an octoDNS config says about who serves which zones. */
export interface OctodnsConfig {
  /** Absolute folder it is in. */
  readonly directory: string
  /** Those that are the target of a zone, with what their class takes; `env/NAME` as it is. */
  readonly targets: ReadonlyMap<string, { readonly class: string; readonly options: Mapping }>
  readonly zones: ReadonlyMap<Name, readonly string[]>
  /** Zones that are not named one by one, in their order. */
  readonly dynamic: readonly DynamicZones[]
  /** The sources of those, as `targets`. */
  readonly sources: OctodnsConfig['targets']
}

/** All zones that the sources list and the config does not name, or those of them that match. */
export interface DynamicZones {
  /** `*`, or what else begins with it. */
  readonly key: string
  readonly sources: readonly string[]
  readonly targets: readonly string[]
  matches(zone: Name): boolean
}

/** Reads the config of octoDNS. Throws {@link SpecErrors} with everything in it that mailsync cannot take over. */
export async function readOctodnsConfig(file: string): Promise<OctodnsConfig> {
  const { value, problems: written, locate } = await readYaml(file, readSpecFile)
  const problems: Problem[] = [...written]
  const wrong = (path: SpecPath, message: string, hint: string): void =>
    void problems.push({ rule: 'octodns-config', severity: 'error', message, hint, where: locate(path) })
  const root = isMapping(value) ? value : {}
  for (const section of ['providers', 'zones'])
    if (!isMapping(root[section])) wrong([section], `this is no config of octoDNS: it has no ${section}`, NO_CONFIG)
  if (problems.length > 0) throw new SpecErrors(problems)

  const [providers, declared] = [root.providers as Mapping, root.zones as Mapping]
  const zones = new Map<Name, readonly string[]>()
  const dynamic: DynamicZones[] = []
  for (const [text, zone] of Object.entries(declared)) {
    const targets = targetsOf(declared, zone)
    if (targets === undefined) {
      wrong(['zones', text], `the zone ${text} has no targets`, 'write its targets, or take it out')
      continue
    }
    const known = (what: 'source' | 'target', names: readonly string[]): void => {
      for (const name of names)
        if (!Object.hasOwn(providers, name))
          wrong(
            ['zones', text],
            `the zone ${text} has the ${what} ${name}, which is no provider`,
            didYouMean(name, Object.keys(providers)),
          )
    }
    known('target', targets)
    if (text.startsWith('*')) {
      const sources = sourcesOf(zone)
      known('source', sources)
      const matches = matcherOf(zone)
      if (typeof matches === 'function') dynamic.push({ key: text, sources, targets, matches })
      else wrong(['zones', text, 'regex'], `the regex of the zone ${text} cannot be read: ${matches.error}`, NO_REGEX)
      continue
    }
    const name = parseName(text)
    if (typeof name === 'string') zones.set(name, targets)
    else wrong(['zones', text], name.error, name.hint ?? 'write the name of a zone')
  }
  const targeted = new Set([...zones.values(), ...dynamic.map(({ targets }) => targets)].flat())
  const listing = new Set(dynamic.flatMap(({ sources }) => sources))
  const handlers = Object.keys(isMapping(root.secret_handlers) ? root.secret_handlers : {})
  const taken = new Map<string, { class: string; options: Mapping }>()
  for (const name of new Set([...targeted, ...listing])) {
    const provider = Object.hasOwn(providers, name) ? providers[name] : undefined
    if (provider === undefined) continue
    const { class: className, ...options } = isMapping(provider) ? provider : {}
    if (typeof className !== 'string') {
      wrong(['providers', name], `the provider ${name} has no class`, 'octoDNS would refuse it too')
      continue
    }
    for (const [key, text] of Object.entries(options))
      if (handlers.some((handler) => typeof text === 'string' && text.startsWith(`${handler}/`)))
        wrong(
          ['providers', name, key],
          `${key} of the provider ${name} comes from a secret handler of octoDNS`,
          'mailsync knows env/NAME only: put the secret into an environment variable',
        )
    taken.set(name, { class: className, options })
  }
  if (problems.length > 0) throw new SpecErrors(problems)
  const only = (names: ReadonlySet<string>): OctodnsConfig['targets'] =>
    new Map([...taken].filter(([name]) => names.has(name)))
  return { directory: dirname(resolve(file)), targets: only(targeted), sources: only(listing), zones, dynamic }
}

const NO_CONFIG = 'give the file that octodns-sync takes as --config-file'
const NO_REGEX = 'write it in a form that JavaScript has too, or as a glob'

function sourcesOf(zone: unknown): readonly string[] {
  return isMapping(zone) && Array.isArray(zone.sources) ? zone.sources.map(String) : []
}

/** Which zones `glob` or `regex` leave: without them, all (octodns/manager.py of 1.22, `_preprocess_zones`). */
function matcherOf(zone: unknown): DynamicZones['matches'] | { readonly error: string } {
  const { glob, regex } = isMapping(zone) ? zone : {}
  if (typeof glob === 'string') return globMatcher(glob)
  if (typeof regex !== 'string') return () => true
  try {
    const pattern = new RegExp(regex)
    return (name) => pattern.test(name)
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** Those of the zone, or of the one that it is an alias of; undefined where it names none. */
function targetsOf(zones: Mapping, zone: unknown): readonly string[] | undefined {
  if (!isMapping(zone)) return undefined
  const { targets, alias } = zone
  if (Array.isArray(targets)) return targets.map(String)
  const other = typeof alias === 'string' && Object.hasOwn(zones, alias) ? zones[alias] : undefined
  return isMapping(other) && Array.isArray(other.targets) ? other.targets.map(String) : undefined
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
