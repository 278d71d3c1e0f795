import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { octodnsZone } from '../../../providers/yaml/zone-text.js'
import type { Compiled } from '../../../records/compile.js'
import { MailsyncError } from '../../../records/error.js'
import { clientDocuments } from '../../../records/families/clients/documents.js'
import { usedSelectors } from '../../../records/families/dkim/dkim.js'
import { withSelectors } from '../../../records/families/dkim/dkim-key.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import { sharesRRset } from '../../../records/families/slot.js'
import { groupBy } from '../../../records/group.js'
import { displayName, type Name, withoutDot, zoneOf } from '../../../records/rr/name.js'
import { ARPA } from '../../../records/rr/reverse.js'
import { canonical, keyOf, type RRset } from '../../../records/rr/rrset.js'
import { compiledOffline } from '../../compiled-offline.js'
import { expiredCertificates } from '../../config/certificates/expired-certificates.js'
import type { ExitCode } from '../../exit-code.js'
import { observeHosts } from '../../hosts/addresses/observe-hosts.js'
import type { Io } from '../../io.js'
import { policyFiles, servedPolicies } from '../../mta-sts/policy-files.js'
import type { ServedPolicy } from '../../mta-sts/served-policy.js'
import { readSelection } from '../../plan/select.js'
import { inTextOrder, type Problem, toProblem } from '../../problem.js'
import { jsonText } from '../../render/json/json-text.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { renderLooseSteps, unbrokenLines } from '../../render/text/plan/steps-text.js'
import { print } from '../../render/text/print.js'
import { count } from '../../render/words.js'
import { renderZoneFile } from '../../render/zone-file.js'
import { openSession, type Session } from '../../session.js'
import { looseSteps } from '../../steps/loose-steps.js'
import { writeTexts } from '../draft/write-texts.js'

export interface CompileOptions {
  readonly config: string
  readonly zone: readonly string[]
  readonly format: 'zone' | 'yaml' | 'json'
  /** Folder for one file a zone, the files of MTA-STS policies, and one folder a name with the documents that clients ask for there. */
  readonly out?: string | undefined
  /** Ask the sources of addresses that the spec does not list. */
  readonly observe: boolean
}

/** `mailsync compile`: what the spec means, offline. */
export async function compileCommand(options: CompileOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({
    file: options.config,
    env: io.env,
    online: false,
    ...(options.observe && {
      observe: observeHosts({ file: options.config, env: io.env, onSecret: io.redaction.add, signal: io.signal }),
    }),
  })
  const { spec } = session
  const selection = readSelection(spec, options.zone, [])
  const found = compiledOffline(session)
  const all = {
    ...found,
    neededKeys: withSelectors(found.neededKeys, usedSelectors(session.spec.domains, session.keys), io.today),
  }
  const zones = [...all.zones].filter(([zone]) => selection.zones.length === 0 || selection.zones.includes(zone))
  const isChosen = (name: Name): boolean =>
    selection.zones.length === 0 || selection.zones.includes(zoneOf(name, all.input.zones) as Name)
  const hasOwners = selection.zones.length === 0 || selection.zones.includes(ARPA)
  const compiled = { ...all, zones: new Map(zones), addressOwners: hasOwners ? all.addressOwners : new Map() }
  const policies = servedPolicies((session.policyDomains ?? spec.domains).filter(({ name }) => isChosen(name)))
  const problems = inTextOrder([
    ...session.problems,
    ...[...all.findings, ...expiredCertificates(spec, io.today)].map((finding) => toProblem(finding, session.locate)),
    ...keyNotes(all.neededKeys, session),
  ])
  print(io.err, renderProblems(problems, io.err))
  if (options.format !== 'json') {
    const steps = await looseSteps(all.manual, { seen: new Map(), locate: session.locate })
    print(io.err, renderLooseSteps(steps, io.err), unbrokenLines({ manual: steps }))
  }
  if (options.out === undefined) io.out.write(await renderAll(compiled, policies, options.format, session))
  else {
    await writeFiles(options.out, compiled, policies, options.format, session)
    if (policies.length > 0)
      io.err.write(
        `${count(policies.length, 'MTA-STS policy', 'MTA-STS policies')}, and how to serve them with nginx, Caddy or a Cloudflare Worker: ${join(options.out, 'mta-sts')}\n`,
      )
  }
  return 0
}

async function renderAll(
  compiled: Compiled,
  policies: readonly ServedPolicy[],
  format: CompileOptions['format'],
  session: Session,
): Promise<string> {
  if (format === 'json') return renderJson(compiled, policies, session)
  const zones = [...compiled.zones].map(([zone, records]) => renderZone(zone, records, format, session))
  const mark = format === 'zone' ? ';' : '#'
  const owners = [...compiled.addressOwners].map(
    ([provider, records]) =>
      `${mark} Kept by ${JSON.stringify(provider)} with its addresses, in no zone.\n${renderZone(ARPA, records, format, session)}`,
  )
  return [...zones, ...owners].join('\n')
}

function renderZone(zone: Name, records: readonly MailRecord[], format: 'zone' | 'yaml', { spec }: Session): string {
  if (format === 'zone') return renderZoneFile(zone, records, spec.ttl)
  return octodnsZone(
    zone,
    [...groupBy(records, ({ rrset }) => keyOf(rrset)).values()].map((parts) => wholeRRset(parts)),
  )
}

/** What several records put at one place. */
function wholeRRset(parts: readonly MailRecord[]): RRset {
  const [first] = parts.map(({ rrset }) => rrset) as [RRset, ...RRset[]]
  return canonical({ ...first, rdata: parts.flatMap(({ rrset }) => [...rrset.rdata]) } as RRset)
}

async function renderJson(
  { zones, addressOwners, manual, neededKeys }: Compiled,
  policies: readonly ServedPolicy[],
  { locate }: Session,
): Promise<string> {
  const dataOf = ({ rrset, purpose, from }: MailRecord): object => ({
    ...rrset,
    purpose,
    scope: rrset.type !== 'CNAME' && sharesRRset(purpose) ? 'own-values' : 'whole-rrset',
    where: locate(from),
  })
  const document = {
    format: 'mailsync-compiled',
    version: 1,
    zones: [...zones].map(([zone, records]) => ({ zone, records: records.map(dataOf) })),
    ...(addressOwners.size > 0 && {
      addressOwners: [...addressOwners].map(([provider, records]) => ({ provider, records: records.map(dataOf) })),
    }),
    manual: await looseSteps(manual, { seen: new Map(), locate }),
    keys: neededKeys.map(({ domain, algorithm, selector }) => ({ domain, algorithm, selector })),
    policies,
  }
  return jsonText(document)
}

async function writeFiles(
  folder: string,
  compiled: Compiled,
  policies: readonly ServedPolicy[],
  format: CompileOptions['format'],
  session: Session,
): Promise<void> {
  if (format === 'json')
    throw new MailsyncError('usage', '--out writes zone files, and JSON is one document', {
      hint: 'redirect it: mailsync compile --format json > FILE',
    })
  try {
    await mkdir(folder, { recursive: true })
    for (const [zone, records] of compiled.zones) {
      const file = join(folder, `${zone.replaceAll('/', '-')}${format}`)
      await writeFile(file, renderZone(zone, records, format, session))
    }
    const domains = compiled.input.domains.filter(({ name }) =>
      compiled.zones.has(zoneOf(name, compiled.input.zones) as Name),
    )
    await writeTexts(folder, new Map([...policyFiles(policies), ...clientFiles(domains)]))
  } catch (error) {
    throw fileError(error, folder)
  }
}

/** Path → text: every folder is what the web server of its name serves. */
function clientFiles(domains: Compiled['input']['domains']): [string, string][] {
  return domains.flatMap(clientDocuments).map(({ host, path, text }) => [join(withoutDot(host), path), text])
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
