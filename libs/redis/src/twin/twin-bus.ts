import { AppError, commonErrors } from '@quotemaster/errors';
import type { BusEvent, EventBus, Subscription } from '../face.ts';
import { queueMax } from '../limits.ts';
import { createQueue, createTwinReader } from './twin-reader.ts';
import type { Queue, TwinReader } from './twin-reader.ts';

/** Creates the in-process event bus. Each group keeps what nobody of it has handled yet, at most 10,000 events a topic. */
export function createTwinBus(): EventBus {
  const groups = new Map<string, Map<string, Queue>>();
  const broadcasts = new Map<string, Set<Queue>>();

  /** Everyone who would get an event of this topic. */
  function listening(topic: string): Queue[] {
    return [...(groups.get(topic)?.values() ?? []), ...(broadcasts.get(topic) ?? [])];
  }

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
      const queues = listening(event.topic);
      if (queues.some((queue) => queue.events.length >= queueMax)) {
        return Promise.reject(new AppError(commonErrors.unavailable, { reason: `the queue of ${event.topic} is full` }));
      }
      // What a handler gets is what a wire would have brought: a copy without what JSON can't hold.
      const copy = JSON.parse(JSON.stringify(event)) as BusEvent;
      for (const queue of queues) queue.push({ event: copy, deliveries: 0 });
      return Promise.resolve();
    },
    subscribe({ topics, group, handler }): Subscription {
      const readers: { topic: string; queue: Queue; reader: TwinReader }[] = [];
      return {
        name: `subscription ${group ?? 'broadcast'} of ${topics.join(', ')}`,
        start: () => {
          for (const topic of topics) {
            const queue = group === undefined ? joinBroadcast(topic) : joinGroup(topic, group);
            readers.push({ topic, queue, reader: createTwinReader({ queue, handler, redeliver: group !== undefined }) });
          }
          return Promise.resolve();
        },
        stop: async () => {
          for (const { topic, queue } of readers) broadcasts.get(topic)?.delete(queue);
          await Promise.all(readers.splice(0).map(({ reader }) => reader.stop()));
        },
      };
    },
    healthy: () => true,
  };
}
