import { getMetadataArgsStorage } from 'typeorm';

/** A class with TypeORM's `@Entity`. */
export type EntityOf<Entity extends object> = new () => Entity;

/** A column as the decorators of an entity spell it. */
export interface EntityColumn<Property extends string = string> {
  readonly property: Property;
  readonly column: string;
  /** As SQL writes it, e.g. `bigint`. */
  readonly type: string;
  readonly isPrimary: boolean;
  readonly isNullable: boolean;
}

/** Name of the table of an entity. Known without a connection, as what follows: for the constants of SQL by hand. */
export function tableOf(entity: EntityOf<object>): string {
  const { name } = getMetadataArgsStorage().filterTables(entity)[0] ?? {};
  if (!name) throw new Error(`${entity.name} is no entity with a table`);
  return name;
}

const known = new Map<EntityOf<object>, readonly EntityColumn[]>();

/** The columns of an entity, inherited ones last, else in the order of the class. */
export function columnsOf<Entity extends object>(
  entity: EntityOf<Entity>,
): readonly EntityColumn<keyof Entity & string>[] {
  if (!known.has(entity)) known.set(entity, readColumns(entity));
  return known.get(entity) as readonly EntityColumn<keyof Entity & string>[];
}

function readColumns(entity: EntityOf<object>): EntityColumn[] {
  const classes: EntityOf<object>[] = [];
  for (let target = entity; target.name; target = Object.getPrototypeOf(target) as EntityOf<object>)
    classes.push(target);
  const columns = classes.flatMap((target) => getMetadataArgsStorage().filterColumns(target));
  return columns.map(({ propertyName, options }) => ({
    property: propertyName,
    column: options.name ?? propertyName,
    type: String(options.type),
    isPrimary: options.primary ?? false,
    isNullable: options.nullable ?? false,
  }));
}

/**
 * A select list of columns under the names of their properties.
 * @param alias of the table in the statement
 */
export function selectOf<Entity extends object>(
  entity: EntityOf<Entity>,
  alias: string,
  properties: readonly (keyof Entity & string)[],
): string {
  const columns = new Map(columnsOf(entity).map((column) => [column.property, column]));
  return properties.map((property) => `${alias}.${columns.get(property)!.column} as "${property}"`).join(', ');
}
