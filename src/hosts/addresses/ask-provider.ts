import type { Tag } from '../../../providers/provider.js'
import { MailsyncError } from '../../../records/error.js'
import { providersOfSource, readTag } from '../../config/address-source.js'
import type { RawSpec } from '../../config/schema.js'
import { prepareOne } from '../../connect/check/prepare-one.js'
import type { OnSecret } from '../../connect/connect.js'
import { adapterBug } from '../../connect/connect-error.js'
import { SpecErrors } from '../../problem.js'
import { closeAll } from '../../session.js'
import type { Watch } from '../../watch/watch.js'

export interface ProviderContext {
  /** Absolute folder of the spec, in which commands run. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly providers: RawSpec['providers']
  readonly onSecret?: OnSecret
  /** Absolute folder; an adapter that is a file outside of it is not loaded. */
  readonly within?: string
  readonly signal: AbortSignal
  /** What its calls are told to. */
  readonly watch?: Watch | undefined
}

/** The addresses of all that has a tag at a provider of the spec, which is connected for that alone. */
export async function askProvider(kind: string, rest: string, context: ProviderContext): Promise<readonly string[]> {
  const { providers, signal } = context
  const [name = kind] = providersOfSource(kind, providers)
  const { class: type = kind, ...options } = providers[name] ?? {}
  const prepared = await prepareOne({ name, type, options, ownsAddresses: true }, context).catch(firstProblem)
  const connected = await prepared.connect()
  try {
    const { provider } = connected
    if (provider.tagged) return await provider.tagged(readTag(rest) as Tag, signal)
    throw new MailsyncError('spec', `class ${type} tells no addresses by tag; of the shipped ones ec2 does`)
  } catch (error) {
    throw error instanceof MailsyncError ? error : adapterBug(name, error)
  } finally {
    await closeAll(new Map([[name, connected]]))
  }
}

/** What is wrong with the options of a provider. */
function firstProblem(error: unknown): never {
  if (!(error instanceof SpecErrors)) throw error
  throw new MailsyncError('spec', error.problems[0]?.message ?? error.message, { cause: error })
}
