import { APIError } from 'cloudflare/error'
import type { Change } from '../../records/rr/rrset.js'
import type { Operations } from './operations.js'

/**
 * Which change of a batch the API refuses, where its error points at one: `source.pointer` is `/posts/3`
 * (developers.cloudflare.com/api, error object, 2026-11).
 */
export function refusedChange(
  error: unknown,
  batch: readonly { readonly change: Change; readonly operations: Operations }[],
): Change | undefined {
  const pointer = error instanceof APIError ? error.errors[0]?.source?.pointer : undefined
  const [, list, position] = /^\/(deletes|patches|posts)\/(\d+)/.exec(pointer ?? '') ?? []
  let index = Number(position)
  return batch.find(({ operations }) => {
    index -= operations[list as keyof Operations]?.length ?? 0
    return index < 0
  })?.change
}
