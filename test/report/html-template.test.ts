import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { html } from '../../src/report/html/html.js'

describe('markup is made from literals, and text stays text', () => {
  test('text in a hole is escaped, between tags and in a quoted attribute', () => {
    const text = `<b title="x">'&'</b>`
    const escaped = '&#60;b title=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/b&#62;'
    expect(String(html`<i class="${text}">${text}</i>`)).toBe(`<i class="${escaped}">${escaped}</i>`)
  })

  test('markup in a hole stays markup, alone or in a list', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
    expect(String(html`<ul>${items}</ul>`)).toBe('<ul><li>a</li><li>&#60;b&#62;</li></ul>')
  })

  test('what is absent is not shown, and zero is', () => {
    expect(String(html`<p>${undefined}${false}${0}</p>`)).toBe('<p>0</p>')
  })

  test('an object that only looks like markup is no markup', () => {
    const forged = { toString: () => '<script>' } as never
    expect(() => String(html`<p>${forged}</p>`)).toThrow()
  })

  test.each([
    ['outside quotes in a tag', (text: string) => html`<p class=${text}></p>`],
    ['as a tag', (text: string) => html`<${text}></p>`],
    ['in a script', (text: string) => html`<script>${text}</script>`],
    ['in a style sheet', (text: string) => html`<style>${text}</style>`],
    ['as an address', (text: string) => html`<a href="${text}">x</a>`],
    ['in a handler', (text: string) => html`<p onclick="f(${text})"></p>`],
    ['in a style attribute', (text: string) => html`<p style="color: ${text}"></p>`],
  ])('text is refused %s, where no escaping helps', (_, make) => {
    expect(() => make('x')).toThrow(/cannot stand|left open/)
  })

  test('markup is refused inside an attribute, which its quotes would end', () => {
    expect(() => html`<p title="${html`<b class="x"></b>`}"></p>`).toThrow(/cannot stand/)
  })

  test('a fragment may be linked to', () => {
    expect(String(html`<a href="#${'top'}">x</a>`)).toBe('<a href="#top">x</a>')
  })

  test('whatever the text, the markup around it is as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const markup = String(html`<p title="${text}">${text}</p>`)
        expect(markup).toMatch(/^<p title="[^<>"]*">[^<>"]*<\/p>$/)
      }),
    )
  })
})
