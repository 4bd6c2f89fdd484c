import { AppError, commonErrors } from '@quotemaster/errors';
import type { BusReport } from '../bus-report.ts';
import type { BusEvent, EventBus, Subscription } from '../face.ts';
import { queueMax, retryDelayMs as defaultRetryDelayMs } from '../limits.ts';
import { createQueue } from './twin-queue.ts';
import type { Queue } from './twin-queue.ts';
import { startTwinReader } from './twin-reader.ts';
import type { TwinReader } from './twin-reader.ts';

/**
 * Creates the in-process event bus: one queue a topic for each group, and for each subscriber without one, of at most 10,000 events.
 *
 * A group's queue that is full refuses what is published, so that the outbox keeps it; a single subscriber's drops its oldest,
 * so that one slow listener stops nobody. An event that a group could not handle is gone after the log line.
 */
export function createTwinBus(options: { report: BusReport; retryDelayMs?: number | undefined }): EventBus {
  const { report, retryDelayMs = defaultRetryDelayMs } = options;
  const groups = new Map<string, Map<string, Queue>>();
  const broadcasts = new Map<string, Set<Queue>>();

  function joinGroup(topic: string, group: string): Queue {
    const ofTopic = groups.get(topic) ?? new Map<string, Queue>();
    const queue = ofTopic.get(group) ?? createQueue();
    groups.set(topic, ofTopic.set(group, queue));
    return queue;
  }

  function joinBroadcast(topic: string): Queue {
    const queue = createQueue();
    broadcasts.set(topic, (broadcasts.get(topic) ?? new Set()).add(queue));
    return queue;
  }

  return {
    publish(event) {
      const { topic } = event;
      const ofGroups = [...(groups.get(topic)?.values() ?? [])];
      if (ofGroups.some((queue) => queue.length >= queueMax)) {
        return Promise.reject(new AppError(commonErrors.unavailable, { reason: `the queue of ${topic} is full`, retryAfterMs: 1_000 }));
      }
      // What a handler gets is what a wire would have brought: a copy of its own, without what JSON can't hold.
      const text = JSON.stringify(event);
      for (const queue of ofGroups) queue.push(JSON.parse(text) as BusEvent);
      for (const queue of broadcasts.get(topic) ?? []) {
        if (queue.length >= queueMax && queue.take() !== undefined) report.dropped(topic);
        queue.push(JSON.parse(text) as BusEvent);
      }
      report.published(topic);
      return Promise.resolve();
    },
    subscribe({ topics, group, handler }): Subscription {
      const running: { topic: string; queue: Queue; reader: TwinReader }[] = [];
      return {
        name: `subscription ${group ?? 'broadcast'} of ${topics.join(', ')}`,
        start: () => {
          for (const topic of topics) {
            const queue = group === undefined ? joinBroadcast(topic) : joinGroup(topic, group);
            running.push({ topic, queue, reader: startTwinReader({ queue, topic, group, handler, retryDelayMs, report }) });
          }
          return Promise.resolve();
        },
        stop: async () => {
          for (const { topic, queue } of running) broadcasts.get(topic)?.delete(queue);
          await Promise.all(running.splice(0).map(({ reader }) => reader.stop()));
        },
      };
    },
    healthy: () => true,
  };
}
