// The whole config as JSON: for what no field draws, and for people who like it. Nothing is taken over until it reads.

import { t } from '../i18n.ts'
import { useSignal } from '../signals.ts'
import type { Config } from './config-tree.ts'
import { config, jsonProblem as problem, setConfig } from './editor-state.ts'

export function JsonSection() {
  const typed = useSignal<string | undefined>(undefined)
  const apply = (text: string): void => {
    typed.value = text
    try {
      const read: unknown = JSON.parse(text)
      if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new Error(t('json.object'))
      problem.value = ''
      setConfig(read as Config)
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error)
    }
  }
  return (
    <details class="card json">
      <summary>{t('json')}</summary>
      <div class="field">
        <label for="json">{t('json.label')}</label>
        <textarea
          id="json"
          rows={16}
          spellcheck={false}
          aria-invalid={problem.value !== ''}
          aria-describedby="json-help"
          value={typed.value ?? JSON.stringify(config.value, null, 2)}
          onInput={(event) => apply(event.currentTarget.value)}
          onBlur={() => {
            if (problem.value === '') typed.value = undefined
          }}
        />
        <p class="help" id="json-help">
          {t('json.help')}
        </p>
        {problem.value && (
          <p class="error" role="alert">
            {problem.value}
          </p>
        )}
      </div>
    </details>
  )
}
