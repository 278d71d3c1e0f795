import { describe, expect, test } from 'vitest'
import { resolveEnv } from '../../src/connect/env-values.js'

const env = { TOKEN: 's3cret', NUMBER: '0012345', EMPTY: '' }

describe('an option', () => {
  test.each([
    ['env/TOKEN', 's3cret'],
    ['env/NUMBER', '0012345'],
    ['env/EMPTY', ''],
    ['env/EMPTY/default', ''],
    ['env/NONE/default', 'default'],
    ['env/NONE/', ''],
    ['env/NONE//var/lib/zones', '/var/lib/zones'],
    ['env/NONE/two\nlines', 'two\nlines'],
    ['env/TOKEN/default', 's3cret'],
    ['environment', 'environment'],
    ['env/', 'env/'],
    ['the env/TOKEN', 'the env/TOKEN'],
    [53, 53],
    [null, null],
  ])('%j becomes %j', (value, expected) => {
    const { options, missing } = resolveEnv({ option: value }, env)
    expect({ options, missing }).toEqual({ options: { option: expected }, missing: [] })
  })

  test.each([
    '$TOKEN',
    '\u0024{TOKEN}',
    '%TOKEN%',
    'env:TOKEN',
    'ENV/TOKEN',
    '{{ env.TOKEN }}',
    '\u0024{{ secrets.TOKEN }}',
  ])('%j names a variable in the way of another tool: no value', (value) => {
    const { options, missing } = resolveEnv({ option: value }, env)
    expect({ options, missing }).toEqual({
      options: { option: undefined },
      missing: [{ name: 'TOKEN', path: ['option'], isForeign: true }],
    })
  })

  test.each(['$uper-s3cret', '$', '%', 'a$TOKEN', '{{TOKEN}}'])('%j is a value', (value) => {
    expect(resolveEnv({ option: value }, env).options).toEqual({ option: value })
  })

  test('may be deep inside', () => {
    expect(resolveEnv({ a: [{ b: 'env/TOKEN' }] }, env).options).toEqual({ a: [{ b: 's3cret' }] })
  })
})

test('every variable that is not set and has no default is told, with its place', () => {
  const { missing } = resolveEnv({ token: 'env/NONE', list: ['env/TOKEN', 'env/NEITHER'] }, env)
  expect(missing).toEqual([
    { name: 'NONE', path: ['token'] },
    { name: 'NEITHER', path: ['list', 1] },
  ])
})

test('what comes from a variable is told with its place, and a default is not', () => {
  const { found } = resolveEnv({ provider: { token: 'env/TOKEN', port: 'env/NONE/53' } }, env)
  expect(found).toEqual([{ path: ['provider', 'token'], value: 's3cret' }])
})
