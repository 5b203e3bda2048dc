// The form: what it is called, the three parts, when, how often, what customers read, and how it stands beside others.

import type { ComponentChildren } from 'preact'
import { type TextKey, t } from '../i18n.ts'
import { freeId } from '../promo-view.ts'
import { promos, shop } from '../shop.ts'
import { useId } from '../signals.ts'
import { ActionList } from './action-list.tsx'
import { ConditionList } from './condition-list.tsx'
import { type Config, valueAt } from './config-tree.ts'
import { config, isNew, setAt, setConfig } from './editor-state.ts'
import { CheckField, ErrorsAt, Field, NumberField, TextField } from './fields.tsx'
import { FilterField } from './filter-field.tsx'
import { HintSection } from './hint-section.tsx'
import { JsonSection } from './json-section.tsx'
import { LimitsSection } from './limits-section.tsx'
import { MatchingGoods } from './matching-goods.tsx'
import { More } from './more.tsx'
import { groupNames } from './suggestions.ts'
import { WhenSection } from './when-section.tsx'

type SectionProps = { title: TextKey; help?: TextKey; mark?: string; children: ComponentChildren }

function Section({ title, help, mark, children }: SectionProps) {
  const id = useId()
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>
        {mark && (
          <span class="mark" aria-hidden="true">
            {mark}
          </span>
        )}
        {t(title)}
      </h2>
      {help && <p class="help">{t(help)}</p>}
      {children}
    </section>
  )
}

const listAt = (value: Config, name: string): readonly unknown[] => {
  const list = valueAt(value, [name])
  return Array.isArray(list) ? list : []
}

export function Sections({ value }: { value: Config }) {
  return (
    <form class="form" noValidate onSubmit={(event) => event.preventDefault()}>
      <Section title="part.name">
        <NameFields value={value} />
      </Section>
      <Section title="part.goods" help="part.goods.help" mark="1">
        <FilterField path={['product_filters']} label={t('part.goods')} isOptional />
        <MatchingGoods />
      </Section>
      <Section title="part.order" help="part.order.help" mark="2">
        <ConditionList path={['order_filters']} items={listAt(value, 'order_filters')} />
        <ErrorsAt path={['order_filters']} />
      </Section>
      <Section title="part.discount" help="part.discount.help" mark="3">
        <ActionList path={['actions']} items={listAt(value, 'actions')} />
        <ErrorsAt path={['actions']} />
        <More title={t('targets')} isUsed={value.targets !== undefined}>
          <p class="help">{t('targets.help')}</p>
          <FilterField path={['targets']} label={t('targets')} isOptional />
        </More>
      </Section>
      <Section title="part.when" help="part.when.help">
        <WhenSection />
      </Section>
      <Section title="part.limits" help="part.limits.help">
        <LimitsSection />
      </Section>
      <Section title="part.hint" help="part.hint.help">
        <HintSection />
      </Section>
      <Section title="part.others" help="part.others.help">
        <OthersFields value={value} />
      </Section>
      <JsonSection />
    </form>
  )
}

/** The id follows the title until somebody writes another, and never changes once it is saved. */
function NameFields({ value }: { value: Config }) {
  const taken = new Set((promos.value ?? []).map(({ id }) => id))
  const isMade = value.id === undefined || value.id === freeId(String(value.title ?? ''), taken)
  const setTitle = (text: string): void => {
    const next = { ...config.value, title: text }
    if (isNew.value && isMade) setConfig({ ...next, id: freeId(text, taken) })
    else setAt(['title'], text === '' ? undefined : text)
  }
  return (
    <div class="stack">
      <Field path={['title']} label={t('title')}>
        {(control) => (
          <input
            {...control}
            autocomplete="off"
            placeholder={t('title.example')}
            value={typeof value.title === 'string' ? value.title : ''}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid">
        {isNew.value ? (
          <TextField path={['id']} label={t('id')} help={t('id.help')} value={value.id} />
        ) : (
          <div class="field">
            <span class="label">{t('id')}</span>
            <code>{String(value.id ?? '')}</code>
            <ErrorsAt path={['id']} />
          </div>
        )}
        <TextField path={['notes']} label={t('notes')} help={t('notes.help')} value={value.notes} rows={2} />
      </div>
    </div>
  )
}

const OthersFields = ({ value }: { value: Config }) => (
  <div class="grid">
    <NumberField path={['priority']} label={t('priority')} help={t('priority.help')} value={value.priority} />
    <TextField
      path={['group']}
      label={t('group')}
      help={t('group.help')}
      value={value.group}
      suggestions={groupNames()}
    />
    <CheckField path={['exclusive']} label={t('exclusive')} help={t('exclusive.help')} value={value.exclusive} />
    <CheckField path={['stop']} label={t('stop')} help={t('stop.help')} value={value.stop} />
    <TextField
      path={['currency']}
      label={t('currency')}
      help={t('currency.help')}
      value={value.currency}
      placeholder={shop.value.currency}
    />
  </div>
)
