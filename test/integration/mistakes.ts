import { balancerMistakes } from './balancer-mistakes.ts';
import type { Mistake } from './mistake.ts';
import { routeMistakes } from './route-mistakes.ts';

export const mistakes: readonly Mistake[] = [...balancerMistakes, ...routeMistakes];
