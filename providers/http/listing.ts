import { MailsyncError } from '../../records/error.js'
import { notTheApi } from './failures.js'

/** Records or zones of one listing, far above every provider's own quota. */
const LISTING_LIMIT = 200_000
/** Pages of one listing: those that many entries take at 50 a page, the smallest page there is. */
const PAGE_LIMIT = LISTING_LIMIT / 50

/** What the pages of a listing have given so far; bounded, whatever a reply announces or sends. */
export class Listing<T> {
  readonly items: T[] = []
  readonly #who: string
  #pages = 0
  #told: string | undefined

  constructor(who: string) {
    this.#who = who
  }

  /** Throws where there is more than any listing has. `announced`: how many items the reply says there are on all pages. */
  add(page: readonly T[], announced = 0): void {
    this.#pages += 1
    if (Math.max(this.items.length + page.length, announced) > LISTING_LIMIT || this.#pages > PAGE_LIMIT)
      throw new MailsyncError('unavailable', `${this.#who} lists more than ${LISTING_LIMIT} entries`, {
        hint: 'look for a proxy in between; mailsync reads no listing so long',
      })
    for (const item of page) this.items.push(item)
  }

  /**
   * What a reply says of where the next page is: a text, another each time, and nothing at the end. Throws where it is
   * something else: half a listing is none.
   */
  next(told: unknown): string | undefined {
    if (told === undefined || told === null || told === '') return undefined
    if (typeof told !== 'string' || told === this.#told) throw notTheApi({ who: this.#who })
    this.#told = told
    return told
  }
}

/** One page of a listing by page number. */
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
 *
 * @param who the provider, for people
 * @param page gives the page with this number, from 1
 */
export async function everyPage<T>(who: string, page: (number: number) => Promise<Page<T>>): Promise<T[]> {
  const listing = new Listing<T>(who)
  let announced: number | undefined
  for (let number = 1; ; number++) {
    const { items: more, total, size } = await page(number)
    announced ??= total
    listing.add(more, total)
    const complete = total === undefined ? more.length < size : listing.items.length >= total
    if (total !== announced || (!complete && more.length === 0)) throw listingChanged(who)
    if (complete) return listing.items
  }
}

/** Pages that are asked for at the same time. */
const AHEAD = 4

/**
 * Gives the pages of one listing too, and asks for some before their turn: those that there are, as far as replies told.
 *
 * @param expected how many there are as long as no reply has told
 */
export function aheadOfTurn<T>(
  page: (number: number) => Promise<Page<T>>,
  expected: number,
): (number: number) => Promise<Page<T>> {
  const begun = new Map<number, Promise<Page<T>>>()
  let last = expected
  const begin = (number: number): Promise<Page<T>> => {
    const asked = begun.get(number) ?? page(number)
    if (!begun.has(number))
      asked.then(
        ({ total, size }) => {
          last = total === undefined ? number : Math.ceil(total / size)
        },
        // Thrown to whoever comes to this page.
        () => {},
      )
    begun.set(number, asked)
    return asked
  }
  return (number) => {
    const asked = begin(number)
    for (let next = number + 1; next <= last && next < number + AHEAD; next++) begin(next)
    return asked
  }
}

/** The failure of a listing whose pages do not fit together. */
export function listingChanged(who: string): MailsyncError {
  return new MailsyncError('unavailable', `the listing changed at ${who} while its pages were read`, {
    hint: 'run the same command again',
  })
}
