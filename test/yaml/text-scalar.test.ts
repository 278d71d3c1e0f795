import fc from 'fast-check'
import { load, YAML11_SCHEMA } from 'js-yaml'
import { expect, test } from 'vitest'
import { isText } from '../../yaml/edit/value.js'

const TRUTH_TO_YAML_ONLY = /^[yn]$/i

test('an unquoted scalar is text where YAML 1.1 reads text, and where only PyYAML does', () => {
  const pieces = fc.constantFrom(
    '0',
    '1',
    '59',
    '2026',
    '-',
    ':',
    '::',
    '.',
    'e',
    'x',
    'b',
    '_',
    'inf',
    'nan',
    'T',
    'Z',
    ' ',
  )
  const words = fc.constantFrom(
    'yes',
    'No',
    'ON',
    'off',
    'true',
    'False',
    'null',
    'NULL',
    'nul',
    'www',
    'y',
    'n',
    '_',
    'mail',
  )
  const written = fc.oneof(
    words,
    fc.array(pieces, { minLength: 1, maxLength: 7 }).map((all) => all.join('').trim()),
  )
  fc.assert(
    fc.property(written, (value) => {
      const read =
        value === '' || / #|: |:$|^[-?:] |^[-?:]$|^---/.test(value) ? undefined : load(value, { schema: YAML11_SCHEMA })
      fc.pre(read !== undefined)
      const expected = typeof read === 'string' || TRUTH_TO_YAML_ONLY.test(value)
      expect(isText({ kind: 'scalar', start: 0, contentStart: 0, end: 0, value, plain: true })).toBe(expected)
    }),
    { numRuns: 3000 },
  )
})
