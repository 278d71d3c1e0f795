import { usedSelectors } from '../../../records/families/dkim/dkim.js'
import { isUsable, withSelectors } from '../../../records/families/dkim/dkim-key.js'
import { displayName, joinName, type Name } from '../../../records/rr/name.js'
import { compiledOffline } from '../../compiled-offline.js'
import { otherDomains } from '../../dkim/keystore/other-domains.js'
import { readIdentities } from '../../dkim/keystore/private/age.js'
import { privateFileOf } from '../../dkim/keystore/private/private-half.js'
import { verifyPrivateKeys } from '../../dkim/keystore/private/verify-private-keys.js'
import { readKeys } from '../../dkim/keystore/read-keys.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { hasErrors } from '../../problem.js'
import { jsonText } from '../../render/json/json-text.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { print } from '../../render/text/print.js'
import { count } from '../../render/words.js'
import { keyedNames, keyProblem, openSession, type Session } from '../../session.js'
import { generateMissingKeys } from './generate-keys.js'

export interface DkimOptions {
  readonly config: string
}

/** `mailsync dkim generate`: makes the keys the spec asks for and the store lacks. No DNS is read or written. */
export async function dkimGenerate({ config }: DkimOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: config, env: io.env, online: false })
  const { neededKeys } = compiledOffline(session)
  if (neededKeys.length === 0) {
    print(io.err, 'Every domain has its keys; nothing to do.\n')
    return 0
  }
  const used = usedSelectors(session.spec.domains, session.keys)
  const keys = await generateMissingKeys(session, withSelectors(neededKeys, used, io.today), io)
  io.out.write(
    keys
      .map(
        ({ domain, selector, algorithm, found }) =>
          `${displayName(domain as Name)}  ${selector}  ${algorithm}${found ? '  found' : ''}\n`,
      )
      .join(''),
  )
  const found = keys.filter((key) => key.found).length
  print(
    io.err,
    `${count(keys.length - found, 'new key')}${found > 0 ? ` and ${found} found` : ''} in ${session.keysDirectory}. Commit the public.json files; keep the .pem files secret.\n`,
  )
  return 0
}

/** `mailsync dkim list`: the keys of the store, those that the spec does not ask for any more too. */
export async function dkimList(
  { config, format }: DkimOptions & { readonly format: 'text' | 'json' },
  io: Io,
): Promise<ExitCode> {
  const session = await openSession({ file: config, env: io.env, online: false })
  const { spec, keysDirectory } = session
  const others = await readKeys(keysDirectory, await otherDomains(keysDirectory, keyedNames(spec)))
  const asked = askedNames(session)
  const keys = [...session.keys, ...others.keys].map(({ domain, selector, algorithm, state }) => ({
    domain,
    selector,
    algorithm,
    state,
    inSpec: asked.has(joinName(`${selector}._domainkey`, domain)),
  }))
  const problems = [...session.problems, ...others.findings.map(keyProblem)]
  if (format === 'json') io.out.write(jsonText({ format: 'mailsync-keys', version: 1, keys, problems }))
  else
    io.out.write(
      keys
        .map(({ domain, selector, algorithm, state, inSpec }) => {
          const shown = inSpec || state === 'revoked' || state === 'gone' ? state : 'not in the spec'
          return `${displayName(domain)}  ${selector}  ${algorithm}  ${shown}\n`
        })
        .join(''),
    )
  print(io.err, renderProblems(problems, io.err))
  if (keys.length === 0 && problems.every(({ rule }) => rule !== 'dkim-key-stray'))
    print(io.err, 'There are no keys yet; `mailsync dkim generate` makes them.\n')
  return exitCodeOf(hasErrors(problems) ? [{ code: 'spec' }] : [])
}

/** The names at which the spec wants a key that is there. */
function askedNames(session: Session): Set<Name> {
  const { zones } = compiledOffline(session)
  const records = [...zones.values()].flat().filter(({ purpose }) => purpose === 'dkim')
  return new Set(records.map(({ rrset }) => rrset.name))
}

/**
 * `mailsync dkim check`: whether each private key that is here is readable by its owner only and belongs to its public key; one
 * that age encrypts is looked at only with an identity that opens it.
 */
export async function dkimCheck(
  { config, identity }: DkimOptions & { readonly identity?: string | undefined },
  io: Io,
): Promise<ExitCode> {
  const session: Session = await openSession({ file: config, env: io.env, online: false })
  const identities = identity === undefined ? [] : await readIdentities(identity)
  const mismatches = await verifyPrivateKeys(session.keysDirectory, session.keys, identities)
  const problems = [...session.problems, ...mismatches.map(keyProblem)]
  print(io.err, renderProblems(problems, io.err))
  if (problems.length === 0) print(io.err, `${soundKeys(session, identities.length > 0)}\n`)
  return exitCodeOf(hasErrors(problems) ? [{ code: 'spec' }] : [])
}

function soundKeys({ keys, keysDirectory }: Session, hasIdentity: boolean): string {
  if (keys.length === 0) return 'There are no keys yet; `mailsync dkim generate` makes them.'
  const closed = keys.filter((key) => {
    const isHere = privateFileOf(keysDirectory, key)?.isHere ?? false
    return isUsable(key) && (!isHere || (key.holder === 'age' && !hasIdentity))
  }).length
  const opened = keys.length - closed
  const sound = opened === 1 ? '1 key is as it should be.' : `${count(opened, 'key')} are as they should be.`
  const unknown = `The private half of ${count(closed, 'key')} was not looked at: it is not here, or age encrypts it and no --identity is given.`
  return [...(opened > 0 ? [sound] : []), ...(closed > 0 ? [unknown] : [])].join(' ')
}
