import { createHash } from 'node:crypto'
import { type Content, type Html, html } from './html.js'
import { script } from './script.js'
import { styles } from './styles.js'

/** Nothing is loaded from anywhere, and nothing runs or is styled but what this file holds. */
const POLICY = `default-src 'none'; style-src ${hashOf(styles)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`

function hashOf(text: Html): string {
  return `'sha256-${createHash('sha256').update(String(text)).digest('base64')}'`
}

/** The document around the parts of the report. */
export function page(title: string, header: Html, sections: readonly Content[]): string {
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · mailsync plan</title>
<style>${styles}</style>
</head>
<body>
<main>
${header}${sections}</main>
<footer><p>Made by <code>mailsync plan --format html</code>. A plan writes nothing; <code>mailsync apply</code> does.</p></footer>
<p id="status" role="status" class="spoken"></p>
<script>${script}</script>
</body>
</html>
`}`
}
