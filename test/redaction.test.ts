import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Output } from '../src/output.js'
import { Redaction } from '../src/redaction.js'
import { wrapped } from '../src/render/text/print.js'

const SECRET = 'c4n4ry+/="s3cr3t"%'

function redactionOf(...secrets: unknown[]): Redaction {
  const redaction = new Redaction()
  for (const secret of secrets) redaction.add(secret)
  return redaction
}

function screen(isTerminal: boolean): { output: Output; shown: () => string } {
  const texts: string[] = []
  const output = { write: (text: string) => void texts.push(text), isTerminal, colour: false, columns: 40 }
  return { output, shown: () => texts.join('') }
}

describe('a secret', () => {
  test.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ token: SECRET })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ token: SECRET }))],
    ['in a URL', `https://api.example/?token=${encodeURIComponent(SECRET)}`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 after a user', Buffer.from(`u:${SECRET}`).toString('base64')],
    ['in base64 after a longer user', Buffer.from(`me:${SECRET}:more`).toString('base64')],
    ['in base64 of URLs', Buffer.from(`abc${SECRET}?`).toString('base64url')],
  ])('is taken out: %s', (_, text) => {
    const redacted = redactionOf(SECRET).text(`before ${text} after`)
    expect(redacted).toMatch(/^before .*\*\*\*.* after$/)
    expect(redacted).not.toMatch(/s3cr3t|czNjcjN0|M2NyM3|zY3IzdC/)
  })

  test('of several lines is taken out line by line', () => {
    const redaction = redactionOf('-----BEGIN KEY-----\nfirst line of it\r\nsecond line\n')
    expect(redaction.text('x first line of it, second line')).toBe('x ***, ***')
  })

  test('in a list or a mapping is each of its strings', () => {
    expect(redactionOf({ a: ['secret-one'], b: { c: 'secret-two' } }).text('secret-one secret-two')).toBe('*** ***')
  })

  test('of fewer than six characters is none: it would hide half of what is printed', () => {
    expect(redactionOf('mail', '', undefined, 53).text('mail.example.com 53')).toBe('mail.example.com 53')
  })

  test('leaves all other text as it is, and the longer of two that overlap hides the shorter', () => {
    const redaction = redactionOf('hunter', 'hunter-two')
    expect(redaction.text('hunter-two, hunter, hunt')).toBe('***, ***, hunt')
  })

  test('is taken out of data, keys and numbers untouched', () => {
    const data = { a: [`x ${SECRET}`, 1, null], b: { c: true } }
    expect(redactionOf(SECRET).data(data)).toEqual({ a: ['x ***', 1, null], b: { c: true } })
  })

  test('gets through no output, however its line is broken for a terminal', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abcXYZ019+/=$.*[]'), minLength: 6, maxLength: 90 })
    fc.assert(
      fc.property(letters, fc.integer({ min: 20, max: 60 }), fc.nat(40), (secret, columns, before) => {
        const { output, shown } = screen(true)
        const line = `${'x '.repeat(before)}"${secret}" is wrong`
        redactionOf(secret).output(output).write(wrapped(line, columns))
        expect(shown().replace(/\n */g, '').replaceAll(' ', '')).not.toContain(secret)
      }),
    )
  })

  test('that was cut short is taken out with what is left of it', () => {
    for (let length = 6; length <= SECRET.length; length++)
      for (const left of [SECRET, JSON.stringify(SECRET).slice(1), encodeURIComponent(SECRET)])
        expect(redactionOf(SECRET).text(`wrong token: ${left.slice(0, length)}…, and more`)).toBe(
          'wrong token: ***…, and more',
        )
    expect(redactionOf(SECRET).text(`\`token ${SECRET.slice(0, 9)}\`… c4n4ry…`)).toBe('`token ***`… ***…')
    expect(redactionOf(SECRET).text('c4n4… n4ry+/="s3… …')).toBe('c4n4… n4ry+/="s3… …')
  })

  test('is told once to whoever asks, so that the runner masks it in its log', () => {
    const told: string[] = []
    const redaction = new Redaction((value) => told.push(value))
    redaction.add('secret-one')
    redaction.add('secret-one')
    expect(told).toEqual(['secret-one'])
  })
})

test('a hundred secrets are looked for in a megabyte without a wait', () => {
  const redaction = redactionOf(Array.from({ length: 100 }, (_, number) => `${'a'.repeat(40)}${number}`))
  expect(redaction.text('a'.repeat(1_000_000))).toHaveLength(1_000_000)
})

test('a megabyte of cut texts is looked through without a wait', () => {
  const redaction = redactionOf(Array.from({ length: 100 }, (_, number) => `${'a'.repeat(40)}${number}`))
  expect(redaction.text(`${'`'.repeat(20)}${'a'.repeat(5)}…`.repeat(40_000))).toContain('a…')
})
