import { arrayParameter } from './array-parameter.js';

it.each([
  [['1.2.246.562.24.1', '1.2.246.562.24.2'], '{1.2.246.562.24.1,1.2.246.562.24.2}'],
  [[7, 8], '{7,8}'],
  [['010190-900P', '010203A9013'], '{010190-900P,010203A9013}'],
  [[], '{}'],
])('%j is written as text', (values, text) => expect(arrayParameter(values)).toBe(text));

it.each([[['']], [['1', null]], [['null']], [['1"2']], [['1{2}']], [['1\\2']], [['1 2']], [['1\n']], [['1,2', '3']]])(
  '%j is left to the driver',
  (values) => expect(arrayParameter(values)).toBe(values),
);
