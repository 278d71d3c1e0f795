import { dirname, join } from 'node:path'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { replaceFile } from '../../../providers/files/write-file.js'
import { loadSpec } from '../../config/load-config.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { hasErrors, SpecErrors } from '../../problem.js'
import { print } from '../../render/text/print.js'
import { renderSpfRefresh } from '../../render/text/spf/spf-refresh-text.js'
import { readSpecFile } from '../../session.js'
import { LOCK_FILE } from '../../spf/lock.js'
import { refreshLock } from '../../spf/refresh-lock.js'
import { resolvedDns } from '../../spf/resolved-dns.js'

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
  if (!spec || hasErrors(problems)) throw new SpecErrors(problems)
  const { resolver, close } = publicDns({ resolver: named })
  try {
    const { found, moved, text, isChanged } = await refreshLock(spec, resolvedDns(resolver, io.signal), io.today)
    print(io.out, renderSpfRefresh({ found, moved }))
    if (isChanged) {
      const file = join(dirname(config), LOCK_FILE)
      await replaceFile(file, text)
      print(io.err, `${file} is written; commit it, and see what \`mailsync plan\` says.\n`)
    } else
      print(
        io.err,
        found.length === 0 && moved.length === 0
          ? 'Nothing is to be flattened: no domain of the spec has spf.flatten.\n'
          : 'Nothing changed.\n',
      )
    return found.some(({ flat }) => 'fault' in flat) ? 1 : 0
  } finally {
    close()
  }
}
