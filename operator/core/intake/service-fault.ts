import type { PlainService } from '../model/plain-service.ts';
import type { Problem } from '../model/reason.ts';
import { badAnnotation } from './annotations.ts';
import { refusedAnnotation } from './refused-annotations.ts';
import { policyProblem } from './service-policy.ts';
import { addressInvalid } from './service-reach.ts';

/** What is wrong with a Service, wherever it is served. */
export function serviceFault(service: PlainService): Problem | undefined {
  const { annotations } = service;
  return (
    badAnnotation(annotations) ??
    refusedAnnotation(annotations) ??
    policyProblem(annotations) ??
    addressInvalid(service)
  );
}
