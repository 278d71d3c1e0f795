import { MailsyncError } from '../../records/error.js'

/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Items on all pages; where the API does not say, a page that is not full is the last one. */
  readonly total: number | undefined
  /** Items of a full page. */
  readonly size: number
}

/**
 * Every item of a listing, without asking for the empty page at its end. A listing that is not complete throws: what is
 * missing would look as if it did not exist.
 */
export async function everyPage<T>(page: (number: number) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let announced: number | undefined
  for (let number = 1; ; number++) {
    const { items: more, total, size } = await page(number)
    announced ??= total
    for (const item of more) items.push(item)
    const complete = total === undefined ? more.length < size : items.length >= total
    if (total !== announced || (!complete && more.length === 0))
      throw new MailsyncError('unavailable', 'the listing changed at Cloudflare while its pages were read', {
        hint: 'run the same command again',
      })
    if (complete) return items
  }
}
