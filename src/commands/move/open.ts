import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { assertSpecThere } from '../../config/assert-spec-there.js'
import { assertMove } from '../../move/advance.js'
import { moveFileOf, readMove } from '../../move/move-file.js'
import { type OpenMove, openMove } from '../../move/open-stage.js'
import { type OpenOptions, openSpec, specReader } from '../../session.js'

/** What all commands of a move take. */
export interface MoveOptions {
  readonly config: string
  readonly format: 'text' | 'json'
  readonly resolver?: string | undefined
}

/** The move that is under way. Throws `usage` where there is none, and as `openSpec` where there is no spec either. */
export async function moveUnderWay(options: OpenOptions): Promise<OpenMove> {
  const file = moveFileOf(options.file)
  const read = specReader(undefined)
  const found = await readMove(file, read)
  if (!found) await assertSpecThere(options.file)
  const state = assertMove(found, options.file)
  return openMove({ options: { ...options, file: options.file }, file, state, openSpec, read })
}

/** DNS as everybody sees it. */
export function dnsOf({ resolver }: Pick<MoveOptions, 'resolver'>): ReturnType<typeof publicDns> {
  return publicDns({ resolver })
}
