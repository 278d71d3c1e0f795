import { existsSync } from 'node:fs'
import { chromium as launcher } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'

type Browser = Awaited<ReturnType<typeof launcher.launch>>
type Context = Awaited<ReturnType<Browser['newContext']>>
export type Page = Awaited<ReturnType<Context['newPage']>>

const PROGRAM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const QUIET = ['quic', 'gpu', 'background-networking', 'component-update', 'sync'].map((what) => `--disable-${what}`)

export interface Opening {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
  readonly scripts?: boolean
  readonly clipboard?: boolean
}

/** A page in the browser, and what it asked for besides itself or complained about. */
export interface Opened {
  readonly page: Page
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
}

/** Shows a document as a file from disk is shown, in a context of its own. */
export type Open = (document: string, opening?: Opening) => Promise<Opened>

/** Tests in Chromium. Without one they are skipped aloud, or fail where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
export function describeInChromium(title: string, tests: (open: Open) => void): void {
  if (PROGRAM === undefined) {
    const missing = `CHROMIUM IS NOT INSTALLED: apt-get install chromium (${title})`
    if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(missing)
    describe.skip(missing, () => tests(() => Promise.reject(new Error(missing))))
    return
  }
  describe(title, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launcher.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--no-first-run', ...QUIET] })
    })
    afterAll(() => browser.close())
    tests((document, opening) => open(browser, document, opening ?? {}))
  })
}

const ADDRESS = 'https://report.invalid/plan.html'

async function open(browser: Browser, document: string, opening: Opening): Promise<Opened> {
  const { width = 1280, scheme = 'light', scripts = true, clipboard = false } = opening
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    reducedMotion: 'reduce',
    permissions: clipboard ? ['clipboard-read', 'clipboard-write'] : [],
  })
  const requests: string[] = []
  const complaints: string[] = []
  await context.route('**', (route) =>
    route.request().url() === ADDRESS
      ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: Buffer.from(document) })
      : route.abort(),
  )
  const page = await context.newPage()
  page.on('request', (request) => {
    if (request.url() !== ADDRESS) requests.push(request.url())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => void complaints.push(message.text()))
  page.on('pageerror', (error) => void complaints.push(String(error)))
  await page.goto(ADDRESS)
  return { page, requests, complaints }
}
