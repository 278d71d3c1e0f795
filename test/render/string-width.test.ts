import fc from 'fast-check'
import fastStringWidth from 'fast-string-width'
import { expect, it } from 'vitest'
import { stringWidth } from '../../src/render/string-width.js'

it('knows the width of narrow text as the library that knows all text does', () => {
  const character = fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('…', '→', 'é', '字', '\u0301', '\ufe0f', '\u20e3', '👍', '\t', '\u001b[1m'),
  )
  fc.assert(
    fc.property(fc.array(character), (characters) => {
      const text = characters.join('')
      expect(stringWidth(text)).toBe(fastStringWidth(text))
    }),
  )
})
