import axe from 'axe-core'
import { beforeAll, expect, test } from 'vitest'
import { renderPlanHtml } from '../../src/report/report.js'
import { describeInChromium, type Page } from './html-chromium.js'
import { BROKEN, FIFTY, FIRST, MOVE, QUIET } from './html-stories.js'
import { reportOf } from './html-world.js'

const STORIES = { move: MOVE, broken: BROKEN, quiet: QUIET, first: FIRST, fifty: FIFTY }

const UNFOLD = `for (const details of document.querySelectorAll('details')) details.open = true`

async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(UNFOLD)
  await page.evaluate(axe.source)
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`)
}

/** What of the page reaches beyond its right edge, but for what is only heard. */
const STICKS_OUT = `[...document.querySelectorAll('main *:not(.spoken, thead, thead *)')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
  .map((element) => element.outerHTML.slice(0, 120))`

/** Text of the drawing that is wider than its card. */
const OUT_OF_CARD = `[...document.querySelectorAll('.map .card')].flatMap((card) => {
  const frame = card.querySelector('rect').getBoundingClientRect()
  return [...card.querySelectorAll(':scope > text')].filter((text) => {
    const box = text.getBoundingClientRect()
    return box.width > 0 && (box.right > frame.right || box.left < frame.left)
  }).map((text) => text.textContent)
})`

describeInChromium('the HTML report in a browser', (open) => {
  const pages = new Map<string, string>()
  const page = (story: keyof typeof STORIES): string => pages.get(story) as string
  beforeAll(async () => {
    for (const [name, world] of Object.entries(STORIES)) pages.set(name, renderPlanHtml(await reportOf(world)))
  })

  for (const story of Object.keys(STORIES) as (keyof typeof STORIES)[]) {
    test(`${story}: asks for nothing and complains of nothing`, async () => {
      const { requests, complaints } = await open(page(story))
      expect(requests).toEqual([])
      expect(complaints).toEqual([])
    })

    test(`${story}: nothing sticks out, from phones to desktops`, async () => {
      const { page: tab } = await open(page(story))
      await tab.evaluate(UNFOLD)
      for (const width of [360, 390, 768, 1280]) {
        await tab.setViewportSize({ width, height: 900 })
        expect(await tab.evaluate(STICKS_OUT)).toEqual([])
        expect(await tab.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      }
    })
  }

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe finds nothing in %s at %i pixels', async (scheme, width) => {
    const { page: tab } = await open(page('broken'), { scheme, width })
    expect(await violationsOn(tab)).toEqual([])
  })

  test('axe finds nothing where keys are made first', async () => {
    const { page: tab } = await open(page('first'))
    expect(await violationsOn(tab)).toEqual([])
  })

  test('axe itself finds what is wrong', async () => {
    const { page: tab } = await open(page('first').replace('<html lang="en">', '<html>'))
    expect(await violationsOn(tab)).toHaveLength(1)
  })

  test('no script runs but its own', async () => {
    const { page: tab, complaints } = await open(page('move'))
    await tab.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))`,
    )
    expect(await tab.evaluate('window.ran')).toBeUndefined()
    expect(complaints.join()).toContain('Content Security Policy')
  })

  test('without scripts everything is there, and no button that would do nothing', async () => {
    const { page: silent } = await open(page('move'), { scripts: false })
    const { page: tab } = await open(page('move'), { clipboard: true })
    expect(await silent.getByRole('button').count()).toBe(0)
    expect(await tab.getByRole('button').count()).toBeGreaterThan(0)
    expect(await silent.locator('.change').count()).toBe(await tab.locator('.change').count())
    expect(await silent.getByText('What mailsync.yaml means').isVisible()).toBe(true)
  })

  test('a folded key opens without scripts, and is whole', async () => {
    const { page: tab } = await open(page('move'), { scripts: false })
    const key = tab.locator('.change details.long').first()
    expect(await key.locator('.copied').isVisible()).toBe(false)
    await key.locator('summary').click()
    expect(await key.locator('.copied').isVisible()).toBe(true)
    expect((await key.locator('.copied').textContent())?.startsWith('p=MII')).toBe(true)
  })

  test('a step for a person is copied with one press', async () => {
    const { page: tab } = await open(page('move'), { clipboard: true })
    const button = tab.locator('#steps').getByRole('button', { name: 'Copy the text' })
    await button.click()
    expect(await tab.evaluate('navigator.clipboard.readText()')).toMatch(
      /^Please set the reverse DNS \(PTR record\) of our address\n +2001:db8::10\nto the name\n +mail\.example\.com\n/,
    )
    expect(await tab.getByRole('status').textContent()).toBe('Copied')
  })

  test('the drawing fits the screen: one for wide ones, one for phones', async () => {
    for (const [width, shown] of [
      [1280, 'wide'],
      [390, 'narrow'],
    ] as const) {
      const { page: tab } = await open(page('move'), { width })
      const drawing = tab.getByRole('img', { name: 'How mail goes' })
      expect(await drawing.count()).toBe(1)
      expect(await drawing.getAttribute('class')).toContain(shown)
    }
  })

  test('no text of the drawing sticks out of its card', async () => {
    for (const width of [1280, 390]) {
      for (const story of ['move', 'first', 'fifty'] as const) {
        const { page: tab } = await open(page(story), { width })
        expect(await tab.evaluate(OUT_OF_CARD)).toEqual([])
      }
    }
  })

  test('on paper everything is unfolded, in light colours, and nothing is there to press', async () => {
    const { page: tab } = await open(page('move'), { scheme: 'dark', scripts: false })
    await tab.emulateMedia({ media: 'print' })
    expect(await tab.locator('#records .long .copied').first().isVisible()).toBe(true)
    expect(await tab.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await tab.locator('.copy:visible').count()).toBe(0)
    expect((await tab.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
  })
})
