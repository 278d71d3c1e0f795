import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inert, inertSentence } from '../../src/render/inert.js'
import { codeSpan, markdownComment, markdownSentence, tableRow } from '../../src/render/markdown/markdown.js'
import { nodesOf, parseGfm, readText, tablesOf } from './gfm.js'
import { hostileText } from './hostile.js'

const HEAD = `${tableRow(['a', 'b', 'c'])}\n${tableRow(['-', '-', '-'])}\n`

describe('a value in a table', () => {
  test.each([
    'v=spf1 ip4:192.0.2.10 -all',
    'a | b || c',
    'a ` b `` c',
    '` |',
    'back\\slash\\',
    '<b>@mention</b> #123 https://evil.example',
    '**bold** _it_ ~~gone~~ $x$',
    '  blanks  ',
  ])('is read as it is: %s', (value) => {
    const [table] = tablesOf(`${HEAD}${tableRow(['x', codeSpan(value), 'y'])}`)
    expect(table?.[1]).toEqual(['x', value, 'y'])
  })

  test('that is empty is shown as such', () => {
    expect(codeSpan('')).toBe('`""`')
  })

  test('stays one cell of code, whatever it is', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const text = `${HEAD}${tableRow(['x', codeSpan(value), 'y'])}\n`
        const [table] = nodesOf(parseGfm(text), 'table')
        const cells = table?.children?.[1]?.children ?? []
        expect(cells.map((cell) => cell.children?.map(({ type }) => type))).toEqual([
          ['text'],
          ['inlineCode'],
          ['text'],
        ])
        const plain = !/`{9}|\\\|/.test(value) && value !== ''
        if (plain) expect(readText(cells[1] as never)).toBe(inert(value))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a sentence', () => {
  test('has its words as words, and all else as code', () => {
    expect(markdownSentence('the MX of "example.com." (line 12) isn’t 10. See #7, or ask @ops!')).toBe(
      'the MX of "`example.com`." (line 12) isn’t 10. See `#7`, or ask `@ops`!',
    )
  })

  test('does not begin a list', () => {
    expect(nodesOf(parseGfm(markdownSentence('1. x')), 'list')).toEqual([])
    expect(nodesOf(parseGfm(markdownSentence('- x')), 'list')).toEqual([])
  })

  test.each(['GH-1', 'deadbeefdeadbeef', ':smile:', 'o/r#2', '$x$', 'www.evil.example'])(
    'shows GitHub nothing to link or draw: %s',
    (word) => {
      expect(nodesOf(parseGfm(markdownSentence(`see ${word} here`)), 'inlineCode')).toHaveLength(1)
    },
  )

  test('is read as it was written, and is nothing but words and code', () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const tree = parseGfm(`x ${markdownSentence(value)}`)
        const types = new Set(nodesOf(tree, 'paragraph').flatMap((node) => node.children?.map(({ type }) => type)))
        expect([...types].filter((type) => type !== 'text' && type !== 'inlineCode')).toEqual([])
        for (const { value: words } of nodesOf(tree, 'text')) expect(words).not.toMatch(/[@#$|<>`*_~[\]\\/&=]/)
        if (!/`{9}|\\\|/.test(value)) expect(readText(tree)).toBe(`x ${inertSentence(value)}`.trim())
      }),
      { numRuns: 500 },
    )
  })
})

test('two comments are the same only where their texts are, and a usual text is there as it is', () => {
  const near = fc
    .array(fc.constantFrom('a', '-', '--', '>', ' ', '\n', '\u200b'), { maxLength: 5 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(near, near, (one, other) => {
      expect(markdownComment(one) === markdownComment(other)).toBe(one === other)
    }),
    { numRuns: 1000 },
  )
  expect(markdownComment('mailsync drift dns/größe-2.yaml')).toBe('<!-- mailsync drift dns/größe-2.yaml -->')
})

test('a comment stays a comment', () => {
  fc.assert(
    fc.property(hostileText, (marker) => {
      const tree = parseGfm(`${markdownComment(marker)}\n\nx`)
      expect(tree.children?.map(({ type }) => type)).toEqual(['html', 'paragraph'])
    }),
  )
})
