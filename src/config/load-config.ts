import { basename, dirname, join, relative, resolve } from 'node:path'
import type * as z from 'zod'
import type { Finding } from '../../records/finding.js'
import type { Host, MailSpec } from '../../records/spec.js'
import { readYaml, type YamlSource } from '../../yaml/read-yaml.js'
import { withStages } from '../dmarc/ramp/with-stages.js'
import { inTextOrder, type Locate, type Problem, toProblem } from '../problem.js'
import { LOCK_FILE, readLock, type SpfLock } from '../spf/lock.js'
import { type Observations, parseSource, type SourceGroup, type SourceText } from './address-source.js'
import { buildSpec } from './build.js'
import { explain } from './faults/explain.js'
import { followUpsOf } from './faults/follow-ups.js'
import { knownKeysOf } from './faults/known-keys.js'
import { prototypeKeys } from './faults/prototype-keys.js'
import { prune } from './faults/prune.js'
import { parseOnce } from './schema/parse-once.js'
import { anySpecSchema, type RawSpec } from './schema.js'
import { type Written, withoutKnown } from './without-known.js'

/** Asks the sources of hosts for their addresses, by the key of the host; with the providers that they may name. */
export type ObserveHosts = (
  sources: ReadonlyMap<string, readonly SourceGroup[]>,
  providers: RawSpec['providers'],
) => Promise<Observations>

/** A spec that was read, as far as it could be. */
export interface LoadedSpec {
  /** Its text as plain data, whole and file by file. */
  readonly value: unknown
  readonly composed: YamlSource['composed']
  /** Undefined only where the text is so wrong that nothing can be said about its meaning. With errors it is incomplete. */
  readonly spec: MailSpec | undefined
  readonly problems: readonly Problem[]
  readonly locate: Locate
  /** Whether a finding about a path only follows from an error that was told already. */
  readonly isFollowUp: (finding: Finding) => boolean
}

const knownKeys = knownKeysOf(anySpecSchema)
/** How often what is wrong is cut out to look further; each round sees what the last one hid. */
const ROUNDS = 4

/** Reads a spec file and what it includes, and reports every problem it can find. */
export async function loadSpec(
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
  observe?: ObserveHosts,
  known?: Written,
): Promise<LoadedSpec> {
  let isMissing = false
  const source = await readYaml(
    file,
    async (path) => {
      try {
        return await readFile(path)
      } catch (error) {
        isMissing ||= path === resolve(file) && (error as NodeJS.ErrnoException).code === 'ENOENT'
        throw error
      }
    },
    known?.composed,
  )
  const locate: Locate = (path, at) => source.locate(path, at)
  const { value, domains } = known ? withoutKnown(source.value, known) : { value: source.value, domains: [] }
  const { raw, findings } = checkShape(value)
  const built = raw && buildSpec(raw, observe && (await observe(sourcesIn(raw), raw.providers)))
  const isFollowUp = followUpsOf(findings)
  const read = (built?.findings ?? []).filter((finding) => !isFollowUp(finding))
  const own = [...findings, ...read].map((finding) => toProblem(finding, locate))
  const lock = built && (await readFlattened(file, readFile))
  const certified = built && (await certifiedHosts(built.spec, file, readFile))
  const ramp = built && (await withStages([...built.spec.domains, ...domains], file, readFile))
  return {
    value: source.value,
    composed: source.composed,
    spec: built && { ...built.spec, ...lock?.found, hosts: certified?.hosts ?? [], domains: ramp?.domains ?? [] },
    problems: inTextOrder([
      ...(isMissing ? await withNextStep(source.problems, file, readFile) : source.problems),
      ...own.filter(notAboutUnread(source)),
      ...(lock?.problems ?? []),
      ...(ramp?.problems ?? []),
      ...(certified?.findings ?? []).map((finding) => toProblem(finding, locate)),
    ]),
    locate,
    isFollowUp: followUpsOf([...findings, ...read]),
  }
}

/** The sources of each host whose addresses are not listed; one that cannot be read is told by `buildSpec`, and left out. */
function sourcesIn({ hosts = {}, providers }: RawSpec): ReadonlyMap<string, readonly SourceGroup[]> {
  const found = Object.entries(hosts).flatMap(([key, { addresses }]): [string, SourceGroup[]][] => {
    if (addresses === undefined || Array.isArray(addresses)) return []
    const groups = addresses.from.map((one) => [one].flat().map((text) => parseSource(text, providers)))
    const isRead = (group: (typeof groups)[number]): group is SourceText[] =>
      group.every((source) => typeof source === 'string')
    return [[key, groups.filter(isRead)]]
  })
  return new Map(found)
}

/** What includes mean that are to be flattened, from the lock file beside the spec; that one of them is not in it, a rule tells. */
async function readFlattened(
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<{ found?: SpfLock; problems: readonly Problem[] }> {
  const path = join(dirname(file), LOCK_FILE)
  let text: string
  try {
    text = Buffer.from(await readFile(resolve(path))).toString('utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { problems: [] }
    throw error
  }
  const found = readLock(text)
  if (typeof found !== 'string') return { found, problems: [] }
  const hint = 'make it anew: remove it, and run `mailsync spf refresh`'
  return {
    problems: [
      { rule: 'spf-lock', severity: 'error', message: found, hint, where: { file: path, line: 1, column: 1 } },
    ],
  }
}

/** The hosts with the keys of their certificates; what reads those loads `node:crypto`, which few runs need. */
async function certifiedHosts(
  { hosts }: MailSpec,
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<{ hosts: readonly Host[]; findings: readonly Finding[] }> {
  if (!hosts.some(({ tlsa }) => tlsa && tlsa.files.length + tlsa.roll.length > 0)) return { hosts, findings: [] }
  return (await import('./certificates/read-certificates.js')).readCertificates(hosts, file, readFile)
}

/** What somebody does who has no spec yet, or whose spec is in a folder above. */
async function withNextStep(
  problems: readonly Problem[],
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Problem[]> {
  const above = await specAbove(resolve(file), readFile)
  const found = above && `there is one in a folder above: --config ${relative('', above)}. Otherwise `
  const hint = `${found ?? ''}write a first one with \`mailsync init\`, which asks; or with \`mailsync import DOMAIN\`, from what DNS holds now; or name another with --config FILE`
  return problems.map((problem) => ({ ...problem, hint }))
}

async function specAbove(file: string, readFile: (path: string) => Promise<Uint8Array>): Promise<string | undefined> {
  const name = basename(file)
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(dirname(folder), name)
    const isThere = await readFile(path).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}

/** Passes what is not said about a place that could not be read as YAML. */
function notAboutUnread({ value, problems }: YamlSource): (problem: Problem) => boolean {
  if (problems.length > 0 && (typeof value !== 'object' || value === null)) return () => false
  const unread = new Set(problems.map(({ where }) => JSON.stringify(where)))
  return ({ where }) => !unread.has(JSON.stringify(where))
}

function checkShape(value: unknown): { raw?: RawSpec; findings: Finding[] } {
  const findings = prototypeKeys(value)
  const known =
    findings.length === 0
      ? value
      : prune(
          value,
          findings.map(({ from }) => from),
        )
  const first = parseOnce(known)
  if (first.success) return { raw: first.data, findings }
  let rest = withNumbersAsText(known, first.error)
  const told = new Set<string>()
  const isTold = ({ from }: Finding): boolean => told.has(JSON.stringify(from))
  for (let round = 0; round < ROUNDS; round++) {
    const parsed = anySpecSchema().safeParse(rest, { reportInput: true })
    if (parsed.success) return { raw: parsed.data, findings }
    const found = explain(parsed.error.issues, knownKeys)
    findings.push(...found.filter((one) => (round === 0 || one.rule !== 'spec-missing-key') && !isTold(one)))
    if (found.some(({ from }) => from.length === 0)) break
    // Where a list takes no blank either, it goes as a whole.
    const paths = found.map((one) => (isTold(one) ? one.from.slice(0, -1) : one.from))
    for (const { from } of found) told.add(JSON.stringify(from))
    rest = prune(rest, paths)
  }
  return { findings }
}

/**
 * A number where text is wanted is the text it is written as (`fo: 1`, `selector: 202410`): `plainScalar` makes numbers only of
 * what is written the same again.
 */
function withNumbersAsText(value: unknown, { issues }: z.ZodError): unknown {
  const paths = issues.flatMap((issue) => numberPaths(issue, []))
  if (paths.length === 0) return value
  const copy = structuredClone(value)
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown>)[step], copy)
    const key = path.at(-1) as PropertyKey
    ;(parent as Record<PropertyKey, unknown>)[key] = String((parent as Record<PropertyKey, unknown>)[key])
  }
  return copy
}

function numberPaths(issue: z.core.$ZodIssue, base: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  const path = [...base, ...issue.path]
  if (issue.code === 'invalid_union')
    return issue.errors.flatMap((issues) => issues.flatMap((one) => numberPaths(one, path)))
  const isNumber = issue.code === 'invalid_type' && issue.expected === 'string' && typeof issue.input === 'number'
  return isNumber && path.length > 0 ? [path] : []
}
