import { setImmediate } from 'node:timers/promises';
import { BeanValidationError } from '../../common/errors.js';
import {
  ELEMENTS_PER_STEP,
  fieldsOf,
  objectRulesOf,
  rulesOf,
  type DtoClass,
  type Field,
  type ObjectRule,
  type Rule,
} from './fields.js';

interface Violation {
  readonly field: string | null;
  readonly message: string;
}

/** What is to be checked in one class, worked out once. */
interface Plan {
  readonly fields: readonly { readonly field: Field; readonly rules: readonly Rule[] }[];
  readonly objectRules: readonly ObjectRule[];
}

const plans = new WeakMap<DtoClass, Plan>();
/** A list of ten thousand broken rows must not become a message of megabytes; what follows is not looked at. */
const MAX_VIOLATIONS = 200;

/** @throws BeanValidationError with the texts of every broken rule (docs/spec/api.md#2.4, docs/spec/api.md#7), as far as they are looked for */
export function validate(dto: object): void {
  const violations: Violation[] = [];
  collect(dto, '', violations);
  refuse(dto, violations);
}

/** As `validate`, in steps between which others are served. */
export async function validateLong(dto: object): Promise<void> {
  const violations: Violation[] = [];
  const { fields } = planOf(dto.constructor as DtoClass);
  collect(dto, '', violations, ({ length }) => length > ELEMENTS_PER_STEP);
  for (const { field } of fields) {
    const value = (dto as Record<string, unknown>)[field.name];
    if (!looksInside(field) || !Array.isArray(value) || value.length <= ELEMENTS_PER_STEP) continue;
    for (let index = 0; index < value.length && violations.length < MAX_VIOLATIONS; index++) {
      if (index % ELEMENTS_PER_STEP === 0) await setImmediate();
      collectElement(field, value[index], index, '', violations);
    }
  }
  refuse(dto, violations);
}

function refuse(dto: object, violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  const { name } = dto.constructor;
  throw new BeanValidationError(name.charAt(0).toLowerCase() + name.slice(1), violations.slice(0, MAX_VIOLATIONS));
}

const looksInside = (field: Field): boolean => field.valid || field.elementsNotNull;

/** @param isLeftOut lists whose elements are not looked at */
function collect(dto: object, prefix: string, out: Violation[], isLeftOut?: (list: unknown[]) => boolean): void {
  if (out.length >= MAX_VIOLATIONS) return;
  const { fields, objectRules } = planOf(dto.constructor as DtoClass);
  for (const { field, rules } of fields) {
    const value = (dto as Record<string, unknown>)[field.name];
    for (const rule of rules)
      if (!rule.test(value, dto)) out.push({ field: prefix + field.name, message: rule.message });
    if (value === null || value === undefined || !looksInside(field)) continue;
    if (!Array.isArray(value)) collect(value, `${prefix}${field.name}.`, out);
    else if (!isLeftOut?.(value)) {
      for (let index = 0; index < value.length && out.length < MAX_VIOLATIONS; index++)
        collectElement(field, value[index], index, prefix, out);
    }
  }
  for (const rule of objectRules) {
    if (!rule.test(undefined, dto))
      out.push({
        field: rule.field === null ? prefix.replace(/\.$/, '') || null : prefix + rule.field,
        message: rule.message,
      });
  }
}

function collectElement(field: Field, element: unknown, index: number, prefix: string, out: Violation[]): void {
  const path = `${prefix}${field.name}[${field.kind === 'set' ? '' : index}]`;
  if (element === null) {
    if (field.elementsNotNull) out.push({ field: path, message: 'must not be null' });
  } else if (field.valid && typeof element === 'object') collect(element, `${path}.`, out);
}

function planOf(type: DtoClass): Plan {
  let plan = plans.get(type);
  if (!plan) {
    const fields = fieldsOf(type).map((field) => ({ field, rules: rulesOf(type, field.name) }));
    plan = {
      fields: fields.filter(({ field, rules }) => rules.length > 0 || field.valid || field.elementsNotNull),
      objectRules: objectRulesOf(type),
    };
    plans.set(type, plan);
  }
  return plan;
}
