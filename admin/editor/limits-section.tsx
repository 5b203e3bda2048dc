// How often and for how much: every limit may be none, and says so; codes that open the promotion.

import { t } from '../i18n.ts'
import { shop } from '../shop.ts'
import { useSignal } from '../signals.ts'
import { type Path, pointerOf, valueAt } from './config-tree.ts'
import { config, setAt } from './editor-state.ts'
import { Chips, type Control, ErrorsAt, Field, NumberInput } from './fields.tsx'
import { recall, remember } from './stash.ts'

type LimitProps = { path: Path; label: string; unit?: string; scale?: number }

/** Unlimited, or a number: unticking brings the number back that was there. */
function LimitField({ path, label, unit, scale = 1 }: LimitProps) {
  const pointer = pointerOf(path)
  const value = valueAt(config.value, path)
  const asks = useSignal(false)
  const isUnlimited = value === undefined && !asks.value
  const toggle = (unlimited: boolean): void => {
    asks.value = !unlimited
    if (unlimited) remember(pointer, value)
    setAt(path, unlimited ? undefined : recall(pointer))
  }
  const write = (next: number | string | undefined): void => {
    // Without its number it waits for another.
    asks.value = true
    if (next !== undefined) remember(pointer, next)
    setAt(path, next)
  }
  // Left empty it says what it will be saved as.
  const leave = ({ onBlur }: Control): void => {
    onBlur()
    if (value === undefined) asks.value = false
  }
  return (
    <div class="limit">
      <Field path={path} label={label}>
        {(control) =>
          isUnlimited ? (
            <input {...control} value={t('limits.unlimited')} disabled />
          ) : (
            <NumberInput
              control={{ ...control, onBlur: () => leave(control) }}
              value={value}
              scale={scale}
              unit={unit}
              onValue={write}
            />
          )
        }
      </Field>
      <label class="check">
        <input type="checkbox" checked={isUnlimited} onChange={(event) => toggle(event.currentTarget.checked)} />
        <span>
          {t('limits.unlimited')}
          <span class="hidden">: {label}</span>
        </span>
      </label>
    </div>
  )
}

export function LimitsSection() {
  const { currency } = shop.value
  const codes = valueAt(config.value, ['codes'])
  const isMinor = valueAt(config.value, ['limits', 'budget_minor']) !== undefined
  const codeLimits = valueAt(config.value, ['limits', 'codes'])
  return (
    <div class="stack">
      <div class="grid">
        <LimitField path={['limits', 'uses']} label={t('limits.uses')} />
        <LimitField path={['limits', 'customer_uses']} label={t('limits.customer')} />
        <LimitField
          path={['limits', isMinor ? 'budget_minor' : 'budget']}
          label={t('limits.budget')}
          unit={currency}
          scale={isMinor ? 100 : 1}
        />
      </div>
      <Field path={['codes']} label={t('codes')} help={t('codes.help')}>
        {(control) => (
          <Chips
            control={control}
            values={Array.isArray(codes) ? codes.map(String) : []}
            read={(text) => text}
            onValues={(values) => setAt(['codes'], values.length === 0 ? undefined : values)}
            placeholder={t('chips.add')}
          />
        )}
      </Field>
      {(codes !== undefined || valueAt(config.value, ['limits', 'each_code']) !== undefined) && (
        <div class="grid">
          <LimitField path={['limits', 'each_code', 'uses']} label={t('limits.each')} />
          <LimitField path={['limits', 'each_code', 'customer_uses']} label={t('limits.eachCustomer')} />
        </div>
      )}
      {codeLimits !== undefined && <p class="help">{t('onlyJson', { label: 'limits.codes' })}</p>}
      <ErrorsAt path={['limits', 'each_code']} />
      <ErrorsAt path={['limits']} />
    </div>
  )
}
