import { html } from './html/html.js'

/** All that runs on the page: it shows the copy buttons where copying is possible, and unfolds everything for paper. */
export const script = html`(() => {
  const status = document.getElementById('status')
  const fold = []
  if (navigator.clipboard)
    for (const button of document.querySelectorAll('button.copy')) {
      button.hidden = false
      button.addEventListener('click', async () => {
        const source = button.closest('.copyable').querySelector('.copied')
        const label = button.firstElementChild
        try {
          await navigator.clipboard.writeText(source.innerText.trim())
          label.textContent = 'Copied'
        } catch {
          getSelection().selectAllChildren(source)
          label.textContent = 'Selected'
        }
        status.textContent = label.textContent
        setTimeout(() => { label.textContent = 'Copy'; status.textContent = '' }, 2000)
      })
    }
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details:not([open], .in-words, .bookkeeping)')) { details.open = true; fold.push(details) }
  })
  addEventListener('afterprint', () => { for (const details of fold.splice(0)) details.open = false })
})()`
