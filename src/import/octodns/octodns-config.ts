import { dirname, resolve } from 'node:path'
import type { SpecPath } from '../../../records/finding.js'
import { type Name, parseName } from '../../../records/rr/name.js'
import { readYaml } from '../../../yaml/read-yaml.js'
import { didYouMean } from '../../config/faults/suggest.js'
import { type Problem, SpecErrors } from '../../problem.js'
import { readSpecFile } from '../../session.js'

type Mapping = Readonly<Record<string, unknown>>

/** What an octoDNS config says about who serves which zones. */
export interface OctodnsConfig {
  /** Absolute folder it is in. */
  readonly directory: string
  /** Those that are the target of a zone, with what their class takes; `env/NAME` as it is. */
  readonly targets: ReadonlyMap<string, { readonly class: string; readonly options: Mapping }>
  readonly zones: ReadonlyMap<Name, readonly string[]>
  /** `*` and other patterns of zone names, in their order. */
  readonly patterns: readonly { readonly pattern: string; readonly targets: readonly string[] }[]
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
  const patterns: { pattern: string; targets: readonly string[] }[] = []
  for (const [text, zone] of Object.entries(declared)) {
    const targets = targetsOf(declared, zone)
    if (targets === undefined) {
      wrong(['zones', text], `the zone ${text} has no targets`, 'write its targets, or take it out')
      continue
    }
    for (const target of targets)
      if (!Object.hasOwn(providers, target))
        wrong(
          ['zones', text],
          `the zone ${text} has the target ${target}, which is no provider`,
          didYouMean(target, Object.keys(providers)),
        )
    const name = /[*?[]/.test(text) ? undefined : parseName(text)
    if (name === undefined) patterns.push({ pattern: text, targets })
    else if (typeof name === 'string') zones.set(name, targets)
    else wrong(['zones', text], name.error, name.hint ?? 'write the name of a zone')
  }
  const used = new Set([...zones.values(), ...patterns.map(({ targets }) => targets)].flat())
  const handlers = Object.keys(isMapping(root.secret_handlers) ? root.secret_handlers : {})
  const taken = new Map<string, { class: string; options: Mapping }>()
  for (const name of used) {
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
  return { directory: dirname(resolve(file)), targets: taken, zones, patterns }
}

const NO_CONFIG = 'give the file that octodns-sync takes as --config-file'

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
