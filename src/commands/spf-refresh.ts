import { dirname, join } from 'node:path'
import { publicDns } from '../../providers/dns/client/public-dns.js'
import { replaceFile } from '../../providers/files/write-file.js'
import { type FlatSpf, flattenInclude } from '../../records/families/spf/evaluate/flatten.js'
import { displayName, type Name } from '../../records/rr/name.js'
import { loadSpec } from '../config/load-config.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { SpecErrors } from '../problem.js'
import { inert } from '../render/inert.js'
import { print } from '../render/text/print.js'
import { readSpecFile } from '../session.js'
import { LOCK_FILE, lockText } from '../spf/lock.js'
import { resolvedDns } from '../spf/resolved-dns.js'

export interface SpfRefreshOptions {
  readonly config: string
  /** `address[:port]`, or `root` to ask none; the system's without it. */
  readonly resolver?: string | undefined
}

/**
 * `mailsync spf refresh`: looks up what the includes under `flatten` mean now, shows what changed, and writes the lock file.
 * One that cannot be looked up stays as it was, and is an error.
 */
export async function spfRefresh({ config, resolver: named }: SpfRefreshOptions, io: Io): Promise<ExitCode> {
  const { spec, problems } = await loadSpec(config, readSpecFile)
  if (!spec || problems.some(({ severity }) => severity === 'error')) throw new SpecErrors(problems)
  const names = [
    ...new Set(spec.domains.flatMap(({ spf }) => (spf === false ? [] : spf.flatten.map(({ value }) => value)))),
  ]
  const old = spec.flattened ?? new Map<Name, FlatSpf>()
  const { resolver, close } = publicDns({ resolver: named })
  try {
    const dns = resolvedDns(resolver, io.signal)
    const found = await Promise.all(names.map(async (name) => ({ name, flat: await flattenInclude(name, dns) })))
    const now = new Map(
      found.flatMap(({ name, flat }): [Name, FlatSpf][] => {
        const kept = 'fault' in flat ? old.get(name) : flat
        return kept ? [[name, kept]] : []
      }),
    )
    print(
      io.out,
      found
        .flatMap(({ name, flat }) => told(name, old.get(name), flat))
        .map((line) => `${line}\n`)
        .join(''),
    )
    const text = lockText(now)
    if (text === lockText(old))
      print(io.err, names.length === 0 ? 'Nothing is to be flattened.\n' : 'Nothing changed.\n')
    else {
      const file = join(dirname(config), LOCK_FILE)
      await replaceFile(file, text)
      print(io.err, `${file} is written; commit it, and see what \`mailsync plan\` says.\n`)
    }
    return found.some(({ flat }) => 'fault' in flat) ? 1 : 0
  } finally {
    close()
  }
}

function told(name: Name, before: FlatSpf | undefined, flat: Awaited<ReturnType<typeof flattenInclude>>): string[] {
  const title = displayName(name)
  if ('fault' in flat)
    return [`${title}  cannot be flattened: ${inert(flat.fault)}${before ? '; it stays as it was' : ''}`]
  const [old, now] = [before, flat].map((one) => (one ? [...one.networks, ...one.terms] : []))
  const lines = [
    ...(now ?? []).filter((term) => !old?.includes(term)).map((term) => `  + ${inert(term)}`),
    ...(old ?? []).filter((term) => !now?.includes(term)).map((term) => `  - ${inert(term)}`),
  ]
  return [`${title}  ${lines.length === 0 ? 'unchanged' : 'changed'}`, ...lines]
}
