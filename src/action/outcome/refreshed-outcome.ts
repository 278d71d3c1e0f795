import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { replaceFile } from '../../../providers/files/write-file.js'
import { cut } from '../../../records/cut.js'
import { displayName } from '../../../records/rr/name.js'
import { loadSpec } from '../../config/load-config.js'
import { hasErrors, type Problem, SpecErrors } from '../../problem.js'
import { codeBlock } from '../../render/markdown/markdown.js'
import { problemList } from '../../render/markdown/problem-markdown.js'
import { renderSpfRefresh } from '../../render/text/spf/spf-refresh-text.js'
import { specReader } from '../../session.js'
import { LOCK_FILE } from '../../spf/lock.js'
import { type LookedUp, refreshLock } from '../../spf/refresh-lock.js'
import { resolvedDns } from '../../spf/resolved-dns.js'
import type { Proposal } from '../github/propose.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

/** `command: spf-refresh`: looks up what the flattened includes mean now, writes the lock file, and proposes it where it changed. */
export async function refreshedOutcome({ config, resolver: named }: Inputs, run: Run): Promise<Outcome> {
  const { io, workspace } = run
  const { spec, problems: known } = await loadSpec(config, specReader(workspace))
  if (!spec || hasErrors(known)) throw new SpecErrors(known)
  const { resolver, close } = publicDns({ resolver: named })
  try {
    const { found, moved, text, isChanged } = await refreshLock(spec, resolvedDns(resolver, io.signal), io.today)
    const shown = renderSpfRefresh({ found, moved })
    io.out.write(shown)
    const file = join(dirname(config), LOCK_FILE)
    if (isChanged) await replaceFile(file, text)
    const faults = found.flatMap(({ name, flat }): Problem[] =>
      'fault' in flat
        ? [
            {
              rule: 'spf-not-flattened',
              severity: 'error',
              message: `${displayName(name)} cannot be flattened: ${flat.fault}`,
            },
          ]
        : [],
    )
    const problems = [...known, ...faults]
    return {
      ...(faults.length === 0 ? {} : { failure: 'not every include could be looked up; those stay as they were' }),
      problems,
      ...(isChanged || (found.length > 0 && faults.length === 0) ? { proposal: proposalOf(file, text) } : {}),
      markdown: (limit) => {
        const head = [
          '### mailsync spf refresh',
          '',
          isNews(found) ? NEWS : isChanged ? PLACES : SAME,
          '',
          codeBlock(cut(shown, Math.floor(limit / 2))),
          '',
        ].join('\n')
        return `${head}\n${problemList(problems, limit - head.length - 1)}`
      },
    }
  } finally {
    close()
  }
}

/** Whether others let send whom they did not before, or no longer let send. */
function isNews(found: readonly LookedUp[]): boolean {
  return found.some(({ before, flat }) => !('fault' in flat) && !isDeepStrictEqual(before, flat))
}

function proposalOf(file: string, text: string): Proposal {
  return {
    branch: 'mailsync/spf-refresh',
    title: 'Refresh what the SPF of others means',
    files: new Map([[file, text]]),
  }
}

const NEWS =
  '**What others let send has changed.** SPF records in which it is flattened are as before until this is merged and applied; until then mail from what is new fails, and what is gone still passes.'
const PLACES =
  '**What others let send is the same.** Where it stands in SPF records changes once this is merged and applied.'
const SAME = '**Nothing changed.**'
