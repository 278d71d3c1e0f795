import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { fileError } from '../../../providers/files/file-error.js'
import { replaceFile } from '../../../providers/files/write-file.js'
import { zonePath } from '../../../providers/yaml/zone-paths.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, type NameError, parseHostname, parseName } from '../../../records/rr/name.js'
import type { ExitCode } from '../../exit-code.js'
import { importSpec } from '../../import/import-config.js'
import { octodnsSource } from '../../import/octodns/octodns-source.js'
import type { RefinedDraft } from '../../import/refine-draft.js'
import { newVariables } from '../../import/source/provider-draft.js'
import { optionSource, specSource } from '../../import/source/provider-source.js'
import { publicSource } from '../../import/source/public-source.js'
import type { Source } from '../../import/source/source.js'
import { zoneFileSource } from '../../import/source/zone-file-source.js'
import { packageFile } from '../../init/files/package-file.js'
import { isThere, SCHEMA_FILE, schemaPath } from '../../init/files/schema-path.js'
import type { Io } from '../../io.js'
import { type Problem, SpecErrors, unplaced } from '../../problem.js'
import { print } from '../../render/text/print.js'
import { count } from '../../render/words.js'

export interface ImportOptions {
  /** The spec that has `provider`. */
  readonly config: string
  readonly domain: readonly string[]
  /** A class of adapter, with `option`: a provider that no spec has yet. */
  readonly class?: string | undefined
  /** `KEY=VALUE` each. */
  readonly option: readonly string[]
  readonly provider?: string | undefined
  readonly zoneFile: readonly string[]
  /** A config of octoDNS; without domains, those with mail in its zones. */
  readonly octodns?: string | undefined
  /** The interpreter that has octoDNS, for the spec that is made. */
  readonly python?: string | undefined
  /** Zones to look in besides. */
  readonly zone: readonly string[]
  /** For public DNS; `address[:port]`, or `root` to ask none; the system's without it. */
  readonly resolver?: string | undefined
  readonly out?: string | undefined
  readonly force: boolean
}

/** `mailsync import`: writes the spec that says what stands in DNS now. Changes nothing there. */
export async function importCommand(options: ImportOptions, io: Io): Promise<ExitCode> {
  const { out, force } = options
  const { domains, also } = readNames(options)
  if (out !== undefined && !force && (await isThere(out))) throw taken(out)
  const directory = dirname(resolve(out ?? 'mailsync.yaml'))
  const source = await openSource(options, domains, directory, io)
  try {
    const found = await schemaPath(directory)
    const refined = await importSpec(source.domains ?? domains, source, {
      also,
      schema: found ?? (out === undefined ? undefined : `./${SCHEMA_FILE}`),
      today: io.today,
      signal: io.signal,
    })
    const written = out === undefined ? [] : await writeFiles(out, force, refined, source)
    if (out !== undefined && found === undefined) written.push(await writeSchema(directory))
    if (out === undefined) io.out.write(refined.text)
    print(io.err, [...written, ...whatNext(refined, source, out)].map((line) => `${line}\n`).join(''))
    return 0
  } finally {
    await source.connected.provider.close?.()
  }
}

/** Everything that is no name is told at once. */
function readNames({ domain, zone }: ImportOptions): { domains: Name[]; also: Name[] } {
  const problems: Problem[] = []
  const read = (texts: readonly string[], parse: (text: string) => Name | NameError): Name[] => {
    const names = texts.flatMap((text) => {
      const name = parse(text)
      if (typeof name === 'string') return [name]
      problems.push(unplaced(name.rule, name.error, name.hint))
      return []
    })
    return [...new Set(names)]
  }
  const names = { domains: read(domain, parseHostname), also: read(zone, parseName) }
  if (problems.length > 0) throw new SpecErrors(problems)
  return names
}

async function openSource(
  options: ImportOptions,
  domains: readonly Name[],
  directory: string,
  { env, redaction, today, signal, watch }: Io,
): Promise<Source> {
  const { class: type, option, provider, zoneFile, config, resolver, octodns, python } = options
  const place = { directory, env, onSecret: redaction.add, watch }
  const given = [
    zoneFile.length > 0 ? '--zone-file' : [],
    provider === undefined ? [] : '--provider',
    type === undefined ? [] : '--class',
    resolver === undefined ? [] : '--resolver',
    octodns === undefined ? [] : '--octodns',
  ].flat()
  if (given.length > 1 || (option.length > 0 && given.length > 0 && type === undefined))
    throw new MailsyncError(
      'usage',
      `there is one source, and ${[...given, ...(option.length > 0 ? ['--option'] : [])].join(' and ')} name several`,
      {
        hint: '--option goes with --class, --provider with --config; --resolver is for public DNS, the source where none is named',
      },
    )
  if (octodns !== undefined) return octodnsSource(octodns, domains, { ...place, python })
  if (domains.length === 0)
    throw new MailsyncError('usage', 'no domain is named', {
      hint: 'name the mail domains to import, the part after the @',
    })
  if (zoneFile.length > 0) return zoneFileSource(zoneFile, { domains, directory })
  if (provider !== undefined) return specSource(config, provider, place)
  if (type !== undefined || option.length > 0) return optionSource(type ?? 'yaml', option, place)
  const dns = publicDns({ resolver })
  try {
    return await publicSource(dns, domains, { today, signal }, resolver)
  } catch (error) {
    dns.close()
    throw error instanceof MailsyncError && error.code !== 'cancelled' ? unreadable(error) : error
  }
}

async function writeSchema(directory: string): Promise<string> {
  const path = join(directory, SCHEMA_FILE)
  await replaceFile(path, await packageFile(SCHEMA_FILE))
  return `Wrote ${path}, for editors.`
}

/** Who names no source may not know that there are others. */
function unreadable({ code, message, hint, where, apiCode, cause }: MailsyncError): MailsyncError {
  return new MailsyncError(code, `public DNS cannot be read: ${message}`, {
    where,
    cause,
    ...(apiCode === undefined ? {} : { apiCode }),
    hint: `${hint === undefined ? '' : `${hint}; `}other sources: --class rfc2136 --option host=192.0.2.53 …; --config FILE --provider NAME; --zone-file FILE`,
  })
}

async function writeFiles(
  out: string,
  force: boolean,
  { text }: RefinedDraft,
  { seeds, provider }: Source,
): Promise<string[]> {
  try {
    if (force) await replaceFile(out, text)
    else await writeFile(out, text, { flag: 'wx' })
    const folder = join(dirname(out), String(provider.options.directory))
    const lines = [`Wrote ${out}.`]
    for (const seed of seeds) {
      const { path, exists } = zonePath(folder, seed.zone)
      if (!exists) {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, seed.text, { flag: 'wx' })
      }
      lines.push(
        exists
          ? `${path} is there already, and stays as it is.`
          : `Wrote ${path}, a copy of the zone to plan and apply with.`,
      )
    }
    return lines
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(out) : fileError(error, out)
  }
}

function whatNext(
  { draft, zones, adoptions, claimed }: RefinedDraft,
  { provider, several, limits = [] }: Source,
  out: string | undefined,
): string[] {
  const secrets = (several?.drafts ?? [provider]).flatMap(newVariables)
  const { size } = draft.hosts
  return [
    ...limits,
    `${count(draft.domains.size, 'domain')} and ${count(size, 'host')}, in ${count(zones.length, 'zone')}.`,
    ...secrets.map(
      (name) =>
        `The secret you gave is not in the spec: set ${name} to it. Next time write env/${name} instead; others can see a command line.`,
    ),
    ...(claimed === 0 ? [] : [`${count(claimed, 'record')} ${claimed === 1 ? 'is' : 'are'} there already as wanted.`]),
    adoptions.length === 0
      ? 'With it `mailsync plan` changes no record.'
      : `With it \`mailsync plan\` shows ${count(adoptions.length, 'adoption')} and no other change: see the comments. \`apply\` wants --adopt for them.`,
    `Next: mailsync plan${out === undefined || out === 'mailsync.yaml' ? '' : ` --config ${out}`}`,
  ]
}

function taken(file: string): MailsyncError {
  return new MailsyncError('guard', `${file} is there already, and is not overwritten`, {
    where: { file },
    hint: 'choose another name, or overwrite it with --force',
  })
}
