import {
  boolCoreTag,
  type DocumentDirective,
  floatCoreTag,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  type ScalarTagDefinition,
  strTag,
} from 'js-yaml'

type Scalar = string | number | boolean | null

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
])
const LONGEST_WORD = 5

/**
 * The value of a plain scalar without a tag, by the core schema (YAML 1.2.2, section 10.3.2), with one difference: a number is
 * a number only when writing it again gives the same text. `0012345` (an account id), `2024.10` (a DKIM selector), `1e3`
 * and integers above 2^53 stay the text they are, so nothing a user wrote is lost before the schema says what it should be.
 */
export function plainScalar(text: string): Scalar {
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text)
    if (word !== undefined) return word
  }
  const first = text.charCodeAt(0)
  if (first !== 0x2d && (first < 0x30 || first > 0x39)) return text
  const number = Number(text)
  return Number.isFinite(number) && String(number) === text ? number : text
}

/** The core tags of scalars, by full name. */
export const SCALAR_TAGS: ReadonlyMap<string, ScalarTagDefinition<Scalar>> = new Map(
  [strTag, nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag].map((tag) => [tag.tagName, tag]),
)

/** The value of a scalar with an explicit core tag; `undefined` when the text is not of that type, or the tag unknown. */
export function taggedScalar(tag: string, text: string): Scalar | undefined {
  const value = SCALAR_TAGS.get(tag)?.resolve(text, true, tag)
  return value === undefined || value === NOT_RESOLVED ? undefined : value
}

const CORE_PREFIX = 'tag:yaml.org,2002:'

/** The full name of a tag as written: `!!str` is `tag:yaml.org,2002:str`, `!include` itself (YAML 1.2.2, section 6.8.2). */
export function tagName(written: string, directives: readonly DocumentDirective[]): string {
  if (written.startsWith('!<')) return written.slice(2, -1)
  const handleEnd = written.indexOf('!', 1) + 1
  const handle = handleEnd === 0 ? '!' : written.slice(0, handleEnd)
  for (const directive of directives) {
    if (directive.kind === 'tag' && directive.handle === handle) return directive.prefix + written.slice(handle.length)
  }
  return handle === '!!' ? CORE_PREFIX + written.slice(2) : written
}

/** The tag as people write it. */
export const shortTag = (tag: string): string =>
  tag.startsWith(CORE_PREFIX) ? `!!${tag.slice(CORE_PREFIX.length)}` : tag
