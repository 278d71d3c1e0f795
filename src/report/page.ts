import { createHash } from 'node:crypto'
import { type Content, type Html, html } from './html/html.js'
import { script } from './script.js'
import { styles } from './styles/styles.js'

/** Nothing is loaded from anywhere, and nothing runs or is styled but what this file holds. */
const POLICY = `default-src 'none'; style-src ${hashOf(styles)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`

function hashOf(text: Html): string {
  return `'sha256-${createHash('sha256').update(String(text)).digest('base64')}'`
}

export interface Page {
  readonly title: string
  /** What made it, at its foot. */
  readonly made: Html
  readonly header: Html
  readonly sections: readonly Content[]
}

/** The document around the parts of a report. */
export function page({ title, made, header, sections }: Page): string {
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${styles}</style>
</head>
<body>
<main>
${header}${sections}</main>
<footer><p>${made}</p></footer>
<p id="status" role="status" class="spoken"></p>
<script>${script}</script>
</body>
</html>
`}`
}
