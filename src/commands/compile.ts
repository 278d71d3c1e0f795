import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../../providers/files/file-error.js'
import { octodnsZone } from '../../providers/yaml/zone-text.js'
import type { Compiled } from '../../records/compile.js'
import { MailsyncError } from '../../records/error.js'
import { withSelectors } from '../../records/families/dkim/dkim-key.js'
import { families } from '../../records/families/index.js'
import { displayName, type Name, zoneOf } from '../../records/rr/name.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { policyFiles, type ServedPolicy, servedPolicies } from '../mta-sts/policy-files.js'
import { readSelection } from '../plan/select.js'
import { inTextOrder, type Problem, toProblem } from '../problem.js'
import { jsonText } from '../render/json/json-text.js'
import { print } from '../render/text/print.js'
import { renderProblems } from '../render/text/problems-text.js'
import { count } from '../render/words.js'
import { renderZoneFile } from '../render/zone-file.js'
import { compiledOffline, openSession, type Session } from '../session.js'

export interface CompileOptions {
  readonly config: string
  readonly zone: readonly string[]
  readonly format: 'zone' | 'yaml' | 'json'
  /** Folder for one file a zone, and for the files of MTA-STS policies. */
  readonly out?: string | undefined
}

/** `mailsync compile`: what the spec means, offline. */
export async function compileCommand(options: CompileOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: options.config, env: io.env, online: false })
  const { spec } = session
  const selection = readSelection(spec, options.zone, [])
  const found = compiledOffline(session)
  const all = { ...found, neededKeys: withSelectors(found.neededKeys, session.keys, io.today) }
  const zones = [...all.zones].filter(([zone]) => selection.zones.length === 0 || selection.zones.includes(zone))
  const compiled = { ...all, zones: new Map(zones) }
  const isChosen = (name: Name): boolean =>
    selection.zones.length === 0 || selection.zones.includes(zoneOf(name, all.input.zones) as Name)
  const policies = servedPolicies(spec.domains.filter(({ name }) => isChosen(name)))
  const problems = inTextOrder([
    ...session.problems,
    ...all.findings.map((finding) => toProblem(finding, session.locate)),
    ...keyNotes(all.neededKeys, session),
  ])
  print(io.err, renderProblems(problems, io.err))
  if (options.out === undefined) io.out.write(renderAll(compiled, policies, options.format, session))
  else {
    await writeFiles(options.out, filesOf(compiled, policies, options.format, session))
    if (policies.length > 0)
      io.err.write(
        `${count(policies.length, 'MTA-STS policy', 'MTA-STS policies')}, and how to serve them with nginx, Caddy or a Cloudflare Worker: ${join(options.out, 'mta-sts')}\n`,
      )
  }
  return 0
}

function renderAll(
  compiled: Compiled,
  policies: readonly ServedPolicy[],
  format: CompileOptions['format'],
  session: Session,
): string {
  if (format === 'json') return renderJson(compiled, policies, session)
  const zones = [...compiled.zones].map(([zone, records]) => renderZone(zone, records, format, session))
  return zones.join('\n')
}

function renderZone(
  zone: Name,
  records: Parameters<typeof renderZoneFile>[1],
  format: 'zone' | 'yaml',
  { spec }: Session,
): string {
  if (format === 'zone') return renderZoneFile(zone, records, spec.ttl)
  return octodnsZone(
    zone,
    records.map(({ rrset }) => rrset),
  )
}

function renderJson(
  { zones, manual, neededKeys }: Compiled,
  policies: readonly ServedPolicy[],
  { locate }: Session,
): string {
  const document = {
    format: 'mailsync-compiled',
    version: 1,
    zones: [...zones].map(([zone, records]) => ({
      zone,
      records: records.map(({ rrset, purpose, from }) => ({
        ...rrset,
        purpose,
        scope: families[purpose].isOwn ? 'own-values' : 'whole-rrset',
        where: locate(from),
      })),
    })),
    manual: manual.map(({ what, why, from }) => ({ what, why, where: locate(from) })),
    keys: neededKeys.map(({ domain, algorithm, selector }) => ({ domain, algorithm, selector })),
    policies,
  }
  return jsonText(document)
}

/** Path in the folder → text. */
function filesOf(
  { zones }: Compiled,
  policies: readonly ServedPolicy[],
  format: CompileOptions['format'],
  session: Session,
): Map<string, string> {
  if (format === 'json')
    throw new MailsyncError('usage', '--out writes zone files, and JSON is one document', {
      hint: 'redirect it: mailsync compile --format json > FILE',
    })
  const files = [...zones].map(
    ([zone, records]) => [`${zone.replaceAll('/', '-')}${format}`, renderZone(zone, records, format, session)] as const,
  )
  return new Map([...files, ...policyFiles(policies)])
}

async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    const paths = [...files.keys()].map((path) => join(folder, path))
    for (const one of new Set([folder, ...paths.map(dirname)])) await mkdir(one, { recursive: true })
    for (const [path, text] of files) await writeFile(join(folder, path), text)
  } catch (error) {
    throw fileError(error, folder)
  }
}

function keyNotes(keys: Compiled['neededKeys'], { locate }: Session): Problem[] {
  return keys.map(({ domain, algorithm, selector, from }) =>
    toProblem(
      {
        rule: 'dkim-key-missing',
        severity: 'note',
        from,
        message: `${displayName(domain)} has no ${algorithm} key yet; ${selector}._domainkey is not shown`,
        hint: 'make it with `mailsync dkim generate`',
      },
      locate,
    ),
  )
}
