import { dirname, join, resolve } from 'node:path'
import { stageOf } from '../../../records/families/dmarc/ramp/ramp-policy.js'
import type { Domain } from '../../../records/spec.js'
import type { Problem } from '../../problem.js'
import { RAMP_FILE, RAMP_HINT, readRamp } from './ramp-file.js'

/** The domains with the policies that they are at, from the file beside the spec. It is not looked at where nothing asks for it. */
export async function withStages(
  domains: readonly Domain[],
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<{ readonly domains: readonly Domain[]; readonly problems: readonly Problem[] }> {
  if (!domains.some(({ dmarc }) => dmarc !== false && dmarc.ramp)) return { domains, problems: [] }
  const path = join(dirname(file), RAMP_FILE)
  const states = await readStates(path, readFile)
  const problem = (message: string): Problem => ({
    rule: 'dmarc-ramp-file',
    severity: 'error',
    message,
    hint: RAMP_HINT,
    where: { file: path, line: 1, column: 1 },
  })
  return {
    domains: domains.map((domain) => {
      const { dmarc, name } = domain
      if (dmarc === false || dmarc.ramp === undefined) return domain
      const state = typeof states === 'string' ? undefined : states.get(name)
      return { ...domain, dmarc: { ...dmarc, policy: stageOf(dmarc.ramp, state) } }
    }),
    problems: typeof states === 'string' ? [problem(states)] : [],
  }
}

async function readStates(
  path: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<ReturnType<typeof readRamp>> {
  try {
    return readRamp(Buffer.from(await readFile(resolve(path))).toString('utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw error
  }
}
