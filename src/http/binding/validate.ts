import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ValidationTypes, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import { BeanValidationError } from '../../common/errors.js';
import type { Config } from '../../config/config.js';
import { InjectConfig } from '../../config/config.module.js';
import {
  ELEMENTS_PER_STEP,
  fieldsOf,
  isObjectRule,
  objectNameOf,
  rulesOf,
  SEEN_TO_BY_READERS,
  type DtoClass,
  type Field,
} from './fields.js';
import type { RuleSettings } from './rules.js';

interface Violation {
  readonly field: string | null;
  readonly message: string;
}

/** A rule of class-validator, ready to run. */
interface Rule {
  /** `''`: of the whole object. */
  readonly field: string;
  /** Looks at each element of a list. */
  readonly each: boolean;
  /** The text of the broken rule; null: the value may stay. */
  readonly check: (value: unknown, owner: object) => string | null;
}

type Condition = (owner: object, value: unknown) => boolean;

/** What is to be checked in one class, worked out once. */
interface Plan {
  readonly fields: readonly {
    readonly field: Field;
    /** Of `@IsOptional` and `@ValidateIf`: one that is false lets the value pass. */
    readonly conditions: readonly Condition[];
    readonly rules: readonly Rule[];
  }[];
  readonly objectRules: readonly Rule[];
}

/** A list of ten thousand broken rows must not become a message of megabytes; what follows is not looked at. */
const MAX_VIOLATIONS = 200;

/** Of `ValidateNested`: a list has a null element. */
const NO_OBJECT = 'must not be null';

/**
 * Runs the rules of class-validator that a DTO's decorators have noted, as `validateSync` does, but in Bean Validation's order
 * and with its paths, and five times as fast (docs/adr/0108-class-validator.md).
 */
@Injectable()
export class DtoValidator {
  private readonly plans = new Map<DtoClass, Plan>();
  private readonly settings: RuleSettings;

  constructor(@InjectConfig() { allowFakeSsn }: Pick<Config, 'allowFakeSsn'>) {
    this.settings = { allowFakeSsn };
  }

  /** @throws BeanValidationError with the texts of every broken rule (docs/spec/api.md#2.4, docs/spec/api.md#7), as far as they are looked for */
  validate(dto: object): void {
    const violations: Violation[] = [];
    this.collect(dto, '', violations);
    refuse(dto, violations);
  }

  /** As `validate`, in steps between which others are served. */
  async validateInSteps(dto: object): Promise<void> {
    const violations: Violation[] = [];
    const { fields } = this.planOf(dto.constructor as DtoClass);
    this.collect(dto, '', violations, ({ length }) => length > ELEMENTS_PER_STEP);
    for (const { field } of fields) {
      const value = (dto as Record<string, unknown>)[field.name];
      if (!field.valid || !Array.isArray(value) || value.length <= ELEMENTS_PER_STEP) continue;
      for (let index = 0; index < value.length && violations.length < MAX_VIOLATIONS; index++) {
        if (index % ELEMENTS_PER_STEP === 0) await setImmediate();
        this.collectElement(field, value[index], index, '', violations);
      }
    }
    refuse(dto, violations);
  }

  /** @param isLeftOut lists whose elements are not looked at */
  private collect(dto: object, prefix: string, out: Violation[], isLeftOut?: (list: unknown[]) => boolean): void {
    if (out.length >= MAX_VIOLATIONS) return;
    const { fields, objectRules } = this.planOf(dto.constructor as DtoClass);
    for (const { field, conditions, rules } of fields) {
      const value = (dto as Record<string, unknown>)[field.name];
      if (conditions.length > 0 && !conditions.every((condition) => condition(dto, value))) continue;
      for (const rule of rules) run(rule, field, value, dto, prefix, out);
      if (value === null || value === undefined || !field.valid) continue;
      if (!Array.isArray(value)) this.collect(value, `${prefix}${field.name}.`, out);
      else if (!isLeftOut?.(value)) {
        for (let index = 0; index < value.length && out.length < MAX_VIOLATIONS; index++)
          this.collectElement(field, value[index], index, prefix, out);
      }
    }
    for (const { field, check } of objectRules) {
      const message = check(undefined, dto);
      if (message !== null)
        out.push({ field: field === '' ? prefix.replace(/\.$/, '') || null : prefix + field, message });
    }
  }

  private collectElement(field: Field, element: unknown, index: number, prefix: string, out: Violation[]): void {
    const path = elementPath(field, index, prefix);
    if (typeof element === 'object' && element !== null) this.collect(element, `${path}.`, out);
    else out.push({ field: path, message: NO_OBJECT });
  }

  private planOf(type: DtoClass): Plan {
    let plan = this.plans.get(type);
    if (!plan) {
      const fields = fieldsOf(type).map((field) => ({
        field,
        conditions: field.rules.filter(isCondition).map(({ constraints }) => constraints[0] as Condition),
        rules: field.rules.filter(isToBeRun).map((rule) => this.prepare(rule)),
      }));
      plan = {
        fields: fields.filter(({ field, rules }) => rules.length > 0 || field.valid),
        objectRules: rulesOf(type)
          .filter(isObjectRule)
          .map((rule) => this.prepare(rule)),
      };
      this.plans.set(type, plan);
    }
    return plan;
  }

  /** The rule with a constraint of its own, made with the settings. */
  private prepare({ target, propertyName, each, message, constraints, ...rule }: ValidationMetadata): Rule {
    const { validateIf } = rule;
    const Constraint = rule.constraintCls as new (settings: RuleSettings) => ValidatorConstraintInterface;
    const constraint = new Constraint(this.settings);
    // One for all calls: rules keep nothing, and none runs inside another.
    const args: ValidationArguments = {
      targetName: (target as DtoClass).name,
      property: propertyName,
      constraints,
      object: {},
      value: undefined,
    };
    return {
      field: propertyName,
      each,
      check: (value, owner) => {
        if (validateIf && !validateIf(owner, value)) return null;
        args.object = owner;
        args.value = value;
        if (constraint.validate(value, args) === true) return null;
        return typeof message === 'string' ? message : (message?.(args) ?? constraint.defaultMessage?.(args) ?? '');
      },
    };
  }
}

const isCondition = ({ type }: ValidationMetadata): boolean =>
  (type as ValidationTypes) === ValidationTypes.CONDITIONAL_VALIDATION;

const isToBeRun = ({ constraintCls, name }: ValidationMetadata): boolean =>
  (constraintCls as unknown) !== undefined && !SEEN_TO_BY_READERS.has(name ?? '');

function run(rule: Rule, field: Field, value: unknown, dto: object, prefix: string, out: Violation[]): void {
  if (rule.each && Array.isArray(value)) {
    for (let index = 0; index < value.length && out.length < MAX_VIOLATIONS; index++) {
      const message = rule.check(value[index], dto);
      if (message !== null) out.push({ field: elementPath(field, index, prefix), message });
    }
    return;
  }
  if (rule.each) return;
  const message = rule.check(value, dto);
  if (message !== null) out.push({ field: prefix + field.name, message });
}

const elementPath = ({ name, kind }: Field, index: number, prefix: string): string =>
  `${prefix}${name}[${kind === 'set' ? '' : index}]`;

function refuse(dto: object, violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  throw new BeanValidationError(objectNameOf(dto.constructor), violations.slice(0, MAX_VIOLATIONS));
}
