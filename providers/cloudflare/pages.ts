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
 * Every item of a listing, without asking for the empty page at its end. A listing that ends before it is complete
 * throws: what is missing would look as if it did not exist.
 */
export async function everyPage<T>(page: (number: number) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  for (let number = 1; ; number++) {
    const { items: more, total, size } = await page(number)
    for (const item of more) items.push(item)
    if (total === undefined ? more.length < size : items.length >= total) return items
    if (more.length === 0)
      throw new MailsyncError('unavailable', `Cloudflare announced ${total} entries and listed ${items.length}`, {
        hint: 'nothing was changed; run the same command again',
      })
  }
}
