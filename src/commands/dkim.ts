import { compile } from '../../records/compile.js'
import { withSelectors } from '../../records/families/dkim/dkim-key.js'
import { displayName, type Name } from '../../records/rr/name.js'
import type { ExitCode, Io } from '../io.js'
import { verifyPrivateKeys } from '../keystore/verify-private-keys.js'
import { renderProblems } from '../render/text/problems-text.js'
import { count } from '../render/words.js'
import { openSession, type Session } from '../session.js'
import { offlineZones } from './compile.js'
import { generateMissingKeys } from './generate-keys.js'

export interface DkimOptions {
  readonly config: string
}

/** `mailsync dkim generate`: makes the keys the spec asks for and the store lacks. No DNS is read or written. */
export async function dkimGenerate({ config }: DkimOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: config, env: io.env, online: false })
  const { neededKeys } = compile(session.spec, session.keys, offlineZones(session.spec))
  if (neededKeys.length === 0) {
    io.err.write('Every domain has its keys; nothing to do.\n')
    return 0
  }
  const keys = await generateMissingKeys(session, withSelectors(neededKeys, session.keys, io.today), io)
  io.out.write(
    keys
      .map(
        ({ domain, selector, algorithm, found }) =>
          `${displayName(domain as Name)}  ${selector}  ${algorithm}${found ? '  found' : ''}\n`,
      )
      .join(''),
  )
  const found = keys.filter((key) => key.found).length
  io.err.write(
    `${count(keys.length - found, 'new key')}${found > 0 ? ` and ${found} found` : ''} in ${session.keysDirectory}. Commit the public.json files; keep the .pem files secret.\n`,
  )
  return 0
}

/** `mailsync dkim list`: the keys of the store. */
export async function dkimList({ config }: DkimOptions, io: Io): Promise<ExitCode> {
  const { keys, problems } = await openSession({ file: config, env: io.env, online: false })
  io.out.write(
    keys
      .map(({ domain, selector, algorithm, state }) => `${displayName(domain)}  ${selector}  ${algorithm}  ${state}\n`)
      .join(''),
  )
  io.err.write(renderProblems(problems, { colour: io.err.colour }))
  if (keys.length === 0) io.err.write('There are no keys yet; `mailsync dkim generate` makes them.\n')
  return 0
}

/** `mailsync dkim check`: whether each private key that is here is readable by its owner only and belongs to its public key. */
export async function dkimCheck({ config }: DkimOptions, io: Io): Promise<ExitCode> {
  const session: Session = await openSession({ file: config, env: io.env, online: false })
  const mismatches = await verifyPrivateKeys(session.keysDirectory, session.keys)
  const problems = [
    ...session.problems,
    ...mismatches.map(({ file, ...finding }) => ({ ...finding, position: { file, line: 1, column: 1 } })),
  ]
  io.err.write(renderProblems(problems, { colour: io.err.colour }))
  if (problems.length === 0) io.err.write(`${count(session.keys.length, 'key is', 'keys are')} as they should be.\n`)
  return problems.some(({ severity }) => severity === 'error') ? 1 : 0
}
