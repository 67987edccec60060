import { BeanValidationError } from '../../common/errors.js';
import { fieldsOf, objectRulesOf, rulesOf, type DtoClass, type Field, type ObjectRule, type Rule } from './fields.js';

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
/** A list of ten thousand broken rows must not become a message of megabytes. */
const MAX_VIOLATIONS = 200;

/** @throws BeanValidationError with the texts of every broken rule (spec api 2.4, 7) */
export function validate(dto: object): void {
  const violations: Violation[] = [];
  collect(dto, '', violations);
  if (violations.length === 0) return;
  const { name } = dto.constructor;
  throw new BeanValidationError(name.charAt(0).toLowerCase() + name.slice(1), violations.slice(0, MAX_VIOLATIONS));
}

function collect(dto: object, prefix: string, out: Violation[]): void {
  const { fields, objectRules } = planOf(dto.constructor as DtoClass);
  for (const { field, rules } of fields) {
    const value = (dto as Record<string, unknown>)[field.name];
    for (const rule of rules)
      if (!rule.test(value, dto)) out.push({ field: prefix + field.name, message: rule.message });
    if (value !== null && value !== undefined && (field.valid || field.elementsNotNull))
      collectInside(field, value, prefix, out);
  }
  for (const rule of objectRules) {
    if (!rule.test(undefined, dto))
      out.push({
        field: rule.field === null ? prefix.replace(/\.$/, '') || null : prefix + rule.field,
        message: rule.message,
      });
  }
}

function collectInside(field: Field, value: unknown, prefix: string, out: Violation[]): void {
  if (!Array.isArray(value)) return collect(value as object, `${prefix}${field.name}.`, out);
  value.forEach((element: unknown, index) => {
    const path = `${prefix}${field.name}[${field.kind === 'set' ? '' : index}]`;
    if (element === null) {
      if (field.elementsNotNull) out.push({ field: path, message: 'must not be null' });
    } else if (field.valid && typeof element === 'object') collect(element, `${path}.`, out);
  });
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
